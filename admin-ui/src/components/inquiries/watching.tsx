// What happens at the desk while somebody looks at it: who else is in the thread, what they did, and that the queues have moved.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { InquiriesMovedDocument, InquiryWatchedDocument } from '../../graphql/gql/graphql'
import { heardOf, inquiryQuery, type InquiryEntry, type InquiryRecord } from '../../graphql/inquiries'
import { INQUIRIES_KEY } from '../../graphql/inquiry-counts'
import { watch } from '../../graphql/live'
import { isLater } from '../../lib/inquiries'
import { throttled } from '../../lib/throttle'
import { Icon } from '../../ui/icons'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { useSession } from '../session'

/** Whatever happens, neither the list nor the thread is asked for more often: each asking is noted as a read. */
const PAUSE_MS = 2_000
/** The answer to what one did oneself is mostly on its way when the server tells of it. */
const OWN_MS = 300

interface Viewer {
  id: string
  name: string
}

/** Whom or what to tell of among what is new: nothing of what one did oneself, and not every pause in somebody's typing. */
function newsOf(entries: readonly InquiryEntry[], me: string) {
  if (entries.some(({ message }) => message)) return { arrived: true } as const
  const other = entries.find(({ by, kind }) => by.kind === 'STAFF' && by.name !== me && kind !== 'DRAFT_SAVED')
  return other && ({ name: other.by.name } as const)
}

/** Who else has the thread open. It is read again when it moved. */
export function Watching({ record }: { record: InquiryRecord }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const me = useSession().staff.name
  const [others, setOthers] = useState<readonly Viewer[]>([])
  const { id } = record
  const shown = useRef(record.version)
  useEffect(() => {
    shown.current = record.version
  }, [record.version])
  useEffect(() => {
    const { queryKey } = inquiryQuery(id)
    let told = shown.current
    let timer: ReturnType<typeof setTimeout> | undefined
    const readAgain = async () => {
      const before = shown.current
      if (!isLater(told, before) || client.isFetching({ queryKey }) > 0) return
      await client.invalidateQueries({ queryKey })
      const news = newsOf(client.getQueryData(queryKey)?.entries.filter(({ position }) => isLater(position, before)) ?? [], me)
      if (news) toast('arrived' in news ? t('desk.live.arrived') : t('watching.changed', { name: news.name }))
    }
    const reading = throttled(() => void readAgain(), PAUSE_MS)
    const later = () => {
      clearTimeout(timer)
      timer = setTimeout(() => (client.isMutating() > 0 ? later() : reading.want()), OWN_MS)
    }
    const stop = watch(InquiryWatchedDocument, { id, shown: shown.current }, {
      change: ({ inquiryWatched }) => {
        setOthers(inquiryWatched.others)
        told = inquiryWatched.position
        if (isLater(told, shown.current)) later()
      },
      end: () => setOthers([]),
    })
    return () => {
      stop()
      clearTimeout(timer)
      reading.stop()
    }
  }, [client, id, me, t])
  if (others.length === 0) return null
  return (
    <span className="inline-flex items-center gap-1.5 text-sm">
      <Icon name="audit" />
      <TypedText text={t('desk.live.others', { names: others.map(({ name }) => name).join(t('app.separator')) })} />
    </span>
  )
}

/** The queues and the list are read again when something happened at the desk. */
export function useDeskWatch() {
  const client = useQueryClient()
  useEffect(() => {
    const reading = throttled(() => {
      for (const kind of ['list', 'counts']) void client.invalidateQueries({ queryKey: [...INQUIRIES_KEY, kind] })
    }, PAUSE_MS)
    const stop = watch(InquiriesMovedDocument, {}, {
      change: ({ inquiriesMoved }) => {
        heardOf(inquiriesMoved)
        reading.want()
      },
      // The list goes on asking by itself from time to time.
      end: () => {},
    })
    return () => {
      stop()
      reading.stop()
    }
  }, [client])
}
