// Records that were chosen one by one, on their way from the list to the form: too many for an address, and only of this window.
const KEY = 'sengen.bulk.ids'
const NUMBERS_KEY = 'sengen.bulk.numbers'

/** The most that are named one by one; more travel as a filter. */
export const MOST_IDS = 500

function keep(key: string, items: readonly string[]) {
  try {
    sessionStorage.setItem(key, JSON.stringify(items))
  } catch {
    // Without a store the form says that nothing is chosen.
  }
}

function kept(key: string): string[] {
  try {
    const items: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]')
    return Array.isArray(items) ? items.filter((item): item is string => typeof item === 'string') : []
  } catch {
    return []
  }
}

export function keepChosen(ids: readonly string[]) {
  keep(KEY, ids)
}

export const keptChosen = (): string[] => kept(KEY)

/** Numbers of a list that was checked, on the same way. */
export function keepNumbers(numbers: readonly string[]) {
  keep(NUMBERS_KEY, numbers)
}

export const keptNumbers = (): string[] => kept(NUMBERS_KEY)

/** All rows from one to another, in the order of the list. */
export function rangeOf(ids: readonly string[], from: string | undefined, to: string): string[] {
  const [start, end] = [from === undefined ? -1 : ids.indexOf(from), ids.indexOf(to)]
  if (start < 0 || end < 0) return [to]
  return ids.slice(Math.min(start, end), Math.max(start, end) + 1)
}
