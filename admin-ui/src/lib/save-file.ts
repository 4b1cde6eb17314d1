// Hands a text to the browser as a file. The text is in the page already; nothing is asked of a server.
export function saveFile(name: string, type: string, text: string) {
  const address = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser has taken it once it has had a turn.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
