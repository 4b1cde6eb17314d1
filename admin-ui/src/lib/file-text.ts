// A file that somebody chose, as text: in UTF-8 or in what spreadsheets of Windows write in Japan.

/** What fits into one request, with the escapes of JSON and everything around it. */
export const FILE_BYTES_MAX = 200_000

export type FileText = { text: string } | { problem: 'fileTooLarge' | 'fileUnreadable' }

export async function readFileText(file: Blob): Promise<FileText> {
  if (file.size > FILE_BYTES_MAX) return { problem: 'fileTooLarge' }
  const bytes = await file.arrayBuffer()
  for (const encoding of ['utf-8', 'shift_jis']) {
    try {
      return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes) }
    } catch {
      // The next one.
    }
  }
  return { problem: 'fileUnreadable' }
}
