// The answers of a self-diagnosis: a line for each question, by mouse, by the keys of radio buttons, or by 1 to 4 alone.
import type { TFunction } from 'i18next'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { DiagnosisAnswer } from '../graphql/gql/graphql'
import { isConverting } from '../lib/ime'
import { FieldError, RequiredMark } from '../ui/field'
import type { Bound, CaseValues } from './case-form'

export const QUESTIONS = 25
const ANSWERS = [
  { mark: 'D', answer: 'DONE' },
  { mark: 'P', answer: 'PARTLY' },
  { mark: 'N', answer: 'NOT_DONE' },
  { mark: 'U', answer: 'UNKNOWN' },
] as const satisfies readonly { mark: string; answer: DiagnosisAnswer }[]
const NONE = '-'

/** The parts of the questionnaire: their first questions. */
const PARTS = [
  { first: 0, word: 'basic' },
  { first: 5, word: 'staff' },
  { first: 18, word: 'organisation' },
] as const

/** What is typed is one letter for each question. */
const marksOf = (text: string | undefined): string => (text ?? '').padEnd(QUESTIONS, NONE)

const missingOf = (text: string | undefined) => [...marksOf(text)].flatMap((mark, index) => (mark === NONE ? [index + 1] : []))

export const readAnswers = (text: string): DiagnosisAnswer[] => [...text].flatMap((mark) => ANSWERS.filter((item) => item.mark === mark).map((item) => item.answer))

export function answersWrong(text: string, t: TFunction): string | true {
  const missing = missingOf(text)
  if (missing.length === 0) return true
  if (missing.length === QUESTIONS) return t('records.answersMissing')
  return t('records.answersLeft', { count: missing.length, numbers: missing.join(t('app.separator')) })
}

/** What the answers are worth; the server counts again. */
export function scoreOf(text: string, questionnaire: string): number {
  const points: Record<string, number> = { D: 4, P: 2, N: 0, U: questionnaire === '25-v2' ? 0 : -1 }
  return [...text].reduce((sum, mark) => sum + (points[mark] ?? 0), 0)
}

export function DiagnosisAnswers({ bound, error, typed }: { bound: Bound; error: string | undefined; typed: CaseValues }) {
  const { t } = useTranslation()
  const marks = marksOf(bound.value)
  const missing = missingOf(bound.value)
  const first = missing[0] ?? 1
  const answer = (index: number, mark: string) => bound.onChange(marks.slice(0, index) + mark + marks.slice(index + 1))
  /** A digit answers the question and goes on to the next. */
  const onKeyDown = (event: KeyboardEvent<HTMLElement>, index: number) => {
    const chosen = ANSWERS[Number(event.key) - 1]
    if (!chosen || isConverting(event.nativeEvent) || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    answer(index, chosen.mark)
    const next = document.querySelectorAll<HTMLElement>('[data-question]')[index + 1]
    const here = event.currentTarget.querySelectorAll('input')[ANSWERS.indexOf(chosen)]
    ;(next?.querySelector<HTMLElement>('input:checked') ?? next?.querySelector('input') ?? here)?.focus()
  }
  return (
    <fieldset className="flex min-w-0 flex-col gap-3" aria-describedby={error ? 'answers-help answers-error' : 'answers-help'}>
      <legend className="flex items-center gap-2 font-bold">
        {t('records.label.answers')}
        <RequiredMark required />
      </legend>
      <p id="answers-help" className="text-sm text-muted">
        {t('records.help.answers')}
      </p>
      <FieldError id="answers-error" error={error} />
      {PARTS.map((part, at) => (
        <section key={part.word} aria-label={t(`records.part.${part.word}`)}>
          <h3 className="border-b border-line pb-1 text-sm text-muted">{t(`records.part.${part.word}`)}</h3>
          {Array.from({ length: (PARTS[at + 1]?.first ?? QUESTIONS) - part.first }, (_, offset) => part.first + offset).map((index) => (
            <Question key={index} index={index} mark={marks[index] ?? NONE} firstId={index + 1 === first ? bound.name : undefined} onAnswer={(mark) => answer(index, mark)} onKeyDown={(event) => onKeyDown(event, index)} />
          ))}
        </section>
      ))}
      <p role="status" className="sticky -bottom-5 -mx-5 border-t border-line bg-raised px-5 py-2">
        <span className="num text-lg font-bold">{t('record.points', { value: scoreOf(marks, typed['questionnaire'] ?? '') })}</span>{' '}
        <span className="text-sm text-muted">{missing.length === 0 ? t('records.answeredAll') : t('records.answered', { count: QUESTIONS - missing.length, all: QUESTIONS })}</span>
      </p>
    </fieldset>
  )
}

interface QuestionProps {
  index: number
  mark: string
  /** Where the summary of problems leads to. */
  firstId: string | undefined
  onAnswer: (mark: string) => void
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void
}

function Question({ index, mark, firstId, onAnswer, onKeyDown }: QuestionProps) {
  const { t } = useTranslation()
  const word = String(t(`records.question.${(index + 1) as 1}`))
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the keys are those of the radio buttons inside
    <fieldset data-question className="grid grid-cols-1 items-center gap-x-3 border-b border-line/60 py-1 sm:grid-cols-[1fr_auto]" aria-label={`${index + 1}. ${word}`} onKeyDown={onKeyDown}>
      <span aria-hidden="true" className="flex gap-2 text-sm leading-snug">
        <span className="num w-5 shrink-0 text-right text-muted">{index + 1}</span>
        {word}
      </span>
      <span className="flex gap-0.5 max-sm:pl-7">
        {ANSWERS.map((item, at) => (
          <label key={item.mark} title={t(`records.answer.${item.answer}`)} className="flex min-h-8 cursor-pointer items-center gap-1 rounded-md px-1.5 text-sm hover:bg-hover has-checked:bg-selected has-checked:font-bold touch:min-h-11">
            <input
              id={at === 0 ? firstId : undefined}
              type="radio"
              name={`question-${index + 1}`}
              aria-label={t(`records.answer.${item.answer}`)}
              checked={mark === item.mark}
              onChange={() => onAnswer(item.mark)}
              className="size-4 accent-accent"
            />
            <span aria-hidden="true">{t(`records.answerShort.${item.answer}`)}</span>
          </label>
        ))}
      </span>
    </fieldset>
  )
}
