// Files that are sent before the change that they belong to. By XMLHttpRequest, as fetch does not tell how far it has come.
import { type Answer, Fault, faultOf } from './execute'

/** For which record: one that exists, or one that a command will make. */
export type UploadFor = { declaration: string } | { command: string }

/** What is wrong with the file itself. */
export class RefusedFile extends Error {
  constructor(readonly problem: { code: string; message: string }) {
    super(problem.code)
    this.name = 'RefusedFile'
  }
}

interface Problem {
  problem?: { code: string; message: string }
}

/** Reads what the server said, when the file was taken. */
function answerOf<T>(request: XMLHttpRequest): T {
  let answer: (T & Problem & Answer<unknown>) | null = null
  try {
    answer = JSON.parse(request.responseText) as T & Problem & Answer<unknown>
  } catch {
    // Nothing that the server of ours would say.
  }
  if (answer && request.status >= 200 && request.status < 300) return answer
  if (answer?.problem) throw new RefusedFile(answer.problem)
  const headers = new Headers({ 'x-request-id': request.getResponseHeader('x-request-id') ?? '' })
  throw faultOf({ status: request.status, headers } as Response, answer) ?? new Fault('INTERNAL')
}

export interface Sending {
  of: UploadFor
  file: File
  onSent: (bytes: number) => void
  signal: AbortSignal
}

/** The id of the file, for the change. */
export async function sendFile({ of, ...sending }: Sending): Promise<string> {
  const answer = await sendTo<{ file?: { id: string } }>(`/uploads?${new URLSearchParams({ ...of }).toString()}`, sending)
  if (!answer.file) throw new Fault('INTERNAL')
  return answer.file.id
}

/** Sends a file to an address, and reads what comes back. */
export function sendTo<T>(address: string, { file, onSent, signal }: Omit<Sending, 'of'>): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', address)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.setRequestHeader('x-file-name', encodeURIComponent(file.name))
    request.upload.addEventListener('progress', (event) => onSent(event.loaded))
    request.addEventListener('load', () => {
      try {
        resolve(answerOf<T>(request))
      } catch (cause) {
        reject(cause instanceof Error ? cause : new Fault('INTERNAL'))
      }
    })
    request.addEventListener('error', () => reject(new Fault('NETWORK')))
    request.addEventListener('abort', () => reject(new Fault('NETWORK')))
    signal.addEventListener('abort', () => request.abort())
    request.send(file)
  })
}
