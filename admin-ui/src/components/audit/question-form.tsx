// What is asked: of which account, of which declaration where that is a question, and from when until when where the time is typed.
import { type ReactNode, type RefObject, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { InputProblem } from '../../graphql/gql/graphql'
import type { StaffAccount } from '../../graphql/staff'
import { readTypedTime, typedTime, type TypedTime } from '../../lib/audit-time'
import { isDeclarationNumber, plainNumber } from '../../lib/declaration-number'
import { formatDeclarationNumber } from '../../lib/format'
import { blockConversionEnter } from '../../lib/ime'
import { problemText } from '../../lib/problem-text'
import type { ReadsSearch } from '../../lib/search-params'
import { Button } from '../../ui/button'
import { DayBox } from '../../ui/day-input'
import { Field, TextInput } from '../../ui/field'
import type { ApiToken } from '../../graphql/tokens'
import { AccountInput, choicesOf, chosen } from './account-input'

interface Values extends TypedTime {
  /** As it is typed; until then it is the one of the address. */
  staff: string | undefined
  number: string
}
type Errors = Partial<Record<keyof Values, string>>

interface Props {
  question: ReadsSearch
  accounts: readonly StaffAccount[] | undefined
  /** Programs, where they can be asked for and for those who may see them. */
  tokens?: readonly ApiToken[] | undefined
  /** Whether one account has to be chosen, and no declaration can be. */
  ofOneAccount?: boolean
  /** Whether no declaration can be chosen. */
  withoutNumber?: boolean
  /** What stands first in the same row. */
  before?: ReactNode
  /** What the server found wrong with the question. */
  problems: readonly InputProblem[]
  onAsk: (question: ReadsSearch) => void
}

const valuesOf = (question: ReadsSearch): Values => ({ staff: undefined, number: formatDeclarationNumber(question.number ?? ''), ...typedTime(question) })

/** Where the server's words belong. */
const PLACES: Partial<Record<string, keyof Values>> = { staff: 'staff', declarationNumber: 'number', since: 'fromDay', until: 'untilDay' }

/** In their order on the screen, with the ids of the inputs. */
const INPUTS = { staff: 'audit-staff', number: 'audit-number', fromDay: 'audit-from', fromClock: 'audit-from-time', untilDay: 'audit-until', untilClock: 'audit-until-time' } as const

/** What is typed, until the address asks something else. */
function useValues(question: ReadsSearch) {
  const asked = JSON.stringify([question.staff, question.number, question.from, question.until, question.span])
  const [state, setState] = useState({ asked, values: valuesOf(question), errors: {} as Errors })
  const now = state.asked === asked ? state : { asked, values: valuesOf(question), errors: {} }
  if (now !== state) setState(now)
  return {
    values: now.values,
    errors: now.errors,
    change: (part: Partial<Values>) => setState({ ...now, values: { ...now.values, ...part }, errors: Object.fromEntries(Object.entries(now.errors).filter(([key]) => !(key in part))) }),
    refuse: (errors: Errors) => setState({ ...now, errors }),
  }
}

/** Puts the focus into the first input that has to be mended. */
function focusFirst(form: RefObject<HTMLFormElement | null>, errors: Errors) {
  const first = (Object.keys(INPUTS) as (keyof Values)[]).find((key) => errors[key])
  if (first) form.current?.querySelector<HTMLElement>(`#${INPUTS[first]}`)?.focus()
}

export function QuestionForm({ question, accounts, tokens, ofOneAccount = false, withoutNumber = ofOneAccount, before, problems, onAsk }: Props) {
  const { t } = useTranslation()
  const form = useRef<HTMLFormElement>(null)
  const { values, errors: own, change, refuse } = useValues(question)
  const told: Errors = Object.fromEntries(problems.flatMap((problem) => (PLACES[problem.field] ? [[PLACES[problem.field], problemText(problem)]] : [])))
  const errors = { ...told, ...own }
  const typed = question.from !== undefined
  const submit = () => {
    const number = plainNumber(values.number)
    const time = typed ? readTypedTime(values) : { from: undefined, until: undefined }
    const found: Errors = {}
    const text = values.staff?.trim()
    // Who it is, is looked for now: while it was typed the accounts may not have been there.
    const staff = text === undefined ? question.staff : text === '' ? undefined : chosen(choicesOf(accounts, tokens, t), text)
    if (text && !staff) found.staff = t(accounts ? 'audit.problem.nobody' : 'audit.problem.noAccounts')
    else if (ofOneAccount && !staff) found.staff = t('audit.problem.account')
    if (number !== '' && !isDeclarationNumber(number)) found.number = t('audit.problem.number')
    if (!('from' in time)) for (const [key, problem] of Object.entries(time)) found[key as keyof TypedTime] = problem === 'day' ? t('day.unreadable') : t(`audit.problem.${problem}`)
    refuse(found)
    if (Object.keys(found).length > 0 || !('from' in time)) return focusFirst(form, found)
    onAsk({ span: typed ? undefined : question.span, ...time, staff, number: number || undefined })
  }
  return (
    <form
      ref={form}
      role="search"
      aria-label={t('audit.question')}
      noValidate
      className="flex min-w-0 flex-wrap items-start gap-x-4 gap-y-3 text-sm"
      data-keeps-focus
      data-print="hide"
      onKeyDown={blockConversionEnter}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      {before}
      <div className="min-w-0 basis-full sm:basis-72">
        <AccountInput accounts={accounts} tokens={tokens} asked={question.staff} typed={values.staff} onType={(staff) => change({ staff })} required={ofOneAccount || undefined} error={errors.staff} />
      </div>
      {!withoutNumber && (
        <div className="min-w-0 basis-full sm:basis-52">
          <TextInput id={INPUTS.number} label={t('audit.number')} inputMode="numeric" autoComplete="off" className="num" error={errors.number} value={values.number} onChange={(event) => change({ number: event.target.value })} />
        </div>
      )}
      {typed && (
        <div className="flex min-w-0 flex-wrap gap-x-4 gap-y-3">
          <Edge edge="from" values={values} errors={errors} change={change} />
          <Edge edge="until" values={values} errors={errors} change={change} />
        </div>
      )}
      {/* Beside the inputs, not beside their labels; under them where there is no room. */}
      <Button type="submit" look="primary" icon="search" className="sm:mt-6">
        {t('audit.ask')}
      </Button>
      {typed && (
        <p id="audit-time-help" className="-mt-1 basis-full text-muted">
          {t('audit.timeHelp')}
        </p>
      )}
    </form>
  )
}

interface EdgeProps {
  edge: 'from' | 'until'
  values: Values
  errors: Errors
  change: (part: Partial<Values>) => void
}

/** A day and, for those who need it, a time. */
function Edge({ edge, values, errors, change }: EdgeProps) {
  const { t } = useTranslation()
  const [day, clock] = [`${edge}Day`, `${edge}Clock`] as const
  return (
    <fieldset className="flex min-w-0 flex-wrap items-start gap-x-2 gap-y-3">
      <legend className="sr-only">{t(`audit.${edge}.legend`)}</legend>
      <div className="w-40">
        <Field id={INPUTS[day]} label={t(`audit.${edge}.day`)} error={errors[day]}>
          {(wiring) => <DayBox {...wiring} value={values[day]} onChange={(text) => change({ [day]: text })} />}
        </Field>
      </div>
      <div className="w-24">
        <TextInput id={INPUTS[clock]} label={t('audit.clock')} aria-describedby="audit-time-help" autoComplete="off" className="num" error={errors[clock]} value={values[clock]} onChange={(event) => change({ [clock]: event.target.value })} />
      </div>
    </fieldset>
  )
}
