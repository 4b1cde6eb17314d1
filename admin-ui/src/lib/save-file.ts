// Hands a file that the page has made or fetched to the browser to save.

/** Long enough for every browser to have begun to write it. */
const KEPT_MS = 60_000

export function saveFile(content: Blob, name: string) {
  const address = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), KEPT_MS)
}
