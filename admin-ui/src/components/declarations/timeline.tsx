// The history of a record: newest first, grouped by day; one item for what one command did; who, what and why, and the change itself on demand.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type FragmentType, readFragment } from '../../graphql/gql/fragment-masking'
import { HistoryPartsFragmentDoc, type HistoryKind, type HistoryPartsFragment } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { aside } from '../../lib/aside'
import { byDay, type Deed, deedsOf, flagsOf, kindsOf } from '../../lib/deeds'
import { dayOf, formatDate, formatInstant } from '../../lib/format'
import { Icon, type IconName } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { EvidenceList } from '../attachments/attachment-list'
import { useTextWord } from './text-result'

const ICONS: Record<HistoryKind, IconName> = {
  REGISTERED: 'list',
  MADE: 'declaration',
  CORRECTED: 'edit',
  CONTACT_CHANGED: 'user',
  DIAGNOSIS_RECORDED: 'check',
  POLICY_RECORDED: 'declaration',
  STEPPED_UP: 'up',
  STEPPED_DOWN: 'down',
  POLICY_WITHDRAWN: 'declaration',
  LOGO_SUSPENDED: 'stop',
  LOGO_RESTORED: 'check',
  UNDONE: 'clock',
  STOPPED: 'stop',
  REINSTATED: 'check',
  PUBLISHED: 'check',
  UNPUBLISHED: 'lock',
  PERSON_FORGOTTEN: 'lock',
  FLAG_RAISED: 'warning',
  FLAG_CLEARED: 'check',
  NOTE_ADDED: 'info',
  EVIDENCE_GIVEN: 'declaration',
}

const ORIGINS = ['legacy', 'public', 'staff'] as const

interface Props {
  id: string
  history: FragmentType<typeof HistoryPartsFragmentDoc>[]
  /** The entry to point out. */
  event: string | undefined
  recordedUpTo: string | undefined
}

export function Timeline({ id, history, event, recordedUpTo }: Props) {
  const { t } = useTranslation()
  const deeds = deedsOf(history.map((entry) => readFragment(HistoryPartsFragmentDoc, entry)))
  return (
    <section aria-labelledby="history">
      <h2 id="history" className="flex items-baseline gap-2 text-base">
        {t('history.title')}
        <span className="num text-sm font-normal text-muted">{t('history.count', { count: deeds.length })}</span>
      </h2>
      {byDay(deeds).map(([day, ofDay]) => (
        <div key={day} className="mt-3">
          <h3 className="num text-sm text-muted">{formatDate(day, currentLanguage(), 'dateWithDay')}</h3>
          <ol className="mt-1">
            {ofDay.map((deed) => (
              <Item key={deed.position} {...{ id, deed, recordedUpTo }} highlighted={deed.entries.some((entry) => entry.position === event)} />
            ))}
          </ol>
        </div>
      ))}
    </section>
  )
}

