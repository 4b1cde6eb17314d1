// While an input method is converting, Enter chooses a word: it must never submit, open or close anything.
interface KeyLike {
  key: string
  keyCode?: number
  isComposing?: boolean
  nativeEvent?: { isComposing?: boolean; keyCode?: number }
}

/** Safari ends the composition before it sends the key, but still marks it with key code 229. */
export function isConverting(event: KeyLike): boolean {
  const native = event.nativeEvent ?? event
  return native.isComposing === true || native.keyCode === 229
}

/** Put on a <form>: stops the Enter that ends a conversion from submitting it. */
export function blockConversionEnter(event: KeyLike & { preventDefault(): void; stopPropagation(): void }) {
  if (event.key === 'Enter' && isConverting(event)) {
    event.preventDefault()
    event.stopPropagation()
  }
}
