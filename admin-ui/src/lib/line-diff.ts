// What of a text is new and what is gone, line by line.

export interface DiffLine {
  kind: 'same' | 'added' | 'removed'
  text: string
}

/** Beyond this the table would be too large; then the old text is gone and the new one is there. */
const MOST_CELLS = 1_000_000

const linesOf = (text: string) => (text === '' ? [] : text.split('\n'))

/** The length of the longest common rest, from each place of both. */
function commonRests(before: readonly string[], after: readonly string[]): Uint32Array[] {
  const rests = Array.from({ length: before.length + 1 }, () => new Uint32Array(after.length + 1))
  for (let one = before.length - 1; one >= 0; one -= 1)
    for (let other = after.length - 1; other >= 0; other -= 1) {
      const [row, next] = [rests[one] as Uint32Array, rests[one + 1] as Uint32Array]
      row[other] = before[one] === after[other] ? (next[other + 1] ?? 0) + 1 : Math.max(next[other] ?? 0, row[other + 1] ?? 0)
    }
  return rests
}

export function lineDiff(beforeText: string, afterText: string): DiffLine[] {
  const [before, after] = [linesOf(beforeText), linesOf(afterText)]
  const [removed, added] = [(text: string): DiffLine => ({ kind: 'removed', text }), (text: string): DiffLine => ({ kind: 'added', text })]
  if (before.length * after.length > MOST_CELLS) return [...before.map(removed), ...after.map(added)]
  const rests = commonRests(before, after)
  const lines: DiffLine[] = []
  let [one, other] = [0, 0]
  while (one < before.length || other < after.length) {
    const [gone, come] = [before[one], after[other]]
    if (gone !== undefined && gone === come) {
      lines.push({ kind: 'same', text: gone })
      one += 1
      other += 1
    } else if (gone !== undefined && (come === undefined || (rests[one + 1]?.[other] ?? 0) >= (rests[one]?.[other + 1] ?? 0))) {
      lines.push(removed(gone))
      one += 1
    } else {
      lines.push(added(come ?? ''))
      other += 1
    }
  }
  return lines
}
