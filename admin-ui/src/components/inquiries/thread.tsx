// One inquiry: its head, the thread, and under it what is done: an answer, a note, or the buttons for both. Each has a key.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { inquiryQuery, type InquiryRecord, withdrawReply } from '../../graphql/inquiries'
import { may } from '../../graphql/session'
import { useCommandId } from '../../lib/command-id'
import { goesOn } from '../../lib/inquiries'
import { useKeys } from '../../lib/keys'
import { useMedia } from '../../lib/media'
import { spelledOut } from '../../lib/typed-text'
import { Band } from '../../ui/band'
import { Button, IconButton } from '../../ui/button'
import { Skeleton } from '../../ui/loading'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { FaultBand, FaultBlock } from '../fault'
import { DeedFault } from '../operations/deed'
import { useWindowTitle } from '../page'
import { useSession } from '../session'
import { beginReply, insertInReply } from './begin'
import { Beside } from './beside'
import { CharsetSheet } from './charset'
import { anyDraft, changeDesk, deskKey, useDesk } from './desk-state'
import { DraftCard } from './draft-card'
import { Entries } from './entries'
import { Belonging, ThreadFacts, ThreadHead } from './facts'
import { NoteComposer } from './note'
import { ReplyComposer } from './reply'
import { type SheetDeed, SHEETS } from './sheet-fields'
import { DeedSheet } from './sheets'
import { Watching } from './watching'
import { useDeeds, useRefusal, useSettle } from './work'
import { titleOf } from './words'

/** An answer that waits is called off from the thread, too. */
function useCallOff(record: InquiryRecord) {
  const { t } = useTranslation()
  const commandId = useCommandId()
  const settle = useSettle(record)
  const refusal = useRefusal()
  const [refused, setRefused] = useState<string>()
  const callOff = useMutation({
    mutationFn: (mailId: string) => withdrawReply(commandId([mailId, record.version]), record, mailId),
    onMutate: () => setRefused(undefined),
    onSuccess: (outcome) => {
      setRefused(refusal(outcome))
      settle(outcome)
      if ('done' in outcome) toast(t('inquiries.entry.REPLY_WITHDRAWN'))
    },
  })
  return { callOff, refused }
}

