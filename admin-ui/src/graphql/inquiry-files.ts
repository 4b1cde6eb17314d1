// A file that came with a message: taken only after the server has looked at it, and refused with a code that says why.
import { Fault } from './execute'

/** Why a file was not handed out. */
export const FILE_REFUSALS = ['file_quarantined', 'file_infected', 'file_too_large', 'scanner_unavailable', 'kept_back', 'forbidden', 'gone', 'network', 'failed'] as const
export type FileRefusal = (typeof FILE_REFUSALS)[number]

export const fileAddress = (messageId: string, index: number) => `/inquiries/files/${encodeURIComponent(messageId)}/${index}`
export const htmlAddress = (messageId: string) => `/inquiries/html/${encodeURIComponent(messageId)}`

/** Where the server gives no reason. */
const BY_STATUS: Readonly<Record<number, FileRefusal>> = { 403: 'forbidden', 404: 'gone', 410: 'gone', 422: 'kept_back', 503: 'scanner_unavailable' }

async function refusalOf(response: Response): Promise<FileRefusal> {
  const said = (await response.json().catch(() => null)) as { errors?: { extensions?: { reason?: unknown } }[] } | null
  const reason = said?.errors?.[0]?.extensions?.reason
  return FILE_REFUSALS.find((refusal) => refusal === reason) ?? BY_STATUS[response.status] ?? 'failed'
}

/** The file, or why there is none. A session that is over is a fault, as everywhere. */
export async function takeFile(messageId: string, index: number): Promise<Blob | FileRefusal> {
  let response: Response
  try {
    response = await fetch(fileAddress(messageId, index), { credentials: 'same-origin' })
    // Also a line that breaks in the middle: half a file is none.
    if (response.ok) return await response.blob()
  } catch {
    return 'network'
  }
  if (response.status === 401) throw new Fault('UNAUTHENTICATED')
  return refusalOf(response)
}
