// The one socket of this page, by which the server says what has changed. It says only that; what is shown is read by the usual queries,
// so that every read is on record. Without a socket the pages ask by themselves from time to time, as they always do.
import { type Client, createClient } from 'graphql-ws'
import type { TypedDocumentString } from './gql/graphql'

/** The longest pause between two tries to open it. */
const LONGEST_PAUSE_MS = 60_000

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Half of it by chance: after a restart not everybody comes back in the same second. */
export const pauseBefore = (tries: number, chance = Math.random()): number => Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** tries) * (0.5 + chance / 2)

let shared: Client | undefined

function socket(): Client {
  shared ??= createClient({
    url: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/graphql/socket`,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (tries) => pause(pauseBefore(tries)),
    shouldRetry: () => true,
    connectionAckWaitTimeout: 10_000,
  })
  return shared
}

/** Hears each change until the returned function is called. `onEnd`: the server ended it, for example because the session is over. */
export function watch<Result, Variables extends Record<string, unknown>>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  on: { change: (data: Result) => void; end: () => void },
): () => void {
  let stop = () => {}
  let timer: ReturnType<typeof setTimeout> | undefined
  let isOver = false
  // Times that it ended since anything was heard. A session that ended, or was renewed, ends it; whoever still has one asks again.
  let ended = 0
  const again = () => {
    if (isOver) return
    on.end()
    timer = setTimeout(begin, pauseBefore(ended))
    ended += 1
  }
  const next = ({ data }: { data?: Result | null }) => {
    ended = 0
    if (data) on.change(data)
  }
  const begin = () => {
    stop = socket().subscribe<Result>({ query: document.toString(), variables }, { next, error: again, complete: again })
  }
  begin()
  return () => {
    isOver = true
    clearTimeout(timer)
    stop()
  }
}
