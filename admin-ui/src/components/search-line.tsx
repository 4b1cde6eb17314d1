// A line to search a list with. What is typed is asked for after a pause, never while it is converted.
import { useId } from 'react'
import { IconButton } from '../ui/button'
import { Icon } from '../ui/icons'
import { useSearchTyping } from '../ui/search-typing'

interface Props {
  asked: string
  label: string
  /** What is searched. */
  help: string
  clear: string
  onAsk: (q: string | undefined) => void
}

export function SearchLine({ asked, label, help, clear: clearLabel, onAsk }: Props) {
  const id = useId()
  const { text, clear, onSubmit, field } = useSearchTyping({ asked, ask: (q) => onAsk(q.trim() === '' ? undefined : q), asksSoon: true })
  return (
    <form role="search" aria-label={label} className="flex min-w-0 flex-col gap-1" onSubmit={onSubmit}>
      <label htmlFor={id} className="text-xs text-muted">
        {label}
      </label>
      <span className="relative flex items-center">
        <Icon name="search" className="pointer-events-none absolute left-2 size-4 text-muted" />
        <input {...field} id={id} data-page-search title={help} aria-describedby={`${id}-help`} className="control min-h-9 w-full py-1 pr-9 pl-8 touch:min-h-11" />
        <span id={`${id}-help`} className="sr-only">
          {help}
        </span>
        {text !== '' && <IconButton icon="close" label={clearLabel} className="absolute right-0.5" onClick={clear} />}
      </span>
    </form>
  )
}
