// The one query client: what is retried, and who hears that a session has ended.
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query'
import { Fault } from './execute'

const TRANSIENT = new Set(['NETWORK', 'TIMEOUT', 'NOT_YET'])

let onSessionEnd: () => void = () => {}

/** Registers what happens when the server says that nobody is signed in any more. */
export function whenSessionEnds(callback: () => void) {
  onSessionEnd = callback
}

function notice(error: unknown) {
  if (error instanceof Fault && error.code === 'UNAUTHENTICATED') onSessionEnd()
}

export function makeQueryClient() {
  return new QueryClient({
    queryCache: new QueryCache({ onError: notice }),
    mutationCache: new MutationCache({ onError: notice }),
    defaultOptions: {
      queries: {
        // A request is tried even when the browser believes to be offline: its belief is often wrong, an error screen with a button is not.
        networkMode: 'always',
        retry: (count, error) => error instanceof Fault && TRANSIENT.has(error.code) && count < 2,
        refetchOnWindowFocus: true,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  })
}