/** Leaving the console asks first when something is written; looking at another inquiry keeps it. */
function useKeepDrafts() {
  useEffect(() => {
    const ask = (event: BeforeUnloadEvent) => {
      if (anyDraft()) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [])
}

interface BarProps {
  record: InquiryRecord
  off: string | undefined
  hasReply: boolean
  hasNote: boolean
  onReply: () => void
  onNote: () => void
  onMe: () => void
  onClose: () => void
  onReopen: () => void
  isMine: boolean
}

/** What is done most, always in the same place. */
function WorkBar({ record, off, hasReply, hasNote, onReply, onNote, onMe, onClose, onReopen, isMine }: BarProps) {
  const { t } = useTranslation()
  const { status } = record
  const over = status === 'CLOSED' || status === 'SPAM' || status === 'MERGED' ? t(`inquiries.isOver.${status}`) : undefined
  return (
    <div role="group" aria-label={t('inquiries.work')} className="flex flex-wrap items-center gap-2 px-4 py-2.5">
      <Button look="primary" icon="mail" reason={off ?? (status === 'SPAM' || status === 'MERGED' ? over : undefined)} onClick={onReply}>
        {t('inquiries.deed.reply')}
      </Button>
      <Button icon="edit" reason={off ?? (status === 'MERGED' ? over : undefined)} onClick={onNote}>
        {t('inquiries.deed.note')}
      </Button>
      <Button icon="user" reason={off ?? over ?? (isMine ? t('inquiries.isMine') : undefined)} onClick={onMe}>
        {t('inquiries.deed.assignMe')}
      </Button>
      {status === 'CLOSED' ? (
        <Button icon="play" reason={off} onClick={onReopen}>
          {t('inquiries.deed.reopen')}
        </Button>
      ) : (
        <Button icon="check" reason={off ?? over} onClick={onClose}>
          {t('inquiries.deed.close')}
        </Button>
      )}
      {hasReply && <span className="text-sm text-muted">{t('inquiries.hasDraft')}</span>}
      {hasNote && <span className="text-sm text-muted">{t('inquiries.hasNote')}</span>}
    </div>
  )
}

interface MoreProps {
  record: InquiryRecord
  off: string | undefined
  onSheet: (deed: SheetDeed) => void
  onWake: () => void
  onSpam: (isSpam: boolean) => void
}

/** What is done less often: small, over the thread. */
function MoreDeeds({ record: { id, status, entries }, off, onSheet, onWake, onSpam }: MoreProps) {
  const { t } = useTranslation()
  if (status === 'MERGED') return null
  const going = goesOn(status)
  // What came with another inquiry that was merged into it stays.
  const messages = entries.filter(({ message, inquiryId }) => message && inquiryId === id).length
  const sheets: readonly SheetDeed[] = [...(going ? (['assign'] as const) : []), 'tag', ...(going && status !== 'SNOOZED' ? (['snooze'] as const) : []), 'link', ...(messages > 1 && status !== 'SPAM' ? (['split'] as const) : [])]
  return (
    <div className="-mx-2 flex flex-wrap items-center gap-x-1" data-print="hide">
      {sheets.map((deed) => (
        <Button key={deed} look="plain" size="sm" reason={off} onClick={() => onSheet(deed)}>
          {t(`inquiries.deed.${deed}`)}
        </Button>
      ))}
      {status === 'SNOOZED' && (
        <Button look="plain" size="sm" reason={off} onClick={onWake}>
          {t('inquiries.deed.wake')}
        </Button>
      )}
      <Button look="plain" size="sm" reason={off} onClick={() => onSpam(status !== 'SPAM')}>
        {t(status === 'SPAM' ? 'inquiries.deed.notSpam' : 'inquiries.deed.spam')}
      </Button>
    </div>
  )
}

/** So much of what is before it stays in sight. */
const ABOVE_PX = 48
const BELOW_PX = 12

/** After it is opened, after something came, and when an answer is begun: the newest is in sight, with as much before it as there is room for. */
function useNewestInSight(record: InquiryRecord, writes: string | undefined) {
  const region = useRef<HTMLDivElement>(null)
  const seen = useRef<string>(undefined)
  useEffect(() => {
    const mark = [record.id, record.entries.filter(({ message, note, reply }) => message || note || reply).length, writes].join(' ')
    if (seen.current === mark || !region.current) return
    seen.current = mark
    const cards = region.current.querySelectorAll<HTMLElement>('[data-card]')
    const newest = cards[cards.length - 1]
    if (cards.length > 1 && newest) region.current.scrollTop = Math.min(newest.offsetTop - ABOVE_PX, newest.offsetTop + newest.offsetHeight + BELOW_PX - region.current.clientHeight)
  })
  return region
}

function useKeyed(keys: Record<'r' | 'n' | 'a' | 'e', () => void>, on: boolean) {
  const run = (act: () => void) => (event: KeyboardEvent) => {
    if (!on) return
    // The letter must not arrive in the field that takes the focus.
    event.preventDefault()
    act()
  }
  useKeys(Object.fromEntries(Object.entries(keys).map(([key, act]) => [key, run(act)])))
}

/** Where the thread has a column beside it. */
const WIDE = '(min-width: 96rem)'

/** The column itself; on paper it would take room from what was written. */
function BesideColumn(props: Parameters<typeof Beside>[0]) {
  const { t } = useTranslation()
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
    <aside aria-label={t('desk.beside')} tabIndex={0} className="w-76 shrink-0 overflow-auto border-l border-line px-3 py-2 outline-offset-[-2px]" data-print="hide">
      <Beside {...props} />
    </aside>
  )
}

function BesideFolded(props: Parameters<typeof Beside>[0]) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)} className="rounded-md border border-line px-3 py-1" data-print="hide">
      <summary className="min-h-6 w-fit cursor-pointer text-sm font-bold touch:min-h-11">{t('desk.beside')}</summary>
      {/* What nobody looks at is not asked for: each asking is noted as a read. */}
      {open && (
        <div className="pt-1 pb-2">
          <Beside {...props} />
        </div>
      )}
    </details>
  )
}

