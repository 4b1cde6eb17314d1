// The thread: what came in, what went out, what colleagues wrote to each other, and what was done, in the order in which it happened.
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { htmlAddress } from '../../graphql/inquiry-files'
import type { InquiryEntry, InquiryMessage, InquiryRecord, InquiryReply } from '../../graphql/inquiries'
import { charsetWord } from '../../lib/inquiries'
import { Button } from '../../ui/button'
import { Chip } from '../../ui/chip'
import { Icon } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { GuardedWords } from '../guarded-words'
import { MailStateChip } from '../mail/words'
import { actorWord } from '../operations/words'
import { EntryLine } from './entry-line'
import { Files, type MessageWords } from './files'
import { ClosedWords, senderWord, SubjectChanged, whenShort } from './words'

export interface EntryDeeds {
  /** Left out for whoever may only look. */
  onAnswer?: (messageId: string) => void
  onMend?: (messageId: string) => void
  onCallOff?: (mailId: string) => void
  /** A reply that is being called off. */
  pending: boolean
}

function Fresh({ isFresh }: { isFresh: boolean }) {
  const { t } = useTranslation()
  if (!isFresh) return null
  return (
    <Chip tone="warn" icon="flag">
      {t('inquiries.fresh')}
    </Chip>
  )
}

interface CardProps {
  look: string
  head: ReactNode
  at: string
  isFresh: boolean
  children: ReactNode
}

function Card({ look, head, at, isFresh, children }: CardProps) {
  return (
    <div data-card className={`flex min-w-0 flex-col gap-2 rounded-md border px-3.5 py-2.5 ${look}`}>
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        {head}
        <Fresh isFresh={isFresh} />
        <time dateTime={at} className="num ml-auto text-muted">
          {whenShort(at)}
        </time>
      </div>
      {children}
    </div>
  )
}

/** Where the lines begin that are quoted from before: long tails of them hide what is new. */
function tailOf(text: string): number {
  const lines = text.trimEnd().split('\n')
  let from = lines.length
  while (from > 0 && /^(>|\s*$)/.test(lines[from - 1] ?? '')) from -= 1
  return lines.slice(from).filter((line) => line.startsWith('>')).length >= 3 && from > 0 ? lines.slice(0, from).join('\n').length : text.length
}

function Text({ text }: { text: string }) {
  const { t } = useTranslation()
  const from = tailOf(text)
  const tail = text.slice(from).trim()
  if (text.trim() === '') return <p className="text-muted">{t('inquiries.emptyText')}</p>
  return (
    <div className="max-w-[48rem] break-words">
      <div className="whitespace-pre-wrap">
        <TypedText text={text.slice(0, from).trimEnd()} />
      </div>
      {tail !== '' && (
        <details className="mt-1 text-sm">
          <summary className="min-h-6 w-fit cursor-pointer text-muted touch:min-h-11">{t('inquiries.quoteHidden')}</summary>
          <div className="whitespace-pre-wrap text-muted">
            <TypedText text={tail} />
          </div>
        </details>
      )}
    </div>
  )
}

/** In the place of the text, for whoever asks for it. Nothing of it runs, and nothing in it comes from outside. */
function HtmlPart({ messageId }: { messageId: string }) {
  const { t } = useTranslation()
  return (
    <div className="flex max-w-[48rem] flex-col gap-1">
      {/* White also in the dark: people wrote it for paper. */}
      <iframe sandbox="" src={htmlAddress(messageId)} title={t('desk.html.title')} className="h-[min(60vh,32rem)] w-full resize-y rounded-sm border border-control bg-[white] scheme-light" />
      <p className="text-xs text-muted">{t('desk.html.help')}</p>
    </div>
  )
}

interface FootProps {
  message: InquiryMessage
  words: MessageWords
  deeds: EntryDeeds
  asHtml: boolean
  onHtml: (asHtml: boolean) => void
}

