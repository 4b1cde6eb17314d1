// Which answers of somebody who asks for a number fit what is registered, while they are typed.
import { queryOptions, skipToken, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { execute } from '../graphql/execute'
import { NumberMatchesDocument } from '../graphql/gql/graphql'
import { useDebounced } from '../lib/debounced'
import { ASKED_FIELDS } from '../lib/record-commands'
import { Band } from '../ui/band'
import { FieldError } from '../ui/field'
import { Icon } from '../ui/icons'
import type { CaseValues } from './case-form'

/** What was said so far, as the form names it. */
const saidSoFar = (values: CaseValues) =>
  ASKED_FIELDS.flatMap((field) => {
    const value = values[`asked_${field}`]?.trim() ?? ''
    return value === '' ? [] : [{ field, value }]
  })

const matchesQuery = (id: string, said: string) =>
  queryOptions({
    queryKey: ['number-matches', id, said],
    queryFn: said === '[]' ? skipToken : async ({ signal }) => (await execute(NumberMatchesDocument, { declarationId: id, asked: JSON.parse(said) as ReturnType<typeof saidSoFar> }, signal)).numberMatches ?? null,
    // It is about persons: nothing of it is kept.
    gcTime: 0,
  })

export function NumberMatches({ id, typed, error: wrong }: { id: string; typed: CaseValues; error?: string }) {
  const { t } = useTranslation()
  const said = useDebounced(JSON.stringify(saidSoFar(typed)), 400)
  const { data, error, refetch } = useQuery(matchesQuery(id, said))
  const asked = (JSON.parse(said) as ReturnType<typeof saidSoFar>).map(({ field }) => field)
  if (error) return <FaultBand error={error} onRetry={() => void refetch()} />
  return (
    <div id="asked" tabIndex={-1} role="status" className="flex flex-col gap-2 rounded-md border border-line bg-surface px-4 py-2.5">
      <p className="font-bold">{t('records.matches.title')}</p>
      {asked.length === 0 && <p className="text-sm text-muted">{t('records.matches.none')}</p>}
      <ul className="flex flex-wrap gap-x-4 gap-y-1 empty:hidden">
        {data && asked.map((field) => {
          const fits = data.fitting.includes(field)
          return (
            <li key={field} className="inline-flex items-center gap-1">
              <Icon name={fits ? 'check' : 'close'} className={`size-4 ${fits ? 'text-good' : 'text-bad'}`} />
              {t(fits ? 'records.matches.fits' : 'records.matches.differs', { field: t(`field.${field}`) })}
            </li>
          )
        })}
      </ul>
      <FieldError error={wrong} />
      {data && !data.hasAddress && (
        <Band tone="warn" role="note">
          {t('records.matches.noAddress')}
        </Band>
      )}
    </div>
  )
}
