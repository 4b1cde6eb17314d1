// Who else has the record open, and what they change: it is read again at once, and told whose change it was.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { declarationKey, declarationQuery, type DeclarationRecord } from '../../graphql/declaration'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { DeclarationWatchedDocument, HistoryPartsFragmentDoc } from '../../graphql/gql/graphql'
import { watch } from '../../graphql/live'
import { Icon } from '../../ui/icons'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { useSession } from '../session'

interface Viewer {
  id: string
  name: string
}

/** Where the newest entry stands that is shown. Positions are longer than a number of JavaScript is exact. */
export const newestPosition = (history: readonly { position: string }[]): bigint => history.reduce((newest, { position }) => (BigInt(position) > newest ? BigInt(position) : newest), 0n)

export function Watching({ record }: { record: DeclarationRecord }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const me = useSession().staff.name
  const [others, setOthers] = useState<readonly Viewer[]>([])
  const { id } = record
  const shown = useRef(0n)
  useEffect(() => {
    shown.current = newestPosition(record.history)
  }, [record.history])
  useEffect(() => {
    const readAgain = async () => {
      const before = shown.current
      await client.invalidateQueries({ queryKey: ['declaration', id] })
      const read = client.getQueryData(declarationQuery(id).queryKey)
      if (read?.__typename !== 'Declaration') return
      const newer = read.history.filter(({ position }) => BigInt(position) > before).map((entry) => readFragment(HistoryPartsFragmentDoc, entry))
      const other = newer.find(({ actor }) => actor.name !== me)
      if (other) toast(t('watching.changed', { name: other.actor.name }))
    }
    return watch(DeclarationWatchedDocument, { id, after: String(shown.current) }, {
      change: ({ declarationWatched: told }) => {
        setOthers(told.others)
        // One's own change is shown already when the server tells of it, or is about to be.
        if (BigInt(told.position) > shown.current && client.isFetching({ queryKey: declarationKey(id) }) === 0) void readAgain()
      },
      end: () => setOthers([]),
    })
  }, [client, id, me, t])
  return (
    <p role="status" className="flex min-h-8 items-center gap-1.5 text-sm" data-print="hide">
      {others.length > 0 && (
        <>
          <Icon name="audit" />
          <TypedText text={t('watching.others', { names: others.map(({ name }) => name).join(t('app.separator')) })} />
        </>
      )}
    </p>
  )
}
