// What is suspected of a declaration and nobody has decided about yet, with the way into each queue.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { Suspicion } from '../../graphql/declaration'
import { Band } from '../../ui/band'
import { TypedText } from '../../ui/typed-text'
import { rulesWord, slugOf } from '../reviews/words'

export function Suspicions({ rows }: { rows: readonly Suspicion[] }) {
  const { t } = useTranslation()
  if (rows.length === 0) return null
  return (
    <Band tone="warn" role="note" label={t('reviews.title')} icon="flag">
      <p>{t('reviews.ofRecord', { count: rows.length })}</p>
      <ul className="text-sm">
        {rows.map((row) => (
          <li key={row.id} className="flex flex-wrap items-center gap-x-3">
            <span>
              <Link to="/reviews/$kind/$id" params={{ kind: slugOf(row.kind), id: row.id }} className="inline-flex min-h-6 items-center font-bold touch:min-h-11">
                {t(`reviews.kind.${row.kind}`)}
              </Link>
              {t('reviews.ofRecordRule', { rules: rulesWord(row, t) })}
            </span>
            {row.claim && (
              <span>
                <TypedText text={t('reviews.ofRecordClaimed', { name: row.claim.by.name })} />
              </span>
            )}
          </li>
        ))}
      </ul>
    </Band>
  )
}
