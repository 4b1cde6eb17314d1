// What one command did, in words: what, when, who and why, and the change itself on demand.
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { HistoryPartsFragment } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { aside } from '../../lib/aside'
import { type Deed as Done, flagsOf, kindsOf } from '../../lib/deeds'
import { dayOf, formatDate, formatInstant } from '../../lib/format'
import { TypedText } from '../../ui/typed-text'
import { EvidenceList } from '../attachments/attachment-list'
import { useTextWord } from './text-result'

const ORIGINS = ['legacy', 'public', 'staff'] as const

/** A stop for a day that was still to come, and its way back, are called so. */
function isPlan(entry: HistoryPartsFragment, entries: readonly HistoryPartsFragment[]): boolean {
  const day = dayOf(entry.recordedAt)
  if (entry.kind === 'STOPPED') return Boolean(entry.stop?.on && entry.stop.on > day)
  if (entry.kind !== 'REINSTATED') return false
  const before = entries.findLast((other) => other.kind === 'STOPPED' && Number(other.position) < Number(entry.position))
  return Boolean(before?.stop?.on && before.stop.on > day)
}

/** The title of a deed, by all that happened. */
export function deedWord(deed: Done, entries: readonly HistoryPartsFragment[], t: TFunction): string {
  const word = (kind: HistoryPartsFragment['kind']) => {
    const planned = deed.entries.some((entry) => entry.kind === kind && isPlan(entry, entries))
    if (planned) return t(kind === 'STOPPED' ? 'history.stopPlanned' : 'history.stopCancelled')
    return t(`history.kind.${kind}`)
  }
  return kindsOf(deed).map(word).join(t('app.joint'))
}

interface Props {
  deed: Done
  /** Of the whole history: some say what others were. */
  entries: readonly HistoryPartsFragment[]
  /** With the day, where no heading says it. */
  dated?: boolean
  /** Beside the title. */
  mark?: ReactNode
}

export function Deed({ deed, entries, dated = false, mark }: Props) {
  const { t } = useTranslation()
  const language = currentLanguage()
  const { lead } = deed
  return (
    <>
      <p className="flex flex-wrap items-baseline gap-x-2">
        <span className={`font-bold ${lead.undoneBy ? 'text-muted line-through' : ''}`}>{deedWord(deed, entries, t)}</span>
        <Extra deed={deed} />
        {mark}
      </p>
      <p className="text-muted">
        <time dateTime={lead.recordedAt} className="num">
          {formatInstant(lead.recordedAt, language, dated ? 'instant' : 'time')}
        </time>{' '}
        <TypedText text={actorName(lead.actor, t)} />
        {lead.effectiveAt !== dayOf(lead.recordedAt) && !lead.since && (
          <span className="block">{t('history.effective', { date: formatDate(lead.effectiveAt, language) })}</span>
        )}
      </p>
      <Notes deed={deed} />
      <LookedUp deed={deed} />
      <Reason deed={deed} />
      {deed.entries.map((entry) => entry.evidence && <EvidenceList key={entry.position} evidence={entry.evidence} />)}
      <Changes deed={deed} />
      <Warnings deed={deed} />
    </>
  )
}

/** Staff by name; a machine says that it is one, and which. */
function actorName({ kind, name }: HistoryPartsFragment['actor'], t: TFunction): string {
  if (kind === 'STAFF') return name
  const word = t(`history.actor.${kind}`)
  return name && name !== word ? aside(word, name) : word
}

/** What kind of correction, which stop, which register: the facts that belong beside the title. */
function Extra({ deed }: { deed: Done }) {
  const { t } = useTranslation()
  const language = currentLanguage()
  const { lead } = deed
  const parts: string[] = []
  if (lead.correctionKind && !lead.handOver) parts.push(t(`history.correction.${lead.correctionKind}`))
  if (lead.handOver) parts.push(t(`history.handOver.${lead.handOver}`))
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

function Notes({ deed }: { deed: Done }) {
  const word = useTextWord()
  return deed.entries.map((entry) => entry.note && (
    <p key={entry.position} className="whitespace-pre-wrap">
      <TypedText text={word(entry.note)} />
    </p>
  ))
}

/** How it was made sure who asked for a number, and where it went. */
function LookedUp({ deed }: { deed: Done }) {
  const { t } = useTranslation()
  const of = deed.lead.lookUp
  if (!of) return null
  return (
    <>
      <p>{t('history.lookUp.fitting', { fields: of.fitting.map((field) => t(`field.${field}`)).join(t('app.separator')) })}</p>
      <p>{t('history.lookUp.checks', { checks: of.checks.map((check) => t(`history.lookUp.check.${check}`)).join(t('app.separator')) })}</p>
      <p>{t(`history.lookUp.sentTo.${of.sentTo}`)}</p>
    </>
  )
}

/** One reason was given for all of it. */
function Reason({ deed }: { deed: Done }) {
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
function Warnings({ deed }: { deed: Done }) {
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

function Changes({ deed }: { deed: Done }) {
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
