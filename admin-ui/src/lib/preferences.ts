// What one person likes on one machine: language, colours, row height. Never a fact of the register.
const PREFIX = 'sengen.'

export function readPreference<T extends string>(name: string, allowed: readonly T[]): T | undefined {
  try {
    const stored = localStorage.getItem(PREFIX + name)
    return allowed.find((value) => value === stored)
  } catch {
    // Storage can be switched off by policy; then every start is the first.
    return undefined
  }
}

export function writePreference(name: string, value: string) {
  try {
    localStorage.setItem(PREFIX + name, value)
  } catch {
    // See above: the choice then lasts until the page is closed.
  }
}