function MessageFoot({ message, words, deeds, asHtml, onHtml }: FootProps) {
  const { t } = useTranslation()
  return (
    <>
      {words.isCut && <p className="text-sm text-muted">{t('inquiries.isCut')}</p>}
      <Files messageId={message.id} files={words.files} />
      <div className="flex flex-wrap items-center gap-x-2 text-sm text-muted" data-print="hide">
        <span>{t('inquiries.readAs', { charset: charsetWord(message.charset) })}</span>
        {words.hasHtml && (
          <Button look="plain" size="sm" aria-pressed={asHtml} onClick={() => onHtml(!asHtml)}>
            {t('desk.html.show')}
          </Button>
        )}
        {deeds.onMend && (
          <Button look="plain" size="sm" onClick={() => deeds.onMend?.(message.id)}>
            {t('inquiries.mend')}
          </Button>
        )}
        {deeds.onAnswer && (
          <Button look="plain" size="sm" className="ml-auto" onClick={() => deeds.onAnswer?.(message.id)}>
            {t('inquiries.answerThis')}
          </Button>
        )}
      </div>
    </>
  )
}

function MessageCard({ entry, message, isFresh, deeds }: { entry: InquiryEntry; message: InquiryMessage; isFresh: boolean; deeds: EntryDeeds }) {
  const { t } = useTranslation()
  const [asHtml, setAsHtml] = useState(false)
  const { words } = message
  const open = words?.__typename === 'InquiryWords' ? words : undefined
  const head = (
    <>
      <Icon name="mail" className="size-4 text-muted" />
      {open ? (
        <span className="min-w-0 break-words">
          <span className="font-bold">
            <TypedText text={senderWord(open, t)} />
          </span>
          {open.senderName && (
            <span className="text-muted">
              {' '}
              <TypedText text={open.senderAddress} />
            </span>
          )}
        </span>
      ) : (
        <span className="font-bold">{t('inquiries.entry.MESSAGE_ADDED')}</span>
      )}
      {message.isSubjectChanged && <SubjectChanged />}
      {message.kind !== 'HUMAN' && (
        <Chip tone="past" icon="info" title={t(`inquiries.kindHelp.${message.kind}`)}>
          {t(`inquiries.kind.${message.kind}`)}
        </Chip>
      )}
    </>
  )
  return (
    <Card look="border-line bg-bg" head={head} at={entry.at} isFresh={isFresh}>
      {!words && <p className="text-muted">{t('inquiries.unreadableHelp')}</p>}
      {words && words.__typename !== 'InquiryWords' && (
        <p>
          <ClosedWords closed={words} />
        </p>
      )}
      {open && (
        <>
          {message.isSubjectChanged && (
            <p className="text-sm font-bold">
              <TypedText text={open.subject || t('inquiries.noSubject')} />
            </p>
          )}
          {open.replyTo && (
            <p className="text-sm text-muted">
              <TypedText text={t('inquiries.replyTo', { address: open.replyTo })} />
            </p>
          )}
          {asHtml ? <HtmlPart messageId={message.id} /> : <Text text={open.text} />}
          <MessageFoot message={message} words={open} deeds={deeds} asHtml={asHtml} onHtml={setAsHtml} />
        </>
      )}
    </Card>
  )
}

function NoteCard({ entry, isFresh }: { entry: InquiryEntry; isFresh: boolean }) {
  const { t } = useTranslation()
  const head = (
    <>
      <Icon name="lock" className="size-4" />
      <span className="font-bold">{t('inquiries.internal')}</span>
      <span>
        <TypedText text={actorWord(entry.by, t)} />
      </span>
      <span className="text-xs">{t('inquiries.internalHelp')}</span>
    </>
  )
  return (
    <Card look="border-past-line bg-past-bg text-past [&_.text-muted]:text-past" head={head} at={entry.at} isFresh={isFresh}>
      {entry.note && (
        <p>
          <GuardedWords text={entry.note} />
        </p>
      )}
      {entry.staff.length > 0 && (
        <p className="text-sm">
          <TypedText text={t('inquiries.mentioned', { names: entry.staff.join(t('app.separator')) })} />
        </p>
      )}
    </Card>
  )
}

