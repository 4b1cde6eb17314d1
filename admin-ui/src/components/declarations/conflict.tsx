// Somebody was faster: base, theirs and mine field by field, and the choice to redo mine on top of theirs.
import { type ReactNode, type SubmitEvent, useEffect, useRef, useState } from 'react'
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

/** Changes of single fields, with whatever goes along. */
type FieldChanges = Pick<CorrectionValues, 'changes'>

interface Props<V extends FieldChanges> {
  conflict: ConflictInfo
  values: V
  save: Pick<SaveCorrection, 'saving' | 'error'> & { submit: (values: V, version: string) => void }
  /** Other sentences than those of a correction: what happened, and why saving failed. */
  lead?: ReactNode
  fault?: ReactNode
  onClose: () => void
  /** Gives up my changes and closes: nothing is left that could be lost. */
  onWithdraw: () => void
}

export function ConflictView<V extends FieldChanges>({ conflict, values, save, lead, fault, onClose, onWithdraw }: Props<V>) {
  const { t } = useTranslation()
  const word = useTextWord()
  const mine = new Map(values.changes.map((change) => [change.field, change]))
  const both = conflict.fields.filter((field) => field.changedByThem && mine.has(field.field))
  const onlyMine = conflict.fields.filter((field) => !field.changedByThem && mine.has(field.field))
  const onlyTheirs = conflict.fields.filter((field) => !mine.has(field.field))
  // Where nobody else changed the field, mine stands unless it is taken back; where both did, a person decides.
  const [choices, setChoices] = useState<Partial<Record<DeclarationField, Choice>>>(Object.fromEntries(onlyMine.map((item) => [item.field, 'mine'])))
  const [attempt, setAttempt] = useState(0)

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
  const mineWord = (field: DeclarationField) => {
    const my = mine.get(field)
    return my && (my.value === '' ? t('history.empty') : valueWord(field, sent(field, my.value), t))
  }
  const part = { choices, choose: (field: DeclarationField, choice: Choice) => setChoices({ ...choices, [field]: choice }), mineWord, attempt }
  return (
    <form noValidate className="flex min-h-0 flex-1 flex-col" onSubmit={submit} onKeyDown={blockConversionEnter}>
      <div className="flex flex-1 flex-col gap-5 overflow-auto p-5">
        {lead ?? (
          <ConflictBand title={t('conflict.title')}>
            <p>{t('conflict.lead', { who: conflict.by.name, when: formatInstant(conflict.at, currentLanguage()) })}</p>
            {conflict.reason && <p>{t('conflict.reason', { reason: word(conflict.reason) })}</p>}
          </ConflictBand>
        )}
        <ErrorSummary problems={problems} attempt={attempt} />
        {fault ?? <CorrectionSaveFault error={save.error} />}
        <ConflictFields title={t('conflict.both')} fields={both} {...part} />
        <ConflictFields title={t('conflict.onlyMine')} fields={onlyMine} {...part} />
        <ConflictFields title={t('conflict.onlyTheirs')} fields={onlyTheirs} {...part} />
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

/** It takes the focus: nothing of the form is as it was. */
export function ConflictBand({ title, children }: { title: string; children: ReactNode }) {
  const lead = useRef<HTMLDivElement>(null)
  useEffect(() => lead.current?.focus(), [])
  return (
    <div ref={lead} tabIndex={-1}>
      <Band tone="warn" role="alert">
        <p className="font-bold">{title}</p>
        {children}
      </Band>
    </div>
  )
}

interface FieldsProps {
  title: string
  fields: readonly ConflictField[]
  /** What I wanted to put there; undefined where I did not touch it. */
  mineWord: (field: DeclarationField) => string | undefined
  choices?: Partial<Record<DeclarationField, Choice>>
  /** Left out where all of mine stands or falls together. */
  choose?: (field: DeclarationField, choice: Choice) => void
  attempt?: number
}

export function ConflictFields({ title, fields, mineWord, choices = {}, choose, attempt = 0 }: FieldsProps) {
  const { t } = useTranslation()
  const word = useTextWord()
  if (fields.length === 0) return null
  return (
    <section className="flex flex-col gap-3">
      <h3 className="text-sm text-muted">{title}</h3>
      {fields.map(({ field, base, theirs, changedByThem }) => {
        const mine = mineWord(field)
        const error = attempt > 0 && choose && mine !== undefined && !choices[field] ? t('conflict.choose', { field: t(`field.${field}`) }) : undefined
        return (
          <fieldset key={field} className="min-w-0 rounded-md border border-line p-3" aria-describedby={error && `${field}-error`}>
            <legend className="px-1 font-bold">{t(`field.${field}`)}</legend>
            <div className={`grid gap-2 ${mine === undefined ? 'sm:grid-cols-2' : 'sm:grid-cols-3'}`}>
              <Cell label={t('conflict.base')} text={word(base, field)} />
              <Cell label={t('conflict.theirs')} text={changedByThem ? word(theirs, field) : word(base, field)} changed={changedByThem}>
                {mine !== undefined && choose && <PickOne id={`${field}-theirs`} name={field} checked={choices[field] === 'theirs'} word={t(changedByThem ? 'conflict.keepTheirs' : 'conflict.dropMine')} onPick={() => choose(field, 'theirs')} />}
              </Cell>
              {mine !== undefined && (
                <Cell label={t('conflict.mine')} text={mine} changed>
                  {choose && <PickOne id={`${field}-mine`} name={field} checked={choices[field] === 'mine'} word={t('conflict.useMine')} onPick={() => choose(field, 'mine')} />}
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

function Cell({ label, text, changed = false, children }: { label: string; text: string; changed?: boolean; children?: ReactNode }) {
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

function PickOne({ id, name, checked, word, onPick }: { id: string; name: string; checked: boolean; word: string; onPick: () => void }) {
  return (
    <label className="mt-1.5 flex min-h-8 cursor-pointer items-center gap-2 border-t border-line pt-1.5 touch:min-h-11">
      <input id={id} type="radio" name={name} checked={checked} onChange={onPick} className="size-4.5 shrink-0 accent-accent" />
      {word}
    </label>
  )
}