function Loaded({ record, onBack }: { record: InquiryRecord; onBack: () => void }) {
  const { t } = useTranslation()
  const session = useSession()
  const mayWork = may(session, 'MANAGE_INQUIRIES')
  const key = deskKey(session.staff.id, record.id)
  const { writes, reply, note, fresh } = useDesk(key)
  const deeds = useDeeds(record)
  const { callOff, refused } = useCallOff(record)
  // In the address, so that the question before what was typed is lost stands before every way out of it.
  const navigate = useNavigate({ from: '/inquiries' })
  const asked = useSearch({ from: '/shell/inquiries' }).do
  const sheet = mayWork ? SHEETS.find((item) => item === asked) : undefined
  const setSheet = (next: SheetDeed | undefined) => void navigate({ search: (old) => ({ ...old, do: next }), resetScroll: false })
  const [mends, setMends] = useState<string>()
  const region = useNewestInSight(record, writes)
  useWindowTitle(spelledOut(titleOf(record, t)), t('inquiries.title'))
  const { status } = record
  const off = mayWork ? (deeds.pending ? t('inquiries.working') : undefined) : t('inquiries.noRight')
  const isMine = record.assigneeId === session.staff.id
  const mayReply = mayWork && status !== 'SPAM' && status !== 'MERGED'
  const onReply = (answersId?: string) => mayReply && beginReply(key, record, answersId)
  const onNote = () => status !== 'MERGED' && changeDesk(key, { writes: 'note', note: note ?? { text: '', mentionedIds: [] } })
  const onMe = () => goesOn(status) && !isMine && deeds.act({ change: { assign: { assigneeId: session.staff.id } }, told: t('inquiries.done.assignedMe') })
  const onClose = () => goesOn(status) && setSheet('close')
  useKeyed({ r: onReply, n: onNote, a: onMe, e: onClose }, off === undefined)
  const message = record.entries.find((entry) => entry.message?.id === mends)?.message
  const why = deeds.refused ?? refused
  const isWide = useMedia(WIDE)
  const beside = { record, deeds, mayWork, withOthers: isWide, onInsert: mayReply ? (text: string) => insertInReply(key, record, text) : undefined }
  return (
    <div className="flex min-h-0 min-w-0 flex-1">
      <div className="flex min-w-0 flex-1 flex-col">
        <ThreadHead record={record} others={<Watching record={record} />}>
          <IconButton icon="close" label={t('inquiries.toList')} onClick={onBack} />
        </ThreadHead>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
        <div ref={region} role="region" aria-labelledby="inquiry" tabIndex={0} className="relative flex min-h-0 flex-1 flex-col gap-3 overflow-auto px-4 pt-1.5 pb-3 outline-offset-[-2px]">
          {mayWork && <MoreDeeds record={record} off={off} onSheet={setSheet} onWake={() => deeds.act({ change: { wake: true }, told: t('inquiries.done.woken') })} onSpam={(isSpam) => deeds.act({ change: { spam: isSpam }, told: t(isSpam ? 'inquiries.done.spam' : 'inquiries.done.notSpam'), back: isSpam ? { spam: false } : undefined })} />}
          <ThreadFacts record={record} deeds={deeds} mayWork={mayWork} others={!isWide} />
          {!isWide && <BesideFolded {...beside} />}
          <Belonging record={record} mayWork={mayWork} />
          <Entries
            record={record}
            fresh={fresh}
            deeds={{ onAnswer: mayReply ? onReply : undefined, onMend: mayWork && status !== 'MERGED' ? setMends : undefined, onCallOff: mayWork ? (mailId) => !callOff.isPending && callOff.mutate(mailId) : undefined, pending: callOff.isPending }}
          />
          {writes !== 'reply' && <DraftCard record={record} mayReply={mayReply} />}
        </div>
        <div data-docked className="flex max-h-[60%] shrink-0 flex-col overflow-auto border-t border-line bg-surface" data-print="hide">
          {mayWork && record.isMentioned && (
            <Band
              tone="info"
              actions={
                <Button size="sm" reason={off} onClick={() => deeds.act({ change: { seeMention: true }, told: t('inquiries.done.mentionSeen') })}>
                  {t('inquiries.haveLooked')}
                </Button>
              }
            >
              {t('inquiries.askedToLook')}
            </Band>
          )}
          {why !== undefined && (
            <Band tone="warn" role="alert">
              <TypedText text={why} />
            </Band>
          )}
          <DeedFault error={deeds.error ?? callOff.error} />
          {!mayWork && <p className="px-4 py-2.5 text-sm text-muted">{t('inquiries.noRight')}</p>}
          {mayWork && writes === 'reply' && reply && <ReplyComposer key={reply.answersId} deskKey={key} record={record} draft={reply} />}
          {mayWork && writes === 'note' && note && <NoteComposer deskKey={key} record={record} draft={note} />}
          {mayWork && !writes && <WorkBar record={record} off={off} isMine={isMine} hasReply={Boolean(reply?.text.trim())} hasNote={Boolean(note?.text.trim())} onReply={() => onReply()} onNote={onNote} onMe={onMe} onClose={onClose} onReopen={() => deeds.act({ change: { reopen: true }, told: t('inquiries.done.reopened') })} />}
        </div>
      </div>
      {isWide && <BesideColumn {...beside} />}
      {sheet && <DeedSheet deed={sheet} record={record} onLeave={() => setSheet(undefined)} />}
      {message && <CharsetSheet record={record} message={message} onLeave={() => setMends(undefined)} />}
    </div>
  )
}

function Loading() {
  return (
    <div className="flex flex-col gap-4 px-4 py-3">
      <Skeleton className="h-7 w-2/3" />
      <Skeleton className="w-1/3" />
      <Skeleton className="h-24 w-full" />
      <Skeleton className="h-40 w-full" />
    </div>
  )
}

/** `newest`: the version that the list knows. */
export function Thread({ id, newest, onBack }: { id: string; newest: string | undefined; onBack: () => void }) {
  const { t } = useTranslation()
  const { data, error, isFetching, refetch } = useQuery(inquiryQuery(id))
  useKeepDrafts()
  // The list is asked again by itself; the thread, whose every asking is noted as a read, when the list knows more.
  const isBehind = data !== undefined && data !== null && newest !== undefined && BigInt(newest) > BigInt(data.version)
  useEffect(() => {
    if (isBehind && !isFetching) void refetch()
  }, [isBehind, isFetching, refetch])
  if (data === null)
    return (
      <section className="mx-auto my-10 max-w-2xl px-4" role="alert">
        <h2 className="text-xl">{t('inquiries.notFoundTitle')}</h2>
        <p className="mt-2 mb-4">{t('inquiries.notFound')}</p>
        <Button onClick={onBack}>{t('inquiries.toList')}</Button>
      </section>
    )
  if (error && !data) return <FaultBlock error={error} onRetry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <>
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <Loaded record={data} onBack={onBack} />
    </>
  )
}
