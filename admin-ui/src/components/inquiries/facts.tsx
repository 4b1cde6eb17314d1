// Over the thread: who wrote and what about, where it stands, which declarations it is about, and what else there is of the same people.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { InquiryRecord } from '../../graphql/inquiries'
import { formatDeclarationNumber } from '../../lib/format'
import { Band } from '../../ui/band'
import { IconButton } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { TypedText } from '../../ui/typed-text'
import { useSession } from '../session'
import { Other, Others } from './others'
import { ClosedWords, Due, headOf, senderWord, StatusChip, SubjectChanged, tagsWord, titleOf, whenShort } from './words'
import type { Deeds } from './work'

/** `others`: who else has it open. */
export function ThreadHead({ record, others, children }: { record: InquiryRecord; others?: ReactNode; children?: ReactNode }) {
  const { t } = useTranslation()
  const words = headOf(record)
  return (
    <header className="flex min-w-0 shrink-0 flex-col gap-0.5 border-b border-line px-4 py-2">
      <div className="flex items-start gap-2">
        <h2 id="inquiry" tabIndex={-1} className="line-clamp-2 min-w-0 flex-1 text-lg break-words" title={titleOf(record, t)}>
          <TypedText text={titleOf(record, t)} />
        </h2>
        {children}
      </div>
      {words?.__typename === 'InquiryWords' && (
        <p className="flex flex-wrap items-center gap-x-1.5 text-sm">
          <TypedText text={senderWord(words, t)} />
          {words.senderAddress && (
            <>
              {words.senderName && (
                <span className="text-muted">
                  <TypedText text={words.senderAddress} />
                </span>
              )}
              <span className="-my-1">
                <CopyButton text={words.senderAddress} label={t('inquiries.copyAddress')} />
              </span>
            </>
          )}
        </p>
      )}
      {words && words.__typename !== 'InquiryWords' && (
        <p>
          <ClosedWords closed={words} />
        </p>
      )}
      <p role="status" className="flex min-h-7 flex-wrap items-center gap-x-2 gap-y-1">
        <StatusChip status={record.status} />
        {record.resolution && record.status === 'CLOSED' && <span className="text-sm">{t(`inquiries.resolution.${record.resolution}`)}</span>}
        <Due inquiry={record} />
        {record.isSubjectChanged && <SubjectChanged />}
        {others}
      </p>
    </header>
  )
}

function Declarations({ record, deeds, mayWork }: { record: InquiryRecord; deeds: Deeds; mayWork: boolean }) {
  const { t } = useTranslation()
  if (record.declarations.length === 0) return <span className="text-muted">{t('inquiries.noDeclarations')}</span>
  return (
    <ul className="flex flex-wrap gap-x-3">
      {record.declarations.map(({ id, number }) => {
        const word = number ? formatDeclarationNumber(number) : t('inquiries.noNumber')
        return (
          <li key={id} className="inline-flex items-center">
            <Link to="/declarations/$id" params={{ id }} className="num inline-flex min-h-6 items-center">
              {word}
            </Link>
            {mayWork && <IconButton icon="close" label={t('inquiries.deed.unlink', { number: word })} className="-my-1" onClick={() => deeds.act({ change: { unlinkDeclaration: id }, told: t('inquiries.done.unlinked') })} />}
          </li>
        )
      })}
    </ul>
  )
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-x-3">
      <dt className="text-muted">{term}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  )
}

/** `others`: left out where they stand beside the thread. */
export function ThreadFacts({ record, deeds, mayWork, others }: { record: InquiryRecord; deeds: Deeds; mayWork: boolean; others: boolean }) {
  const { t } = useTranslation()
  const { staff } = useSession()
  return (
    <dl className="grid gap-x-6 gap-y-1 border-y border-line py-2 text-sm leading-normal min-[1800px]:grid-cols-2">
      <Fact term={t('inquiries.fact.assignee')}>
          {record.assigneeId === staff.id ? t('inquiries.byMe') : record.assignee ? <TypedText text={record.assignee} /> : <span className="text-muted">{t('inquiries.nobody')}</span>}
      </Fact>
      <Fact term={t('inquiries.fact.due')}>
          {record.dueAt ? (
            <time dateTime={record.dueAt} className="num">
              {whenShort(record.dueAt)}
            </time>
          ) : (
            <span className="text-muted">{t('inquiries.noDue')}</span>
          )}
      </Fact>
      <Fact term={t('inquiries.fact.received')}>
          <time dateTime={record.receivedAt} className="num">
            {whenShort(record.receivedAt)}
          </time>
          {record.channel !== 'MAIL' && <span className="text-muted"> {t(`inquiries.channel.${record.channel}`)}</span>}
      </Fact>
      <Fact term={t('inquiries.fact.tags')}>{record.tags.length > 0 ? tagsWord(record.tags, t) : <span className="text-muted">{t('inquiries.noTags')}</span>}</Fact>
      <Fact term={t('inquiries.fact.declarations')}>
        <Declarations record={record} deeds={deeds} mayWork={mayWork && record.status !== 'MERGED'} />
      </Fact>
      {others && record.otherIds.length > 0 && (
      <Fact term={t('inquiries.fact.others')}>
          <Others record={record} mayWork={mayWork} />
      </Fact>
      )}
    </dl>
  )
}

/** Where else it may belong, or does. */
export function Belonging({ record, mayWork }: { record: InquiryRecord; mayWork: boolean }) {
  const { t } = useTranslation()
  const { suggestedId, mergedIntoId, refersToId, answersMailId } = record
  return (
    <>
      {mergedIntoId && (
        <Band tone="past" role="note">
          <p>{t('inquiries.mergedInto')}</p>
          <p>
            <Other id={mergedIntoId} record={record} mayWork={false} />
          </p>
        </Band>
      )}
      {suggestedId && !mergedIntoId && (
        <Band tone="info" role="note">
          <p className="font-bold">{t('inquiries.suggestionTitle')}</p>
          <p className="text-sm">{t('inquiries.suggestion')}</p>
          <div className="text-sm">
            <Other id={suggestedId} record={record} mayWork={mayWork} />
          </div>
        </Band>
      )}
      {refersToId && (
        <div className="flex flex-wrap gap-x-2 text-sm">
          {t('inquiries.refersTo')} <Other id={refersToId} record={record} mayWork={false} />
        </div>
      )}
      {answersMailId && (
        <p className="text-sm">
          {t('inquiries.answersMail')}{' '}
          <Link to="/settings/mail/$id" params={{ id: answersMailId }}>
            {t('inquiries.openMail')}
          </Link>
        </p>
      )}
    </>
  )
}
