// Somebody was faster: base, theirs and mine field by field, and the choice to redo mine on top of theirs.
import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CorrectionValues, sent } from '../../forms/correct-schema'
import type { DeclarationField } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatInstant } from '../../lib/format'
import { blockConversionEnter } from '../../lib/ime'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { ErrorSummary } from '../../ui/error-summary'
import { FieldError } from '../../ui/field'
import { TypedText } from '../../ui/typed-text'
import { valueWord } from './fact-value'
import { type ConflictInfo, CorrectionSaveFault, type SaveCorrection } from './save-correction'
import { useTextWord } from './text-result'

type Choice = 'theirs' | 'mine'
type ConflictField = ConflictInfo['fields'][number]

interface Props {
  conflict: ConflictInfo
  values: CorrectionValues
  save: SaveCorrection
  onClose: () => void
  /** Gives up my changes and closes: nothing is left that could be lost. */
  onWithdraw: () => void
}

export function ConflictView({ conflict, values, save, onClose, onWithdraw }: Props) {
  const { t } = useTranslation()
  const word = useTextWord()
  const lead = useRef<HTMLDivElement>(null)
  const mine = new Map(values.changes.map((change) => [change.field, change]))
  const both = conflict.fields.filter((field) => field.changedByThem && mine.has(field.field))
  const onlyMine = conflict.fields.filter((field) => !field.changedByThem && mine.has(field.field))
  const onlyTheirs = conflict.fields.filter((field) => !mine.has(field.field))
  // Where nobody else changed the field, mine stands unless it is taken back; where both did, a person decides.
  const [choices, setChoices] = useState<Partial<Record<DeclarationField, Choice>>>(Object.fromEntries(onlyMine.map((item) => [item.field, 'mine'])))
  const [attempt, setAttempt] = useState(0)
  useEffect(() => lead.current?.focus(), [])

  const open = both.filter((item) => !choices[item.field])
  const kept = values.changes.filter((change) => choices[change.field] === 'mine')
  const withdrawn = open.length === 0 && kept.length === 0
  const problems = attempt > 0 ? open.map((item) => ({ target: `${item.field}-mine`, message: t('conflict.choose', { field: t(`field.${item.field}`) }) })) : []

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setAttempt(attempt + 1)
    if (open.length > 0) return
    if (withdrawn) {
      onWithdraw()
      return
    }
    save.submit({ ...values, changes: kept }, conflict.version)
  }
  const part = { choices, choose: (field: DeclarationField, choice: Choice) => setChoices({ ...choices, [field]: choice }), mine, attempt }
  return (
    <form noValidate className="flex min-h-0 flex-1 flex-col" onSubmit={submit} onKeyDown={blockConversionEnter}>
      <div className="flex flex-1 flex-col gap-5 overflow-auto p-5">
        <div ref={lead} tabIndex={-1}>
          <Band tone="warn" role="alert">
            <p className="font-bold">{t('conflict.title')}</p>
            <p>{t('conflict.lead', { who: conflict.by.name, when: formatInstant(conflict.at, currentLanguage()) })}</p>
            {conflict.reason && <p>{t('conflict.reason', { reason: word(conflict.reason) })}</p>}
          </Band>
        </div>
        <ErrorSummary problems={problems} attempt={attempt} />
        <CorrectionSaveFault error={save.error} />
        <Part title={t('conflict.both')} fields={both} {...part} />
        <Part title={t('conflict.onlyMine')} fields={onlyMine} {...part} />
        <Part title={t('conflict.onlyTheirs')} fields={onlyTheirs} {...part} />
      </div>
      <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button type="submit" look="primary" reason={save.saving ? t('correct.saving') : undefined}>
          {t(withdrawn ? 'conflict.withdraw' : 'conflict.submit')}
        </Button>
      </footer>
    </form>
  )
}

interface PartProps {
  title: string
  fields: ConflictField[]
  mine: Map<DeclarationField, { value: string; before: string }>
  choices: Partial<Record<DeclarationField, Choice>>
  choose: (field: DeclarationField, choice: Choice) => void
  attempt: number
}

function Part({ title, fields, mine, choices, choose, attempt }: PartProps) {
  const { t } = useTranslation()
  const word = useTextWord()
  if (fields.length === 0) return null
  return (
    <section className="flex flex-col gap-3">
      <h3 className="text-sm text-muted">{title}</h3>
      {fields.map(({ field, base, theirs, changedByThem }) => {
        const my = mine.get(field)
        const myWord = my && (my.value === '' ? t('history.empty') : valueWord(field, sent(field, my.value), t))
        const theirWord = word(theirs, field)
        const error = attempt > 0 && my && !choices[field] ? t('conflict.choose', { field: t(`field.${field}`) }) : undefined
        return (
          <fieldset key={field} className="min-w-0 rounded-md border border-line p-3" aria-describedby={error && `${field}-error`}>
            <legend className="px-1 font-bold">{t(`field.${field}`)}</legend>
            <div className="grid gap-2 sm:grid-cols-3">
              <Cell label={t('conflict.base')} text={word(base, field)} />
              <Cell label={t('conflict.theirs')} text={changedByThem ? theirWord : word(base, field)} changed={changedByThem}>
                {my && <Pick id={`${field}-theirs`} name={field} checked={choices[field] === 'theirs'} word={t(changedByThem ? 'conflict.keepTheirs' : 'conflict.dropMine')} onPick={() => choose(field, 'theirs')} />}
              </Cell>
              {my && (
                <Cell label={t('conflict.mine')} text={myWord ?? ''} changed>
                  <Pick id={`${field}-mine`} name={field} checked={choices[field] === 'mine'} word={t('conflict.useMine')} onPick={() => choose(field, 'mine')} />
                </Cell>
              )}
            </div>
            <FieldError id={`${field}-error`} error={error} />
          </fieldset>
        )
      })}
    </section>
  )
}

function Cell({ label, text, changed = false, children }: { label: string; text: string; changed?: boolean; children?: React.ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col rounded-md bg-surface p-2 text-sm leading-normal">
      <span className="text-xs text-muted">{label}</span>
      <span className={`flex-1 whitespace-pre-wrap ${changed ? 'font-bold' : ''}`}>
        <TypedText text={text} />
      </span>
      {children}
    </div>
  )
}

function Pick({ id, name, checked, word, onPick }: { id: string; name: string; checked: boolean; word: string; onPick: () => void }) {
  return (
    <label className="mt-1.5 flex min-h-8 cursor-pointer items-center gap-2 border-t border-line pt-1.5 touch:min-h-11">
      <input id={id} type="radio" name={name} checked={checked} onChange={onPick} className="size-4.5 shrink-0 accent-accent" />
      {word}
    </label>
  )
}
