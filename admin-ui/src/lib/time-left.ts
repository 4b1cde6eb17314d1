// How long is left until a deadline, in the largest unit that fits: whoever decides must not count days.
const UNITS = [
  { unit: 'day', ms: 86_400_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'minute', ms: 60_000 },
] as const

export type TimeLeft = { unit: (typeof UNITS)[number]['unit']; count: number } | { unit: 'soon' } | { unit: 'over' }

/** Rounded down: nobody is told of time that is not there. */
export function timeLeft(until: string, now: number): TimeLeft {
  const left = Date.parse(until) - now
  if (left <= 0) return { unit: 'over' }
  const fits = UNITS.find(({ ms }) => left >= ms)
  return fits ? { unit: fits.unit, count: Math.floor(left / fits.ms) } : { unit: 'soon' }
}
