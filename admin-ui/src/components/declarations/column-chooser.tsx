// Which columns the list has, and in which order: ticked here, moved up and down by buttons, kept in the address.
import { useRef } from 'react'
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { Button, buttonClass, IconButton } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { type ColumnId, DEFAULT_COLUMNS, MORE_COLUMNS } from './columns'

const ALL: readonly ColumnId[] = [...DEFAULT_COLUMNS, ...MORE_COLUMNS]

interface Props {
  shown: readonly ColumnId[]
  onChange: (ids: ColumnId[]) => void
}

/** `off`: why it cannot go further. */
function Mover({ id, icon, label, off, onMove }: { id: ColumnId; icon: 'up' | 'down'; label: string; off: string | undefined; onMove: () => void }) {
  return <IconButton icon={icon} data-move={id} className={`size-7 ${off ? 'text-quiet' : ''}`} label={label} title={off} aria-disabled={off !== undefined || undefined} onClick={() => off === undefined && onMove()} />
}

function Shown({ shown, onChange }: Props) {
  const { t } = useTranslation()
  const list = useRef<HTMLUListElement>(null)
  const move = (id: ColumnId, by: -1 | 1) => {
    const place = shown.indexOf(id)
    const next = shown.filter((other) => other !== id)
    next.splice(place + by, 0, id)
    onChange(next)
    // The row went elsewhere with its buttons; where one has reached the end the other one goes on.
    requestAnimationFrame(() => {
      const buttons = [...(list.current?.querySelectorAll<HTMLButtonElement>(`[data-move="${id}"]`) ?? [])]
      const wanted = buttons[by === -1 ? 0 : 1]
      const usable = wanted?.getAttribute('aria-disabled') === 'true' ? buttons[by === -1 ? 1 : 0] : wanted
      usable?.focus()
    })
  }
  return (
    <ul ref={list} className="border-b border-line pb-2">
      {shown.map((id, place) => {
        const word = t(`list.column.${id}`)
        if (id === 'name') {
          return (
            <li key={id} className="flex min-h-8 items-center px-2 text-sm text-muted">
              {t('list.columnFixed', { column: word })}
            </li>
          )
        }
        return (
          <li key={id} className="flex min-h-8 items-center gap-1 px-2 text-sm">
            <label className="flex min-w-0 flex-1 items-center gap-2">
              <input type="checkbox" className="size-4.5 accent-accent" checked onChange={() => onChange(shown.filter((other) => other !== id))} />
              {word}
            </label>
            <Mover id={id} icon="up" label={t('list.columnUp', { column: word })} off={place === 1 ? t('list.columnFirst') : undefined} onMove={() => move(id, -1)} />
            <Mover id={id} icon="down" label={t('list.columnDown', { column: word })} off={place === shown.length - 1 ? t('list.columnLast') : undefined} onMove={() => move(id, 1)} />
          </li>
        )
      })}
    </ul>
  )
}

export function ColumnChooser({ shown, onChange }: Props) {
  const { t } = useTranslation()
  const hidden = ALL.filter((id) => !shown.includes(id))
  return (
    <DialogTrigger>
      <AriaButton className={`${buttonClass('secondary', false, 'sm')} max-md:hidden`} data-print="hide">
        {t('list.columns')}
        <Icon name="down" className="size-3.5" />
      </AriaButton>
      <Popover className="max-h-[70dvh] w-80 max-w-[calc(100vw-1rem)] overflow-auto rounded-lg border border-line bg-raised text-text shadow-lift" placement="bottom end">
        <Dialog aria-label={t('list.columnsTitle')} className="flex flex-col gap-2 p-2 outline-none">
          <Shown shown={shown} onChange={onChange} />
          <ul>
            {hidden.map((id) => (
              <li key={id}>
                <label className="flex min-h-8 items-center gap-2 rounded-sm px-2 text-sm hover:bg-hover">
                  <input type="checkbox" className="size-4.5 accent-accent" checked={false} onChange={() => onChange([...shown, id])} />
                  {t(`list.column.${id}`)}
                </label>
              </li>
            ))}
          </ul>
          <Button look="plain" size="sm" className="self-start" onClick={() => onChange([...DEFAULT_COLUMNS])}>
            {t('list.columnsReset')}
          </Button>
        </Dialog>
      </Popover>
    </DialogTrigger>
  )
}
