// Where a number leads: what took the place of a declaration, and whose place it took.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { DeclarationRecord } from '../../graphql/declaration'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { RowPartsFragmentDoc } from '../../graphql/gql/graphql'
import { formatDeclarationNumber } from '../../lib/format'
import { Band } from '../../ui/band'
import { buttonClass } from '../../ui/button'
import { TypedText } from '../../ui/typed-text'
import { useNameText } from '../name'
import { RecordList } from './others'

/** Over a declaration that something took the place of. */
export function ReplacedBand({ record }: { record: DeclarationRecord }) {
  const { t } = useTranslation()
  const nameText = useNameText()
  const by = record.supersededBy ?? record.mergedInto
  if (!by) return null
  const row = readFragment(RowPartsFragmentDoc, by)
  return (
    <Band
      tone="info"
      role="note"
      icon="swap"
      actions={
        <Link to="/declarations/$id" params={{ id: row.id }} search={{}} className={`${buttonClass('secondary', false, 'sm')} text-text!`}>
          {t('record.toReplacement')}
        </Link>
      }
    >
      <TypedText text={t(record.supersededBy ? 'record.supersededBy' : 'record.mergedInto', { number: formatDeclarationNumber(row.number), name: nameText(row) })} />
    </Band>
  )
}

/** Those whose place it took: their numbers lead here, and their histories, notes and documents stay with them. */
export function Replaces({ record }: { record: DeclarationRecord }) {
  const { t } = useTranslation()
  return (
    <>
      <RecordList id="supersedes" title={t('record.supersedes')} rows={record.supersedes} />
      <RecordList id="absorbed" title={t('record.absorbed')} rows={record.absorbed} />
    </>
  )
}
