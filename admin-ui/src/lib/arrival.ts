// Remembers that a new page was just reached, until the heading of that page (or a row of a list returned to) takes the focus.
let arrived = false

/** Called by the router when the path changes. Typing in the search keeps its focus: the person is not done there. */
export function announceArrival() {
  arrived = !document.activeElement?.closest('[data-keeps-focus]')
}

/** True once after each arrival. */
export function takeArrival(): boolean {
  const result = arrived
  arrived = false
  return result
}
