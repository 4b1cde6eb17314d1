// Which days are counted: typed, picked, or one of those that are asked for most.
import { Link } from '@tanstack/react-router'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Period, PRESETS, presetPeriod, searchOf } from '../../graphql/inquiry-numbers'
import { readDay } from '../../lib/date-text'
import { today } from '../../lib/format'
import { blockConversionEnter } from '../../lib/ime'
import { Button, CHOICE_LINK } from '../../ui/button'
import { DayInput } from '../../ui/day-input'

interface Props {
  /** As the address has them, also when they are none. */
  asked: { from: string; to: string }
  /** What is wrong with them. */
  error: string | undefined
  onAsk: (period: Period) => void
}

function Presets({ asked }: Pick<Props, 'asked'>) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('inquiryNumbers.presets')} className="flex flex-wrap gap-1">
      {PRESETS.map((preset) => {
        const period = presetPeriod(preset)
        const mark = { 'aria-current': period.from === asked.from && period.to === asked.to ? ('page' as const) : undefined }
        return (
          <Link
            key={preset}
            to="/inquiries/numbers"
            search={searchOf(period)}
            replace
            resetScroll={false}
            activeOptions={{ exact: true, includeSearch: true }}
            activeProps={mark}
            inactiveProps={mark}
            className={CHOICE_LINK}
          >
            {t(`inquiryNumbers.preset.${preset}`)}
          </Link>
        )
      })}
    </nav>
  )
}

export function PeriodForm({ asked, error, onAsk }: Props) {
  const { t } = useTranslation()
  const [from, setFrom] = useState(asked.from)
  const [to, setTo] = useState(asked.to)
  const [wrong, setWrong] = useState<{ from?: string; to?: string }>({})
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const [first, last] = [readDay(from), readDay(to)]
    const unreadable = { from: first === undefined ? t('day.unreadable') : undefined, to: last === undefined ? t('day.unreadable') : first !== undefined && first > last ? t('inquiryNumbers.order') : undefined }
    setWrong(unreadable)
    const field = unreadable.from ? 'numbers-from' : unreadable.to ? 'numbers-to' : undefined
    if (field) document.getElementById(field)?.focus()
    else if (first !== undefined && last !== undefined) onAsk({ from: first, to: last })
  }
  return (
    <div className="flex flex-col gap-3" data-print="hide">
      <Presets asked={asked} />
      <form noValidate aria-label={t('inquiryNumbers.question')} onSubmit={submit} onKeyDown={blockConversionEnter} className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="w-96 max-w-full">
          <DayInput id="numbers-from" label={t('inquiryNumbers.from')} value={from} onChange={setFrom} max={today()} error={wrong.from ?? error} />
        </div>
        <div className="w-96 max-w-full">
          <DayInput id="numbers-to" label={t('inquiryNumbers.to')} value={to} onChange={setTo} max={today()} error={wrong.to} />
        </div>
        <div className="sm:mt-[3.45rem]">
          <Button type="submit">{t('inquiryNumbers.submit')}</Button>
        </div>
      </form>
    </div>
  )
}
