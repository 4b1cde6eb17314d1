// One input that looks for something when it is sent, and says under it what is looked for now.
import { useEffect, useRef, useState } from 'react'
import { blockConversionEnter } from '../../lib/ime'
import { Button, IconButton } from '../../ui/button'

interface Props {
  id: string
  label: string
  help?: string
  submit: string
  /** What is asked for now. */
  asked: string
  onSearch: (text: string) => void
  /** What is looked for now, in words; undefined while nothing is. */
  chip: string | undefined
  removeWord: string
}

export function SearchForm({ id, label, help, submit, asked, onSearch, chip, removeWord }: Props) {
  const [text, setText] = useState(asked)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (document.activeElement !== input.current) setText(asked)
  }, [asked])
  const clear = () => {
    setText('')
    onSearch('')
    input.current?.focus()
  }
  return (
    <form
      role="search"
      aria-label={label}
      className="flex min-w-0 flex-wrap items-end gap-x-2 gap-y-2"
      data-keeps-focus
      data-print="hide"
      onKeyDown={blockConversionEnter}
      onSubmit={(event) => {
        event.preventDefault()
        onSearch(text)
      }}
    >
      <div className="min-w-0 basis-full sm:basis-96">
        <label htmlFor={id} className="block text-sm font-bold">
          {label}
        </label>
        <input
          id={id}
          ref={input}
          type="text"
          inputMode="search"
          enterKeyHint="search"
          autoComplete="off"
          spellCheck={false}
          aria-describedby={help ? `${id}-help` : undefined}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="control w-full"
        />
      </div>
      <Button type="submit" icon="search">
        {submit}
      </Button>
      {(help ?? chip) && (
        <div className="flex min-h-10 min-w-0 flex-wrap items-center gap-x-3 gap-y-1 text-sm">
          {chip && (
            <span className="flex min-w-0 items-center rounded-md border border-accent bg-selected pl-2.5">
              <span className="max-w-80 truncate">{chip}</span>
              <IconButton icon="close" label={removeWord} className="size-7" onClick={clear} />
            </span>
          )}
          {help && (
            <span id={`${id}-help`} className="text-muted">
              {help}
            </span>
          )}
        </div>
      )}
    </form>
  )
}
