// Typing into a search: asked for after a pause, never while it is converted, at once by Enter, and taken back by Escape. The down arrow
// leads to the first row of what was found.
import { type ChangeEvent, type CompositionEvent, type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { isConverting } from '../lib/ime'

const PAUSE_MS = 250

interface Search {
  /** What the address asks for. */
  asked: string
  ask: (q: string) => void
  /** Whether a pause is enough; otherwise only Enter asks. */
  asksSoon: boolean
}

export function useSearchTyping({ asked, ask, asksSoon }: Search) {
  const [text, setText] = useState(asked)
  const input = useRef<HTMLInputElement>(null)
  const composing = useRef(false)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  // The address changed by other means (back, a removed chip): the box follows, unless somebody is typing in it.
  useEffect(() => {
    if (document.activeElement !== input.current) setText(asked)
  }, [asked])

  const askNow = (q: string) => {
    clearTimeout(timer.current)
    ask(q)
  }
  const askSoon = (q: string) => {
    clearTimeout(timer.current)
    if (asksSoon) timer.current = setTimeout(() => askNow(q), PAUSE_MS)
  }
  const clear = () => {
    setText('')
    askNow('')
  }
  return {
    text,
    clear: () => {
      clear()
      input.current?.focus()
    },
    onSubmit: (event: FormEvent) => {
      event.preventDefault()
      askNow(text)
    },
    field: {
      ref: input,
      type: 'text',
      inputMode: 'search',
      enterKeyHint: 'search',
      autoComplete: 'off',
      spellCheck: false,
      value: text,
      onChange: (event: ChangeEvent<HTMLInputElement>) => {
        setText(event.target.value)
        if (!composing.current) askSoon(event.target.value)
      },
      onCompositionStart: () => {
        composing.current = true
        clearTimeout(timer.current)
      },
      onCompositionEnd: (event: CompositionEvent<HTMLInputElement>) => {
        composing.current = false
        askSoon(event.currentTarget.value)
      },
      onKeyDown: (event: KeyboardEvent) => {
        if (isConverting(event)) {
          if (event.key === 'Enter') event.preventDefault()
          return
        }
        if (event.key === 'Escape' && text !== '') clear()
        const row = event.key === 'ArrowDown' && document.querySelector<HTMLElement>('[data-row-link]')
        if (row) {
          event.preventDefault()
          row.focus()
        }
      },
    },
  } as const
}
