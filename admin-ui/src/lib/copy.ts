// Numbers are read in groups and used without: whoever marks one, or rows of them, and copies gets the digits alone.
const NUMBER = /(?<![\d ])(?:\d{4} \d{4} \d{3}|\d \d{4} \d{4} \d{4})(?! ?\d)/g

/** Takes the spaces out of declaration numbers and corporate numbers, and out of nothing else. */
export const withoutGaps = (text: string): string => text.replaceAll(NUMBER, (number) => number.replaceAll(' ', ''))

export function startCopying() {
  document.addEventListener('copy', (event) => {
    // What somebody typed is theirs.
    if (event.target instanceof HTMLElement && event.target.matches('input, textarea')) return
    const text = document.getSelection()?.toString() ?? ''
    const plain = withoutGaps(text)
    if (plain === text) return
    event.clipboardData?.setData('text/plain', plain)
    event.preventDefault()
  })
}
