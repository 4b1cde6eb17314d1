// The history of a record: newest first, grouped by day; who, what and why, and the change itself on demand.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type FragmentType, readFragment } from '../../graphql/gql/fragment-masking'
import { HistoryPartsFragmentDoc, type HistoryKind, type HistoryPartsFragment } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { dayOf, formatDate, formatInstant } from '../../lib/format'
import { Icon, type IconName } from '../../ui/icons'
import { useTextWord } from './text-result'

const ICONS: Record<HistoryKind, IconName> = {
  REGISTERED: 'list',
  MADE: 'declaration',
  CORRECTED: 'edit',
  CONTACT_CHANGED: 'user',
  DIAGNOSIS_RECORDED: 'check',
  POLICY_RECORDED: 'declaration',
  STEPPED_UP: 'up',
  STOPPED: 'stop',
  REINSTATED: 'check',
  PUBLISHED: 'check',
  UNPUBLISHED: 'lock',
  PERSON_FORGOTTEN: 'lock',
  FLAG_RAISED: 'warning',
  FLAG_CLEARED: 'check',
  NOTE_ADDED: 'info',
}

const ORIGINS = ['legacy', 'public', 'staff'] as const

function byDay(entries: HistoryPartsFragment[]): [string, HistoryPartsFragment[]][] {
  const days = new Map<string, HistoryPartsFragment[]>()
  for (const entry of entries.toReversed()) {
    const day = dayOf(entry.recordedAt)
    days.set(day, [...(days.get(day) ?? []), entry])
  }
  return [...days]
}

interface Props {
  id: string
  history: FragmentType<typeof HistoryPartsFragmentDoc>[]
  /** The entry to point out. */
  event: string | undefined
  recordedUpTo: string | undefined
}

export function Timeline({ id, history, event, recordedUpTo }: Props) {
  const { t } = useTranslation()
  const entries = history.map((entry) => readFragment(HistoryPartsFragmentDoc, entry))
  return (
    <section aria-labelledby="history">
      <h2 id="history" className="flex items-baseline gap-2 text-base">
        {t('history.title')}
        <span className="num text-sm font-normal text-muted">{t('history.count', { count: entries.length })}</span>
      </h2>
      {byDay(entries).map(([day, ofDay]) => (
        <div key={day} className="mt-3">
          <h3 className="num text-sm text-muted">{formatDate(day, currentLanguage(), 'dateWithDay')}</h3>
          <ol className="mt-1">
            {ofDay.map((entry) => (
              <Entry key={entry.position} {...{ id, entry, recordedUpTo }} highlighted={entry.position === event} />
            ))}
          </ol>
        </div>
      ))}
    </section>
  )
}

function Entry({ id, entry, highlighted, recordedUpTo }: { id: string; entry: HistoryPartsFragment; highlighted: boolean; recordedUpTo: string | undefined }) {
  const { t } = useTranslation()
  const language = currentLanguage()
  const item = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (!highlighted) return
    item.current?.scrollIntoView({ block: 'nearest' })
    // The sheet gives the focus back one frame after it has closed; the new entry is where the person looks.
    const timer = setTimeout(() => item.current?.focus({ preventScroll: true }), 50)
    return () => clearTimeout(timer)
  }, [highlighted])
  const kind = t(`history.kind.${entry.kind}`)
  return (
    <li
      ref={item}
      tabIndex={highlighted ? -1 : undefined}
      data-print="keep"
      aria-current={highlighted || undefined}
      className={`flex gap-2 border-l-2 py-1.5 pr-1 pl-2.5 text-sm leading-normal ${highlighted ? 'border-accent bg-selected' : 'border-line'}`}
    >
      <Icon name={ICONS[entry.kind]} className="mt-0.5 size-4 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-bold">{kind}</span>
          <Extra entry={entry} />
          {highlighted && <span className="text-xs text-link">{t('history.highlighted')}</span>}
        </p>
        <p className="text-muted">
          <time dateTime={entry.recordedAt} className="num">
            {formatInstant(entry.recordedAt, language, 'time')}
          </time>{' '}
          {actorName(entry.actor, t)}
          {entry.effectiveAt !== dayOf(entry.recordedAt) && !entry.since && (
            <span className="block">{t('history.effective', { date: formatDate(entry.effectiveAt, language) })}</span>
          )}
        </p>
        <Note entry={entry} />
        <Reason entry={entry} />
        <Changes entry={entry} />
        {recordedUpTo !== entry.position && (
          <Link
            to="/declarations/$id"
            params={{ id }}
            search={(old) => ({ ...old, recordedUpTo: entry.position, event: undefined })}
            aria-label={t('history.seeRecordOf', { position: entry.position, kind })}
            className="inline-flex min-h-6 items-center text-xs touch:min-h-11"
            data-print="hide"
          >
            {t('history.seeRecord')}
          </Link>
        )}
      </div>
    </li>
  )
}

