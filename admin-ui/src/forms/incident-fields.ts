// The steps of an incident: which fields each has, and what it sends.
import type { TFunction } from 'i18next'
import type { IncidentRecord } from '../graphql/cases'
import type { IncidentCategory, IncidentChangeInput, ReportItem, ReportStage } from '../graphql/gql/graphql'
import { dayOf, formatInstant, today } from '../lib/format'
import type { CaseField, CaseValues } from './case-form'

const CATEGORIES = ['SENSITIVE', 'FINANCIAL', 'WRONGFUL', 'MANY_PERSONS'] as const satisfies readonly IncidentCategory[]

export const INCIDENT_STEPS = ['report', 'countSeen', 'countTyped', 'classify', 'sent', 'notify', 'note', 'close'] as const
export type IncidentStep = (typeof INCIDENT_STEPS)[number]

export const incidentStepsOf = ({ summary: { status } }: IncidentRecord): IncidentStep[] => {
  if (status === 'CLOSED') return ['note']
  return status === 'FINAL_REPORTED' ? ['close', 'notify', 'countSeen', 'countTyped', 'note'] : [...INCIDENT_STEPS]
}

/** The moment of a wall clock in Japan, which has one offset. */
const instantOf = (day: string | undefined, time: string | undefined) => `${day ?? ''}T${time ?? ''}:00+09:00`
const chosenOf = (values: CaseValues) => (values['categories'] ?? '').split(' ').filter(Boolean) as IncidentCategory[]

const categories = (t: TFunction, initial: readonly IncidentCategory[]): CaseField => ({
  name: 'categories',
  kind: 'choices',
  label: t('incidents.label.categories'),
  help: t('incidents.help.categories'),
  initial: initial.join(' '),
  choices: CATEGORIES.map((value) => ({ value, word: t(`incidents.category.${value}`) })),
})

export function newIncidentFields(t: TFunction): CaseField[] {
  return [
    { name: 'awareAt', kind: 'day', label: t('incidents.label.awareDay'), required: true, initial: today() },
    { name: 'awareTime', kind: 'time', label: t('incidents.label.awareTime'), required: true, initial: formatInstant(new Date().toISOString(), 'en', 'time') },
    categories(t, []),
    { name: 'text', kind: 'lines', label: t('incidents.label.text'), help: t('cases.textLimit'), required: true },
  ]
}

export const newIncidentInput = (values: CaseValues) => ({ awareAt: instantOf(values['awareAt'], values['awareTime']), categories: chosenOf(values), text: values['text'] ?? '' })

interface Known {
  accounts: readonly { id: string; name: string }[]
  items: readonly { item: ReportItem; heading: string; text: string }[]
}

export function incidentFields(step: IncidentStep, record: IncidentRecord, known: Known, t: TFunction): CaseField[] {
  const text = (label: string, required: boolean): CaseField => ({ name: 'text', kind: 'lines', label, required, help: t('cases.textLimit') })
  const day: CaseField = { name: 'on', kind: 'day', label: t('incidents.label.on'), required: true, initial: today() }
  const persons: CaseField = { name: 'persons', kind: 'number', label: t('incidents.label.persons'), required: true, initial: typeof record.summary.persons === 'number' ? String(record.summary.persons) : '' }
  switch (step) {
    case 'classify':
      return [categories(t, record.summary.categories)]
    case 'countTyped':
      return [persons]
    case 'countSeen': {
      // The end is outside, so what was read in this very minute needs the next one.
      const soon = new Date(Date.now() + 60_000).toISOString()
      return [
        { name: 'account', kind: 'choice', label: t('incidents.label.account'), help: t('incidents.help.account'), required: true, ...(record.scope ? { initial: record.scope.accountId } : {}), choices: known.accounts.map(({ id, name }) => ({ value: id, word: name })) },
        { name: 'from', kind: 'day', label: t('incidents.label.fromDay'), required: true, initial: record.scope ? dayOf(record.scope.from) : '' },
        { name: 'fromTime', kind: 'time', label: t('incidents.label.fromTime'), required: true, initial: record.scope ? formatInstant(record.scope.from, 'en', 'time') : '00:00' },
        { name: 'to', kind: 'day', label: t('incidents.label.toDay'), required: true, initial: dayOf(record.scope?.to ?? soon) },
        { name: 'toTime', kind: 'time', label: t('incidents.label.toTime'), required: true, initial: formatInstant(record.scope?.to ?? soon, 'en', 'time') },
      ]
    }
    case 'report':
      return known.items.map(({ item, heading, text: initial }, index): CaseField => ({ name: `items.${item.toLowerCase()}`, kind: 'lines', label: `${index + 1}. ${heading}`, initial, rows: 3 }))
    case 'sent':
      return [
        { name: 'stage', kind: 'choice', label: t('incidents.label.stage'), required: true, initial: record.summary.status === 'OPEN' ? 'FIRST' : 'FINAL', choices: (['FIRST', 'FINAL'] as const).map((value) => ({ value, word: t(`incidents.stage.${value}`) })) },
        day,
        { name: 'receipt', kind: 'line', label: t('incidents.label.receipt') },
      ]
    case 'notify':
      return [{ ...persons, initial: '' }, day, text(t('incidents.label.how'), true)]
    case 'note':
      return [text(t('incidents.label.note'), true)]
    case 'close':
      return [text(t('incidents.label.remark'), false)]
  }
}

export function incidentChange(step: IncidentStep, values: CaseValues, known: Known): IncidentChangeInput {
  const text = values['text'] ?? ''
  const on = values['on'] ?? ''
  const persons = Number(values['persons'] ?? '0')
  switch (step) {
    case 'classify':
      return { classify: { categories: chosenOf(values) } }
    case 'countTyped':
      return { countTyped: { persons } }
    case 'countSeen':
      return { countSeen: { account: values['account'] ?? '', from: instantOf(values['from'], values['fromTime']), to: instantOf(values['to'], values['toTime']) } }
    case 'report':
      return { writeReport: { items: known.items.map(({ item }) => ({ item, text: values[`items.${item.toLowerCase()}`] ?? '' })) } }
    case 'sent':
      return { recordReport: { stage: values['stage'] as ReportStage, on, receipt: values['receipt'] || null } }
    case 'notify':
      return { notifyPersons: { persons, on, text } }
    case 'note':
      return { note: { text } }
    case 'close':
      return { close: { text } }
  }
}
