// The other declarations of the same organisation.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type FragmentType, readFragment } from '../../graphql/gql/fragment-masking'
import { RowPartsFragmentDoc } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatDate, formatDeclarationNumber } from '../../lib/format'
import { StarMark, StateChip } from '../chips'

export function Others({ others }: { others: FragmentType<typeof RowPartsFragmentDoc>[] }) {
  const { t } = useTranslation()
  return <RecordList id="others" title={t('record.others')} rows={others} />
}

/** Declarations under a heading; nothing where there are none. */
export function RecordList({ id, title, rows }: { id: string; title: string; rows: readonly FragmentType<typeof RowPartsFragmentDoc>[] }) {
  if (rows.length === 0) return null
  return (
    <section aria-labelledby={id} data-print="keep">
      <h2 id={id} className="border-b border-line pb-1 text-sm text-muted">
        {title}
      </h2>
      <ul>
        {rows.map((other) => {
          const row = readFragment(RowPartsFragmentDoc, other)
          return (
            <li key={row.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line/60 py-1.5">
              <Link to="/declarations/$id" params={{ id: row.id }} className="num inline-flex min-h-6 items-center">
                {formatDeclarationNumber(row.number)}
              </Link>
              <StarMark star={row.star} />
              <StateChip state={row.state} />
              <span className="num text-sm text-muted">{formatDate(row.declaredOn, currentLanguage())}</span>
            </li>
          )
        })}
      </ul>
    </section>
  )
}
