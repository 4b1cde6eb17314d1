// The one Trusted Types policy of the console, under a content security policy that demands one for every sink of code.
// React Aria's announcer empties its regions by `innerHTML = ''`; nothing else may hand a text to such a sink.

/** What the browser offers; TypeScript's own library does not name it everywhere yet. */
interface PolicyFactory {
  createPolicy: (name: 'default', rules: { createHTML: (text: string) => string | null }) => unknown
}

/** The empty string, or nothing: the browser then refuses the assignment and says so. */
export const emptyOnly = (text: string): string | null => (text === '' ? text : null)

/** Has to run before anything is drawn. Browsers without Trusted Types have no such sinks to guard. */
export function startTrustedTypes(scope: { trustedTypes?: PolicyFactory } = window as { trustedTypes?: PolicyFactory }) {
  scope.trustedTypes?.createPolicy('default', { createHTML: emptyOnly })
}
