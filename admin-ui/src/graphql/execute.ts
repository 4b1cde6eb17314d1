// Sends one GraphQL document to the server and turns every way it can fail into a `Fault`.
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

interface Answer<T> {
  data?: T | null
  errors?: { extensions?: { code?: string; requestId?: string; permission?: string } }[]
}

export async function execute<Result, Variables>(
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<Result> {
  let response: Response
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      credentials: 'same-origin',
      body: JSON.stringify({ query: document.toString(), variables }),
      signal,
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new Fault('NETWORK')
  }
  const requestId = response.headers.get('x-request-id') ?? undefined
  const answer = (await response.json().catch(() => null)) as Answer<Result> | null
  const problem = answer?.errors?.[0]?.extensions
  if (answer?.errors?.length) throw new Fault(problem?.code ?? 'INTERNAL', problem?.requestId ?? requestId, problem?.permission)
  if (!answer?.data) throw new Fault(response.status === 401 ? 'UNAUTHENTICATED' : 'INTERNAL', requestId)
  return answer.data
}
