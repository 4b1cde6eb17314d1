// Which figures: the day, typed or picked, in 和暦 too; and what they are narrowed to.
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type FigureQuestion, ORIGINS } from '../../graphql/figures'
import { readDay } from '../../lib/date-text'
import { blockConversionEnter } from '../../lib/ime'
import { STARS } from '../../lib/search-params'
import { Button } from '../../ui/button'
import { DayInput } from '../../ui/day-input'
import { SelectInput } from '../../ui/field'

interface Props {
  /** As the address has it, also when it is no day. */
  asOf: string | undefined
  question: FigureQuestion
  /** What is wrong with the day. */
  error: string | undefined
  onAsk: (change: Partial<Pick<FigureQuestion, 'asOf' | 'star' | 'origin'>>) => void
}

export function FigureQuestionForm({ asOf, question, error, onAsk }: Props) {
  const { t } = useTranslation()
  const [text, setText] = useState(asOf ?? '')
  const [own, setOwn] = useState<string>()
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const day = readDay(text)
    if (text.trim() !== '' && day === undefined) {
      setOwn(t('day.unreadable'))
      document.getElementById('figures-as-of')?.focus()
      return
    }
    setOwn(undefined)
    onAsk({ asOf: day })
  }
  const ofToday = () => {
    setText('')
    setOwn(undefined)
    onAsk({ asOf: undefined })
  }
  return (
    <form noValidate onSubmit={submit} onKeyDown={blockConversionEnter} aria-label={t('figures.question')} className="flex flex-wrap items-start gap-x-6 gap-y-3" data-print="hide">
      <div className="flex flex-wrap items-start gap-x-2 gap-y-2">
        {/* A sentence about the day moves nothing beside it. */}
        <div className="w-76 max-w-full">
          <DayInput id="figures-as-of" label={t('figures.asOf')} help={t('figures.asOfHelp')} value={text} onChange={setText} error={own ?? error} />
        </div>
        <div className="flex gap-2 sm:mt-[4.45rem]">
          <Button type="submit">{t('figures.submit')}</Button>
          <Button onClick={ofToday}>{t('figures.today')}</Button>
        </div>
      </div>
      <div className="flex flex-wrap gap-x-4 gap-y-3">
        <SelectInput label={t('figures.star')} value={question.star ?? ''} onChange={(event) => onAsk({ star: STARS.find((star) => star === event.target.value) })} className="min-w-36">
          <option value="">{t('figures.all')}</option>
          {STARS.map((star) => (
            <option key={star} value={star}>
              {t(star === 'TWO' ? 'choice.2' : 'choice.1')}
            </option>
          ))}
        </SelectInput>
        <SelectInput label={t('figures.originLabel')} value={question.origin ?? ''} onChange={(event) => onAsk({ origin: ORIGINS.find((origin) => origin === event.target.value) })} className="min-w-48">
          <option value="">{t('figures.all')}</option>
          {ORIGINS.map((origin) => (
            <option key={origin} value={origin}>
              {t(`provenance.${origin}`)}
            </option>
          ))}
        </SelectInput>
      </div>
    </form>
  )
}