function ReplyCard({ entry, reply, isFresh, deeds }: { entry: InquiryEntry; reply: InquiryReply; isFresh: boolean; deeds: EntryDeeds }) {
  const { t } = useTranslation()
  const waits = reply.state === 'QUEUED' || reply.state === 'DEFERRED'
  const { heading, words } = reply
  const head = (
    <>
      <Icon name="right" className="size-4" />
      <span className="font-bold">{t('inquiries.reply')}</span>
      <span>
        <TypedText text={actorWord(entry.by, t)} />
      </span>
      <MailStateChip state={reply.state} />
    </>
  )
  return (
    <Card look="ml-4 border-accent/40 bg-selected sm:ml-10" head={head} at={entry.at} isFresh={isFresh}>
      {heading.__typename === 'MailHeading' && (
        <p className="text-sm">
          <TypedText text={t('inquiries.to', { address: heading.address })} />
        </p>
      )}
      {words.__typename === 'MailWords' && <Text text={words.text} />}
      {(words.__typename === 'Withheld' || words.__typename === 'Forgotten') && (
        <p>
          <ClosedWords closed={words} />
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
        {reply.state === 'QUEUED' && reply.nextTryAt && <span className="num">{t('inquiries.goesAt', { when: whenShort(reply.nextTryAt) })}</span>}
        {waits && deeds.onCallOff && (
          <Button size="sm" icon="close" reason={deeds.pending ? t('inquiries.working') : undefined} onClick={() => deeds.onCallOff?.(reply.id)}>
            {t('inquiries.callOff')}
          </Button>
        )}
      </div>
    </Card>
  )
}

function LinkOf({ entry }: { entry: InquiryEntry }) {
  const { t } = useTranslation()
  if (entry.declarationId)
    return (
      <Link to="/declarations/$id" params={{ id: entry.declarationId }}>
        {t('inquiries.openLinked')}
      </Link>
    )
  const { otherId } = entry
  // What was absorbed is shown here already.
  if (!otherId || entry.kind === 'ABSORBED') return null
  return (
    <Link from="/inquiries" to="/inquiries" search={(old) => ({ ...old, id: otherId })}>
      {t('inquiries.openOther')}
    </Link>
  )
}

function Entry({ entry, isFresh, deeds }: { entry: InquiryEntry; isFresh: boolean; deeds: EntryDeeds }) {
  if (entry.message) return <MessageCard entry={entry} message={entry.message} isFresh={isFresh} deeds={deeds} />
  if (entry.kind === 'NOTED') return <NoteCard entry={entry} isFresh={isFresh} />
  if (entry.reply) return <ReplyCard entry={entry} reply={entry.reply} isFresh={isFresh} deeds={deeds} />
  return (
    <p className="flex flex-wrap items-center gap-x-2 px-1 text-sm leading-normal">
      <span>
        <EntryLine entry={entry} />
      </span>
      <LinkOf entry={entry} />
      <Fresh isFresh={isFresh} />
    </p>
  )
}

/** A draft is kept every few seconds; how it stands is told once, where it is shown. */
const isTold = ({ kind }: InquiryEntry) => kind !== 'DRAFT_SAVED'

export function Entries({ record, fresh, deeds }: { record: InquiryRecord; fresh: readonly string[]; deeds: EntryDeeds }) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="inquiry-history" className="flex min-w-0 flex-col gap-2">
      <h3 id="inquiry-history" className="sr-only">
        {t('inquiries.history')}
      </h3>
      <ol className="flex flex-col gap-2.5">
        {record.entries.filter(isTold).map((entry) => (
          <li key={`${entry.inquiryId} ${entry.position}`} className="min-w-0">
            <Entry entry={entry} isFresh={fresh.includes(entry.position)} deeds={deeds} />
          </li>
        ))}
      </ol>
    </section>
  )
}
