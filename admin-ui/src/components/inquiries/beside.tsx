// Beside the thread where there is room, folded under its facts where there is not: whom it may be about, what else they wrote, what was
// sent to them, and which answers there are already.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type FoundDeclaration, type InquiryContextShown, inquiryContextQuery } from '../../graphql/inquiry-context'
import type { InquiryRecord } from '../../graphql/inquiries'
import { may } from '../../graphql/session'
import { formatDeclarationNumber } from '../../lib/format'
import { Button, buttonClass } from '../../ui/button'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import { StarMark, StateChip } from '../chips'
import { useNoCommand } from '../declarations/record-head'
import { FaultBand } from '../fault'
import { ClosedNote, MailStateChip } from '../mail/words'
import { NameNote, useNameText } from '../name'
import { useSession } from '../session'
import { Answers } from './beside-answers'
import { BesideSection } from './beside-section'
import { Others } from './others'
import type { Deeds } from './work'
import { whenShort } from './words'

interface Props {
  record: InquiryRecord
  deeds: Deeds
  mayWork: boolean
  /** Left out for whoever may not answer it. */
  onInsert?: (text: string) => void
}

const Lines = () => (
  <div className="flex flex-col gap-2 py-1">
    <Skeleton className="w-3/4" />
    <Skeleton className="w-1/2" />
  </div>
)

interface DeclarationProps {
  found: FoundDeclaration
  isLinked: boolean
  /** Left out for whoever may not say what it is about. */
  link?: () => void
  /** The inquiry that a change rests on; left out where nothing can. */
  inquiry?: string
}

function Declaration({ found: { row, matchedBy }, isLinked, link, inquiry }: DeclarationProps) {
  const { t } = useTranslation()
  const name = useNameText()(row)
  const number = formatDeclarationNumber(row.number)
  const reasons = [...(isLinked ? (['LINKED'] as const) : []), ...matchedBy.filter((reason) => reason !== 'LINKED')]
  return (
    <li className="flex flex-col gap-1 border-b border-line/60 py-1.5 last:border-0">
      <span className="flex items-start gap-1">
        <Link to="/declarations/$id" params={{ id: row.id }} className="line-clamp-2 min-w-0">
          <TypedText text={name} />
        </Link>
        <NameNote name={row.name} />
      </span>
      <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <span className="num text-muted">{number}</span>
        <StarMark star={row.star} />
        <StateChip state={row.state} />
      </span>
      <ul aria-label={t('desk.matchLabel')} className="flex flex-wrap gap-1">
        {reasons.map((reason) => (
          <li key={reason} className={`rounded-sm border px-1 text-xs ${reason === 'LINKED' ? 'border-accent bg-selected text-link' : 'border-line text-muted'}`}>
            {t(`desk.match.${reason}`)}
          </li>
        ))}
      </ul>
      <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
        {inquiry !== undefined && (
          <Link to="/declarations/$id/do" params={{ id: row.id }} search={{ inquiry }} aria-label={t('desk.changeOf', { number })} className={buttonClass('secondary', false, 'sm')}>
            {t('desk.change')}
          </Link>
        )}
        {link && !isLinked && (
          <Button size="sm" icon="plus" className="self-start" aria-label={t('desk.linkOf', { number })} onClick={link}>
            {t('desk.link')}
          </Button>
        )}
      </span>
    </li>
  )
}

function Declarations({ record, deeds, mayWork, shown }: Props & { shown: InquiryContextShown }) {
  const { t } = useTranslation()
  // What was linked a moment ago is known here before it is asked for again.
  const isLinked = (id: string) => record.declarations.some((item) => item.id === id)
  const found = shown.declarations.toSorted((one, other) => Number(isLinked(other.row.id)) - Number(isLinked(one.row.id)))
  const refused = useNoCommand(true)
  const canRest = refused === undefined && record.status !== 'MERGED' && record.status !== 'SPAM'
  const link = (id: string) => () => deeds.act({ change: { linkDeclaration: id }, told: t('inquiries.done.linked') })
  return (
    <>
      {found.length === 0 ? (
        <p className="text-muted">{t('desk.none.declarations')}</p>
      ) : (
        <ul>
          {found.map((item) => (
            <Declaration key={item.row.id} found={item} isLinked={isLinked(item.row.id)} link={mayWork && record.status !== 'MERGED' ? link(item.row.id) : undefined} inquiry={canRest ? record.id : undefined} />
          ))}
        </ul>
      )}
      {!shown.isComplete && <p className="text-xs text-muted">{t('desk.incomplete')}</p>}
    </>
  )
}

function Mails({ shown }: { shown: InquiryContextShown }) {
  const { t } = useTranslation()
  const session = useSession()
  if (!may(session, 'READ_OPERATIONS') || !may(session, 'READ_PERSONAL'))
    return <p className="text-muted">{t('desk.none.mailsNoRight', { operations: t('permission.READ_OPERATIONS'), personal: t('permission.READ_PERSONAL') })}</p>
  if (shown.mails.length === 0) return <p className="text-muted">{t('desk.none.mails')}</p>
  return (
    <ul>
      {shown.mails.map((mail) => (
        <li key={mail.id} className="flex flex-col gap-0.5 border-b border-line/60 py-1.5 last:border-0">
          <Link to="/settings/mail/$id" params={{ id: mail.id }} className="line-clamp-2 min-h-6">
            {mail.heading.__typename === 'MailHeading' ? <TypedText text={mail.heading.subject || t('inquiries.noSubject')} /> : <ClosedNote closed={mail.heading} />}
          </Link>
          <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <MailStateChip state={mail.state} />
            <time dateTime={mail.changedAt} className="num text-muted">
              {whenShort(mail.changedAt)}
            </time>
          </span>
        </li>
      ))}
    </ul>
  )
}

const messagesOf = ({ entries }: InquiryRecord) => entries.filter(({ message }) => message).length

/** `withOthers`: other inquiries of the same people, too, where the facts do not show them. */
export function Beside({ withOthers, ...props }: Props & { withOthers: boolean }) {
  const { t } = useTranslation()
  const { record, mayWork } = props
  const { data, error, refetch } = useQuery(inquiryContextQuery(record.id, messagesOf(record)))
  if (error && !data) return <FaultBand error={error} onRetry={() => void refetch()} />
  // The inquiry is on the screen: that it is gone is told there.
  if (data === null) return null
  return (
    <div aria-busy={!data} className={`grid min-w-0 grid-cols-1 gap-x-6 gap-y-4 text-sm leading-normal ${withOthers ? '' : 'lg:grid-cols-2'}`}>
      <BesideSection title={t('desk.besideOf.declarations')}>{data ? <Declarations {...props} shown={data} /> : <Lines />}</BesideSection>
      {data ? <Answers answers={data.answers} onInsert={props.onInsert} /> : <BesideSection title={t('desk.besideOf.answers')}><Lines /></BesideSection>}
      {withOthers && (
        <BesideSection title={t('desk.besideOf.others')}>{record.otherIds.length > 0 ? <Others record={record} mayWork={mayWork} /> : <p className="text-muted">{t('desk.none.others')}</p>}</BesideSection>
      )}
      <BesideSection title={t('desk.besideOf.mails')}>{data ? <Mails shown={data} /> : <Lines />}</BesideSection>
    </div>
  )
}