/** Staff by name; a machine says that it is one, and which. */
function actorName({ kind, name }: HistoryPartsFragment['actor'], t: TFunction): string {
  if (kind === 'STAFF') return name
  const word = t(`history.actor.${kind}`)
  return name && name !== word ? `${word} (${name})` : word
}

/** What kind of correction, which warning, which stop: the one fact that belongs beside the title. */
function Extra({ entry }: { entry: HistoryPartsFragment }) {
  const { t } = useTranslation()
  const language = currentLanguage()
  const parts: string[] = []
  if (entry.correctionKind) parts.push(t(`history.correction.${entry.correctionKind}`))
  if (entry.since) parts.push(t('history.since', { date: formatDate(entry.since, language) }))
  if (entry.flag) parts.push(t(`flag.${entry.flag}`))
  if (entry.stop) {
    const kind = t(`stop.${entry.stop.kind}`)
    parts.push(entry.stop.on ? t('stop.on', { kind, date: formatDate(entry.stop.on, language) }) : t('stop.unknown', { kind }))
  }
  const origin = ORIGINS.find((value) => value === entry.origin)
  // An old register has a name of its own; it is shown as it is.
  if (entry.origin) parts.push(origin ? t(`history.origin.${origin}`) : entry.origin)
  return parts.length > 0 ? <span>{parts.join('・')}</span> : null
}

function Note({ entry }: { entry: HistoryPartsFragment }) {
  const word = useTextWord()
  return entry.note ? <p className="whitespace-pre-wrap">{word(entry.note)}</p> : null
}

function Reason({ entry }: { entry: HistoryPartsFragment }) {
  const { t } = useTranslation()
  const word = useTextWord()
  if (!entry.reason) return null
  return (
    <p className="whitespace-pre-wrap">
      <span className="text-muted">{t('history.reason')}: </span>
      {word(entry.reason)}
    </p>
  )
}

function Changes({ entry }: { entry: HistoryPartsFragment }) {
  const { t } = useTranslation()
  const word = useTextWord()
  if (entry.changes.length === 0) return null
  return (
    <details open={entry.changes.length === 1 || undefined}>
      <summary className="min-h-6 cursor-pointer text-link touch:min-h-11">{t('history.showDiff', { count: entry.changes.length })}</summary>
      <dl className="mt-0.5 flex flex-col gap-1">
        {entry.changes.map((change) => (
          <div key={change.field}>
            <dt className="text-muted">{t(`field.${change.field}`)}</dt>
            <dd className="flex flex-wrap items-baseline gap-x-1.5">
              <Version label={t('history.old')}>
                <del className="text-muted">{word(change.old, change.field)}</del>
              </Version>
              <span aria-hidden="true">→</span>
              <Version label={t('history.new')}>
                <ins className="font-medium no-underline">{word(change.new, change.field)}</ins>
              </Version>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  )
}

const Version = ({ label, children }: { label: string; children: ReactNode }) => (
  <span className="min-w-0">
    <span className="sr-only">{label}: </span>
    {children}
  </span>
)