function Item({ id, deed, highlighted, recordedUpTo }: { id: string; deed: Deed; highlighted: boolean; recordedUpTo: string | undefined }) {
  const { t } = useTranslation()
  const language = currentLanguage()
  const item = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (!highlighted) return
    item.current?.scrollIntoView({ block: 'nearest' })
    // The sheet gives the focus back one frame after it has closed; the new entry is where the person looks, unless they
    // have begun to type elsewhere.
    const timer = setTimeout(() => {
      if (!document.activeElement?.matches('input, textarea')) item.current?.focus({ preventScroll: true })
    }, 50)
    return () => clearTimeout(timer)
  }, [highlighted])
  const { lead } = deed
  const kind = kindsOf(deed).map((each) => t(`history.kind.${each}`)).join(t('app.joint'))
  return (
    <li
      ref={item}
      tabIndex={highlighted ? -1 : undefined}
      data-print="keep"
      aria-current={highlighted || undefined}
      className={`flex gap-2 border-l-2 py-1.5 pr-1 pl-2.5 text-sm leading-normal ${highlighted ? 'border-accent bg-selected' : 'border-line'}`}
    >
      <Icon name={ICONS[lead.kind]} className="mt-0.5 size-4 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-bold">{kind}</span>
          <Extra deed={deed} />
          {highlighted && <span className="text-xs text-link">{t('history.highlighted')}</span>}
        </p>
        <p className="text-muted">
          <time dateTime={lead.recordedAt} className="num">
            {formatInstant(lead.recordedAt, language, 'time')}
          </time>{' '}
          <TypedText text={actorName(lead.actor, t)} />
          {lead.effectiveAt !== dayOf(lead.recordedAt) && !lead.since && (
            <span className="block">{t('history.effective', { date: formatDate(lead.effectiveAt, language) })}</span>
          )}
        </p>
        <Notes deed={deed} />
        <Reason deed={deed} />
        {deed.entries.map((entry) => entry.evidence && <EvidenceList key={entry.position} evidence={entry.evidence} />)}
        <Changes deed={deed} />
        <Warnings deed={deed} />
        {recordedUpTo !== deed.position && (
          <Link
            to="/declarations/$id"
            params={{ id }}
            search={(old) => ({ ...old, recordedUpTo: deed.position, event: undefined })}
            aria-label={t('history.seeRecordOf', { position: deed.position, kind })}
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
  return name && name !== word ? aside(word, name) : word
}

/** What kind of correction, which stop, which register: the facts that belong beside the title. */
function Extra({ deed }: { deed: Deed }) {
  const { t } = useTranslation()
  const language = currentLanguage()
  const { lead } = deed
  const parts: string[] = []
  if (lead.correctionKind) parts.push(t(`history.correction.${lead.correctionKind}`))
  if (lead.person) parts.push(t(`person.${lead.person}`))
  if (lead.since) parts.push(t('history.since', { date: formatDate(lead.since, language) }))
  if (lead.flag) parts.push(...deed.entries.flatMap((entry) => (entry.flag ? [t(`flag.${entry.flag}`)] : [])))
  if (lead.stop) {
    const kind = t(`stop.${lead.stop.kind}`)
    parts.push(lead.stop.on ? t('stop.on', { kind, date: formatDate(lead.stop.on, language) }) : t('stop.unknown', { kind }))
  }
  const origin = ORIGINS.find((value) => value === lead.origin)
  // An old register has a name of its own; it is shown as it is.
  if (lead.origin) parts.push(origin ? t(`history.origin.${origin}`) : lead.origin)
  return parts.length > 0 ? <TypedText text={parts.join(t('app.joint'))} /> : null
}

function Notes({ deed }: { deed: Deed }) {
  const word = useTextWord()
  return deed.entries.map((entry) => entry.note && (
    <p key={entry.position} className="whitespace-pre-wrap">
      <TypedText text={word(entry.note)} />
    </p>
  ))
}

/** One reason was given for all of it. */
function Reason({ deed }: { deed: Deed }) {
  const { t } = useTranslation()
  const word = useTextWord()
  const reason = deed.entries.find((entry) => entry.reason)?.reason
  if (!reason) return null
  return (
    <p className="whitespace-pre-wrap">
      <span className="text-muted">{t('history.reason')}: </span>
      <TypedText text={word(reason)} />
    </p>
  )
}

/** The warnings that came and went with something else. */
function Warnings({ deed }: { deed: Deed }) {
  const { t } = useTranslation()
  if (deed.lead.flag) return null
  return (['FLAG_RAISED', 'FLAG_CLEARED'] as const).map((kind) => {
    const names = flagsOf(deed, kind).map((flag) => t(`flag.${flag}`))
    return names.length > 0 && (
      <p key={kind}>
        <span className="text-muted">{t(`history.kind.${kind}`)}: </span>
        {names.join(t('app.separator'))}
      </p>
    )
  })
}

function Changes({ deed }: { deed: Deed }) {
  const { t } = useTranslation()
  const word = useTextWord()
  const changes = deed.entries.flatMap((entry) => entry.changes)
  if (changes.length === 0) return null
  return (
    <details open={changes.length === 1 || undefined}>
      <summary className="min-h-6 cursor-pointer text-link touch:min-h-11">{t('history.showDiff', { count: changes.length })}</summary>
      <dl className="mt-0.5 flex flex-col gap-1">
        {changes.map((change) => (
          <div key={change.field}>
            <dt className="text-muted">{t(`field.${change.field}`)}</dt>
            <dd className="flex flex-wrap items-baseline gap-x-1.5">
              <Version label={t('history.old')}>
                <del className="text-muted">
                  <TypedText text={word(change.old, change.field)} />
                </del>
              </Version>
              <span aria-hidden="true">→</span>
              <Version label={t('history.new')}>
                <ins className="font-medium no-underline">
                  <TypedText text={word(change.new, change.field)} />
                </ins>
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
