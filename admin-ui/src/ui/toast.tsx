// Short news of what has finished. Never for errors: those stay where they happened until they are dealt with.
import { useEffect, useState, useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from './button'
import { Icon } from './icons'

/** What can be done about it at once. */
interface Action {
  word: string
  run: () => void
}

interface Toast {
  id: number
  text: string
  action?: Action
}

const SHOWN_FOR_MS = 8000
/** Time enough to read it, to find that it was a slip, and to get there by keyboard. */
const WITH_ACTION_MS = 20_000

let toasts: readonly Toast[] = []
let lastId = 0
const listeners = new Set<() => void>()

function change(next: readonly Toast[]) {
  toasts = next
  for (const listener of listeners) listener()
}

/**
 * The same news again takes the place of the earlier one: once is enough to read, and it is news anew to a screen reader. What could be
 * done about earlier news is over with any later one: it may be about just that.
 */
export function toast(text: string, action?: Action) {
  lastId += 1
  change([...toasts.filter((item) => item.text !== text && !item.action), { id: lastId, text, action }])
}

const dismiss = (id: number) => change(toasts.filter((item) => item.id !== id))

function subscribe(listener: () => void) {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function Item({ item }: { item: Toast }) {
  const { t } = useTranslation()
  const [held, setHeld] = useState(false)
  const { action } = item
  useEffect(() => {
    if (held) return
    const timer = setTimeout(() => dismiss(item.id), action ? WITH_ACTION_MS : SHOWN_FOR_MS)
    return () => clearTimeout(timer)
  }, [held, item.id, action])
  return (
    <li
      className="flex items-center gap-3 rounded-md border border-good bg-raised py-2 pr-2 pl-4 text-text shadow-lift"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon name="check" className="size-5 text-good" />
      <span className="min-w-0 flex-1">{item.text}</span>
      {action && (
        <Button
          size="sm"
          onClick={() => {
            dismiss(item.id)
            action.run()
          }}
        >
          {action.word}
        </Button>
      )}
      <IconButton icon="close" label={t('action.dismiss')} onClick={() => dismiss(item.id)} />
    </li>
  )
}

export function ToastRegion() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    // Where a page has its buttons at the bottom (`data-docked`), news stands beside them, or over them where there is no room.
    <div
      role="status"
      className="pointer-events-none fixed inset-x-4 bottom-4 z-50 flex justify-center [:root:has([data-docked])_&]:bottom-20 xl:[:root:has([data-docked])_&]:bottom-4 xl:[:root:has([data-docked])_&]:left-26 xl:[:root:has([data-docked])_&]:justify-start"
      data-print="hide"
    >
      <ul className="pointer-events-auto flex max-w-xl flex-col gap-2">
        {shown.map((item) => (
          <Item key={item.id} item={item} />
        ))}
      </ul>
    </div>
  )
}
