// Records that were chosen one by one, on their way from the list to the form: too many for an address, and only of this window.
const KEY = 'sengen.bulk.ids'

/** The most that are named one by one; more travel as a filter. */
export const MOST_IDS = 500

export function keepChosen(ids: readonly string[]) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(ids))
  } catch {
    // Without a store the form says that nothing is chosen.
  }
}

export function keptChosen(): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(KEY) ?? '[]')
    return Array.isArray(kept) ? kept.filter((id): id is string => typeof id === 'string') : []
  } catch {
    return []
  }
}

/** All rows from one to another, in the order of the list. */
export function rangeOf(ids: readonly string[], from: string | undefined, to: string): string[] {
  const [start, end] = [from === undefined ? -1 : ids.indexOf(from), ids.indexOf(to)]
  if (start < 0 || end < 0) return [to]
  return ids.slice(Math.min(start, end), Math.max(start, end) + 1)
}
