// Sends one GraphQL document to the server and turns every way it can fail into a `Fault`.
import { isAway } from '../lib/presence'
import type { TypedDocumentString } from './gql/graphql'

/** Why no data came back. Expected outcomes are never faults: they are members of the result's union. */
export type FaultCode =
  | 'UNAUTHENTICATED'
  | 'FORBIDDEN'
  | 'INTERNAL'
  | 'TIMEOUT'
  | 'TOO_COMPLEX'
  | 'NETWORK'
  | (string & {})

export class Fault extends Error {
  constructor(
    readonly code: FaultCode,
    readonly requestId?: string,
    /** The missing right, when the server names it with FORBIDDEN. */
    readonly permission?: string,
  ) {
    super(code)
    this.name = 'Fault'
  }
}

/** What the server writes where it could not do as asked. */
export interface Answer<T> {
  data?: T | null
  errors?: { extensions?: { code?: string; requestId?: string; permission?: string } }[]
}

/** Undefined for what worked. */
export function faultOf(response: Response, answer: Answer<unknown> | null): Fault | undefined {
  const requestId = response.headers.get('x-request-id') ?? undefined
  const problem = answer?.errors?.[0]?.extensions
  if (answer?.errors?.length) return new Fault(problem?.code ?? 'INTERNAL', problem?.requestId ?? requestId, problem?.permission)
  if (!answer?.data) return new Fault(response.status === 401 ? 'UNAUTHENTICATED' : 'INTERNAL', requestId)
  return undefined
}

/** The name of the operation: the record of who saw what says by it from which page. */
const nameOf = (query: string): string | undefined => /^\s*(?:query|mutation) (\w+)/m.exec(query)?.[1]

export async function execute<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  let response: Response
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', ...(isAway() && { 'x-sengen-away': '1' }) },
      credentials: 'same-origin',
      body: JSON.stringify({ query: document.toString(), operationName: nameOf(document.toString()), variables }),
      signal,
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new Fault('NETWORK')
  }
  const answer = (await response.json().catch(() => null)) as Answer<Result> | null
  const fault = faultOf(response, answer)
  if (fault) throw fault
  return answer?.data as Result
}
