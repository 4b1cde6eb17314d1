// The list: who wrote, what about, how the newest message begins, until when it is answered, and who takes care of it.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { InquiryRow } from '../../graphql/inquiries'
import { currentLanguage } from '../../i18n'
import { relativeTo, useNow } from '../../lib/relative'
import { Chip } from '../../ui/chip'
import { Icon } from '../../ui/icons'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import type { Choosing } from '../declarations/choose-rows'
import { useSession } from '../session'
import { ClosedWords, Due, rowWord, senderWord, StatusChip, SubjectChanged, whenShort } from './words'

function Words({ heading }: Pick<InquiryRow, 'heading'>) {
  const { t } = useTranslation()
  if (!heading) return <span className="text-muted">{t('inquiries.unreadable')}</span>
  if (heading.__typename !== 'InquiryHeading') return <ClosedWords closed={heading} />
  return (
    <>
      <span className="line-clamp-2 font-bold">
        <TypedText text={heading.subject || t('inquiries.noSubject')} />
      </span>
      <span className="truncate text-muted">
        <TypedText text={heading.snippet || t('inquiries.emptyText')} />
      </span>
    </>
  )
}

function Marks({ row }: { row: InquiryRow }) {
  const { t } = useTranslation()
  const { staff } = useSession()
  return (
    <span className="flex flex-wrap items-center gap-x-1.5 gap-y-1">
      {row.status !== 'OPEN' && row.status !== 'SNOOZED' && <StatusChip status={row.status} />}
      <Due inquiry={row} />
      {row.isSubjectChanged && <SubjectChanged />}
      {row.kind !== 'HUMAN' && (
        <Chip tone="past" icon={row.kind === 'UNREADABLE' ? 'flag' : 'info'} title={t(`inquiries.kindHelp.${row.kind}`)}>
          {t(`inquiries.kind.${row.kind}`)}
        </Chip>
      )}
      <span className="inline-flex max-w-full items-center gap-1 text-xs text-muted">
        <Icon name="user" className="size-3.5" />
        {row.assigneeId === staff.id ? t('inquiries.byMe') : row.assignee ? <TypedText text={row.assignee} /> : t('inquiries.nobody')}
      </span>
      {row.attachments > 0 && <span className="text-xs text-muted">{t('inquiries.files', { count: row.attachments })}</span>}
      {row.notes > 0 && <span className="text-xs text-muted">{t('inquiries.notes', { count: row.notes })}</span>}
      {row.tags.map((tag) => (
        <span key={tag} className="rounded-sm border border-line px-1 text-xs text-muted">
          {t(`inquiries.tag.${tag}`)}
        </span>
      ))}
    </span>
  )
}

/** Its own place beside the link: a press on the row opens it, a press here chooses it. */
function Choose({ row, choosing }: { row: InquiryRow; choosing: Choosing }) {
  const { t } = useTranslation()
  return (
    <label className="flex w-9 shrink-0 cursor-pointer items-start justify-center pt-2.5 touch:w-11">
      <input
        type="checkbox"
        className="size-5 accent-accent"
        aria-label={t('desk.bulk.one', { subject: rowWord(row, t) })}
        checked={choosing.chosen.has(row.id)}
        onChange={(event) => choosing.choose(row.id, event.target.checked, (event.nativeEvent as MouseEvent).shiftKey)}
      />
    </label>
  )
}

function Row({ row, isOpen, choosing }: { row: InquiryRow; isOpen: boolean; choosing?: Choosing }) {
  const { t } = useTranslation()
  const now = useNow()
  const mark = { 'aria-current': isOpen ? ('true' as const) : undefined }
  const sender = row.heading?.__typename === 'InquiryHeading' ? senderWord(row.heading, t) : undefined
  return (
    <li className={`flex border-b border-line ${choosing?.chosen.has(row.id) ? 'bg-selected' : ''}`}>
      {choosing && <Choose row={row} choosing={choosing} />}
      <Link
        from="/inquiries"
        to="/inquiries"
        search={(old) => ({ ...old, id: row.id, do: undefined })}
        resetScroll={false}
        data-row-link={row.id}
        activeOptions={{ exact: true }}
        activeProps={mark}
        inactiveProps={mark}
        className="flex min-w-0 flex-1 flex-col gap-0.5 border-l-4 border-transparent py-2 pr-3 pl-2 text-sm leading-snug text-text no-underline outline-offset-[-2px] hover:bg-hover aria-[current=true]:border-accent aria-[current=true]:bg-selected"
      >
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate">{sender && <TypedText text={sender} />}</span>
          <time dateTime={row.lastMessageAt} title={whenShort(row.lastMessageAt)} className="num shrink-0 text-xs text-muted">
            {relativeTo(row.lastMessageAt, now, currentLanguage())}
          </time>
        </span>
        <Words heading={row.heading} />
        <Marks row={row} />
      </Link>
    </li>
  )
}

const SkeletonRow = () => (
  <li className="flex flex-col gap-1.5 border-b border-line px-3 py-2.5">
    <Skeleton className="w-1/3" />
    <Skeleton className="w-3/4" />
    <Skeleton className="w-1/2" />
  </li>
)

interface Props {
  /** Undefined while they load. */
  rows: readonly InquiryRow[] | undefined
  /** Rows of an earlier question, shown until the new answer comes. */
  stale: boolean
  openId: string | undefined
  /** Left out for those who can do nothing with rows that are chosen. */
  choosing?: Choosing
}

export function InquiryRows({ rows, stale, openId, choosing }: Props) {
  const { t } = useTranslation()
  return (
    <ol aria-label={t('inquiries.list')} aria-busy={stale || rows === undefined} className={stale ? 'opacity-60' : ''}>
      {rows ? rows.map((row) => <Row key={row.id} row={row} isOpen={row.id === openId} choosing={choosing} />) : Array.from({ length: 6 }, (_, index) => <SkeletonRow key={index} />)}
    </ol>
  )
}
