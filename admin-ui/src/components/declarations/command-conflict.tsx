// Somebody was faster than a command: who, when, what and why, and the choice to go on with what stands there now.
import type { SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Again } from '../../forms/case-form'
import type { ConflictInfo } from '../../graphql/changes'
import type { DeclarationField } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatInstant } from '../../lib/format'
import { blockConversionEnter } from '../../lib/ime'
import { CONTACT_FIELDS } from '../../lib/record-commands'
import { TypedText } from '../../ui/typed-text'
import { SheetFooter, useSheetSteps } from '../form-sheet'
import { SaveFault } from '../save-fault'
import { ConflictBand, ConflictFields, ConflictView } from './conflict'
import { useTextWord } from './text-result'

function Lead({ conflict, choose }: { conflict: ConflictInfo; choose: boolean }) {
  const { t } = useTranslation()
  const word = useTextWord()
  return (
    <ConflictBand title={t('records.conflict.title')}>
      <p>
        <TypedText text={t('records.conflict.lead', { who: conflict.by.name, when: formatInstant(conflict.at, currentLanguage()), what: t(`history.kind.${conflict.kind}`) })} />
      </p>
      {conflict.reason && (
        <p>
          <TypedText text={t('records.conflict.reason', { reason: word(conflict.reason) })} />
        </p>
      )}
      <p>{t(choose ? 'records.conflict.choose' : 'records.conflict.look')}</p>
    </ConflictBand>
  )
}

/** Contact data: each field for itself. */
function FieldByField({ again, before }: { again: Again<ConflictInfo>; before: (field: (typeof CONTACT_FIELDS)[number]) => string }) {
  const steps = useSheetSteps()
  const { conflict, values } = again
  const changes = CONTACT_FIELDS.flatMap((field) => {
    const value = values[`changes.${field}`]
    return value === undefined || value === before(field) ? [] : [{ field, value, before: before(field) }]
  })
  const isKept = (kept: readonly { field: DeclarationField }[], field: DeclarationField) => kept.some((change) => change.field === field)
  return (
    <ConflictView
      key={conflict.version}
      conflict={conflict}
      values={{ changes }}
      save={{
        saving: again.saving,
        error: again.error,
        // What is not kept is as it was when the form was opened: it is not sent.
        submit: ({ changes: kept }) => again.submit({ ...values, ...Object.fromEntries(CONTACT_FIELDS.filter((field) => !isKept(kept, field)).map((field) => [`changes.${field}`, before(field)])) }),
      }}
      lead={<Lead conflict={conflict} choose />}
      fault={<SaveFault error={again.error} />}
      onClose={steps.close}
      onWithdraw={steps.done}
    />
  )
}

/** All of mine stands or falls together. */
function AsAWhole({ again, word }: { again: Again<ConflictInfo>; word: string }) {
  const { t } = useTranslation()
  const text = useTextWord()
  const steps = useSheetSteps()
  const { conflict } = again
  const mineWord = (field: DeclarationField) => {
    const found = conflict.fields.find((item) => item.field === field)
    return found?.changedByMe ? text(found.mine, field) : undefined
  }
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    again.submit(again.values)
  }
  return (
    <form noValidate className="flex min-h-0 flex-1 flex-col" onSubmit={submit} onKeyDown={blockConversionEnter}>
      <div className="flex flex-1 flex-col gap-5 overflow-auto p-5">
        <Lead conflict={conflict} choose={false} />
        <SaveFault error={again.error} />
        <ConflictFields title={t('records.conflict.mine', { command: word })} fields={conflict.fields.filter((field) => field.changedByMe)} mineWord={mineWord} />
        <ConflictFields title={t('records.conflict.theirs')} fields={conflict.fields.filter((field) => !field.changedByMe)} mineWord={mineWord} />
        {conflict.fields.length === 0 && <p className="text-muted">{t('records.conflict.noFields')}</p>}
      </div>
      <SheetFooter onClose={steps.close} saving={again.saving} word={t('records.conflict.goOn')} />
    </form>
  )
}

interface Props {
  again: Again<ConflictInfo>
  /** What is being done. */
  word: string
  /** What the fields of the form began with, where each can be decided for itself. */
  before?: (field: (typeof CONTACT_FIELDS)[number]) => string
}

export const CommandConflict = ({ again, word, before }: Props) =>
  before ? <FieldByField again={again} before={before} /> : <AsAWhole key={again.conflict.version} again={again} word={word} />
