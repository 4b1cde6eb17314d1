// A history as people tell it: what one command recorded is one deed, however many events it took.
import type { HistoryPartsFragment } from '../graphql/gql/graphql'
import { dayOf } from './format'

export interface Deed {
  /** The last of its entries: the record as it was after all of it. */
  position: string
  /** What it was mainly about; warnings come along with something else. */
  lead: HistoryPartsFragment
  /** In the order of recording. */
  entries: HistoryPartsFragment[]
}

const isFlag = ({ kind }: HistoryPartsFragment) => kind === 'FLAG_RAISED' || kind === 'FLAG_CLEARED'

/** From entries in the order of recording. Other people's commands never stand between those of one, so neighbours suffice. */
export function deedsOf(entries: HistoryPartsFragment[]): Deed[] {
  const groups: HistoryPartsFragment[][] = []
  for (const entry of entries) {
    const last = groups.at(-1)
    if (last?.[0]?.command === entry.command) last.push(entry)
    else groups.push([entry])
  }
  return groups.flatMap((group) => {
    const lead = group.find((entry) => !isFlag(entry)) ?? group[0]
    const last = group.at(-1)
    return lead && last ? [{ position: last.position, lead, entries: group }] : []
  })
}

/** The days of a history with what was done on them, newest first. */
export function byDay(deeds: Deed[]): [string, Deed[]][] {
  const days = new Map<string, Deed[]>()
  for (const deed of deeds.toReversed()) {
    const day = dayOf(deed.lead.recordedAt)
    days.set(day, [...(days.get(day) ?? []), deed])
  }
  return [...days]
}

/** The kinds of a deed, each once; those of warnings and of what it rests on only where there is nothing else. */
export const kindsOf = ({ entries }: Deed) => {
  const told = entries.filter((entry) => !isFlag(entry) && entry.kind !== 'EVIDENCE_GIVEN')
  return [...new Set((told.length > 0 ? told : entries).map((entry) => entry.kind))]
}

/** The warnings that it raised, or those that it cleared. */
export const flagsOf = ({ entries }: Deed, kind: 'FLAG_RAISED' | 'FLAG_CLEARED') =>
  entries.flatMap((entry) => (entry.kind === kind && entry.flag ? [entry.flag] : []))
