// A month to choose a day from, with the year and the month to hand: registers go back nine years. Loaded when first opened.
import { CalendarDate, parseDate } from '@internationalized/date'
import type { RefObject } from 'react'
import {
  Button, Calendar, CalendarCell, CalendarGrid, CalendarGridBody, CalendarGridHeader, CalendarHeaderCell, CalendarMonthPicker, CalendarYearPicker,
  Dialog, Popover,
} from 'react-aria-components'
import { today } from '../lib/format'
import { Icon } from './icons'

interface Props {
  label: string
  trigger: RefObject<HTMLElement | null>
  /** As `2026-05-12`; undefined where nothing readable stands in the input. */
  value: string | undefined
  max: string | undefined
  onPick: (day: string) => void
  onClose: () => void
}

/** Around today, and as far back as the oldest declarations. */
const YEARS = 21

interface ChoiceProps {
  'aria-label': string
  value: string | number
  onChange: (key: string | number | null) => void
  items: { id: number; formatted: string }[]
}

const Choice = ({ value, onChange, items, 'aria-label': label }: ChoiceProps) => (
  <select aria-label={label} value={value} onChange={(event) => onChange(Number(event.target.value))} className="min-h-8 rounded-md border border-control bg-raised px-1 text-sm touch:min-h-11">
    {items.map((item) => (
      <option key={item.id} value={item.id}>
        {item.formatted}
      </option>
    ))}
  </select>
)

export function CalendarWindow({ label, trigger, value, max, onPick, onClose }: Props) {
  const step = 'flex size-8 items-center justify-center rounded-md text-muted data-hovered:bg-hover data-hovered:text-text data-disabled:invisible touch:size-11'
  return (
    <Popover triggerRef={trigger} isOpen onOpenChange={(open) => !open && onClose()} placement="bottom end" className="rounded-lg border border-line bg-raised text-text shadow-lift">
      <Dialog aria-label={label} className="p-3 outline-none">
        <Calendar
          aria-label={label}
          autoFocus
          firstDayOfWeek="sun"
          defaultFocusedValue={parseDate(value ?? today())}
          value={value ? parseDate(value) : null}
          maxValue={max ? parseDate(max) : undefined}
          minValue={new CalendarDate(1926, 1, 1)}
          onChange={(day) => day && onPick(day.toString())}
        >
          <header className="flex items-center justify-between gap-1 pb-2">
            <Button slot="previous" className={step}>
              <Icon name="left" />
            </Button>
            <span className="flex gap-1">
              <CalendarYearPicker visibleYears={YEARS}>{(picker) => <Choice {...picker} />}</CalendarYearPicker>
              <CalendarMonthPicker>{(picker) => <Choice {...picker} />}</CalendarMonthPicker>
            </span>
            <Button slot="next" className={step}>
              <Icon name="right" />
            </Button>
          </header>
          <CalendarGrid className="num border-separate border-spacing-0.5 text-sm">
            <CalendarGridHeader>{(day) => <CalendarHeaderCell className="font-normal text-muted">{day}</CalendarHeaderCell>}</CalendarGridHeader>
            <CalendarGridBody>
              {(day) => (
                <CalendarCell
                  date={day}
                  className="flex size-9 cursor-pointer items-center justify-center rounded-md outline-offset-0 data-disabled:cursor-default data-disabled:text-muted data-disabled:line-through data-hovered:bg-hover data-outside-month:hidden data-selected:bg-accent data-selected:font-bold data-selected:text-on-accent data-today:underline data-today:decoration-2 data-today:underline-offset-4 touch:size-11"
                />
              )}
            </CalendarGridBody>
          </CalendarGrid>
        </Calendar>
      </Dialog>
    </Popover>
  )
}
