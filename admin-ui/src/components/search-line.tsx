// A line to search a list with. What is typed is asked for after a pause, never while it is converted.
import { useEffect, useId, useRef, useState } from 'react'
import { isConverting } from '../lib/ime'
import { IconButton } from '../ui/button'
import { Icon } from '../ui/icons'

const TYPING_PAUSE_MS = 300

interface Props {
  asked: string
  label: string
  /** What is searched. */
  help: string
  clear: string
  onAsk: (q: string | undefined) => void
}

/** What is in the box, and when it is asked for. */
function useAsking(asked: string, onAsk: Props['onAsk']) {
  const [text, setText] = useState(asked)
  const input = useRef<HTMLInputElement>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  // The address changed by other means: the box follows, unless somebody is typing in it.
  useEffect(() => {
    if (document.activeElement !== input.current) setText(asked)
  }, [asked])
  const wait = () => clearTimeout(timer.current)
  const ask = (q: string) => {
    wait()
    onAsk(q.trim() === '' ? undefined : q)
  }
  const askSoon = (q: string) => {
    wait()
    timer.current = setTimeout(() => ask(q), TYPING_PAUSE_MS)
  }
  const empty = () => {
    setText('')
    ask('')
  }
  return { text, setText, input, wait, ask, askSoon, empty }
}

export function SearchLine({ asked, label, help, clear, onAsk }: Props) {
  const id = useId()
  const { text, setText, input, wait, ask, askSoon, empty } = useAsking(asked, onAsk)
  const composing = useRef(false)
  return (
    <form
      role="search"
      aria-label={label}
      className="flex min-w-0 flex-col gap-1"
      onSubmit={(event) => {
        event.preventDefault()
        ask(text)
      }}
    >
      <label htmlFor={id} className="text-xs text-muted">
        {label}
      </label>
      <span className="relative flex items-center">
        <Icon name="search" className="pointer-events-none absolute left-2 size-4 text-muted" />
        <input
          id={id}
          ref={input}
          data-page-search
          type="text"
          inputMode="search"
          enterKeyHint="search"
          autoComplete="off"
          spellCheck={false}
          title={help}
          aria-describedby={`${id}-help`}
          value={text}
          className="control min-h-9 w-full py-1 pr-9 pl-8 touch:min-h-11"
          onChange={(event) => {
            setText(event.target.value)
            if (!composing.current) askSoon(event.target.value)
          }}
          onCompositionStart={() => {
            composing.current = true
            wait()
          }}
          onCompositionEnd={(event) => {
            composing.current = false
            askSoon(event.currentTarget.value)
          }}
          onKeyDown={(event) => {
            if (isConverting(event)) {
              if (event.key === 'Enter') event.preventDefault()
              return
            }
            if (event.key === 'Escape' && text !== '') empty()
            const row = event.key === 'ArrowDown' && document.querySelector<HTMLElement>('[data-row-link]')
            if (row) {
              event.preventDefault()
              row.focus()
            }
          }}
        />
        <span id={`${id}-help`} className="sr-only">
          {help}
        </span>
        {text !== '' && (
          <IconButton
            icon="close"
            label={clear}
            className="absolute right-0.5"
            onClick={() => {
              empty()
              input.current?.focus()
            }}
          />
        )}
      </span>
    </form>
  )
}
