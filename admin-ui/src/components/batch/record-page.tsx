// The page of one bulk change, import or file: where it is, what it is called, how it stands, and what is said first.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { useKeys } from '../../lib/keys'
import { Band } from '../../ui/band'
import { LoadingBar, Skeleton } from '../../ui/loading'
import { ProgressBar } from '../../ui/progress'
import { FaultBand, FaultPage } from '../fault'
import { type OperationFact, OperationFacts } from '../operations/facts'
import { OperationNotFound } from '../operations/not-found'
import { whenWord } from '../operations/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../page'
import { type Said, SaidText } from '../said'

type ListPath = '/bulk-changes' | '/imports' | '/exports'

interface Props {
  /** The list that it is in. */
  list: { to: ListPath; word: string }
  /** Undefined while it loads. */
  title: string | undefined
  isMissing: boolean
  error: Error | null
  onRetry: () => void
  onList: () => void
  notFound: { title: string; text: string }
  /** How it stands. */
  chip: ReactNode
  /** In the layout of the page, while it loads. */
  skeleton: ReactNode
  children: ReactNode
}

export function BatchRecord({ list, title, isMissing, error, onRetry, onList, notFound, chip, skeleton, children }: Props) {
  const { t } = useTranslation()
  useWindowTitle(title, list.word)
  useKeys({ u: onList })
  if (error && title === undefined) return <FaultPage error={error} onRetry={onRetry} />
  if (isMissing) return <OperationNotFound title={notFound.title} text={notFound.text} to={list.to} word={list.word} />
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={title === undefined} />
      <div className="flex flex-col gap-2">
        <Breadcrumb crumbs={[{ label: t('list.title'), link: { to: '/declarations' } }, { label: list.word, link: { to: list.to } }, { label: title ?? '…' }]} />
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <PageHeading>{title ?? list.word}</PageHeading>
          {chip}
        </div>
      </div>
      {error && <FaultBand error={error} onRetry={onRetry} />}
      {title === undefined ? skeleton : children}
    </div>
  )
}

/** What it is, and beside that or under it what became of it. */
export function BatchColumns({ title, facts, aside, children }: { title: string; facts: readonly OperationFact[]; aside?: ReactNode; children?: ReactNode }) {
  return (
    <div className="grid items-start gap-x-8 gap-y-5 2xl:grid-cols-[minmax(0,26rem)_minmax(0,1fr)]">
      <div className="flex min-w-0 flex-col gap-3">
        <OperationFacts paired title={title} facts={facts} />
        {aside}
      </div>
      <div className="flex min-w-0 flex-col gap-3">{children}</div>
    </div>
  )
}

/** In the layout of the page: the first sentence, what can be done, and what it is. */
export function BatchSkeleton({ title, terms }: { title: string; terms: readonly string[] }) {
  return (
    <>
      <Skeleton className="h-12 w-full" />
      <Skeleton className="h-10 w-48" />
      <BatchColumns title={title} facts={terms.map((term) => ({ term, value: <Skeleton className="w-2/3" /> }))} />
    </>
  )
}

interface LeadProps {
  tone: 'info' | 'warn' | 'bad'
  isDone?: boolean
  text: string
  /** Why it failed. */
  said?: Said | null | undefined
  children?: ReactNode
}

/** The first thing that whoever opens it wants to know. */
export function BatchLead({ tone, isDone = false, text, said, children }: LeadProps) {
  return (
    <Band tone={tone} role={tone === 'bad' ? 'note' : 'status'} icon={isDone ? 'check' : undefined}>
      <p className={tone === 'bad' ? 'font-bold' : ''}>{text}</p>
      {said && <SaidText said={said} />}
      {children}
    </Band>
  )
}

/** How far it is. `total`: 0 while nobody knows, and then nothing is counted either. */
export function BatchBar({ label, done, total, text }: { label: string; done: number; total: number; text: (counts: { done: string; total: string }) => string }) {
  const count = (value: number) => formatCount(value, currentLanguage())
  return <ProgressBar label={label} done={done} total={total === 0 ? undefined : total} text={total === 0 ? label : text({ done: count(done), total: count(total) })} />
}

export const Moment = ({ at }: { at: string }) => (
  <time dateTime={at} className="num">
    {whenWord(at)}
  </time>
)
