// What a change rests on: documents, or the explicit choice that there is none, with why.
import { useTranslation } from 'react-i18next'
import { AttachmentsInput } from '../components/attachments/attachments-input'
import type { Uploads } from '../components/attachments/use-uploads'
import { TextArea } from '../ui/field'

export interface EvidenceState {
  /** Whether there is no document. */
  none: boolean
  why: string
}

export const NO_EVIDENCE: EvidenceState = { none: false, why: '' }

interface Props {
  uploads: Uploads
  state: EvidenceState
  onChange: (state: EvidenceState) => void
  required: boolean
  /** At the files, and at why there is none. */
  errors: { attachments?: string; noDocument?: string }
}

export function EvidenceFields({ uploads, state, onChange, required, errors }: Props) {
  const { t } = useTranslation()
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {!state.none && <AttachmentsInput id="attachments" uploads={uploads} required={required} error={errors.attachments} />}
      <label className="flex min-h-8 items-center gap-2 touch:min-h-11">
        <input type="checkbox" className="size-5 accent-accent" checked={state.none} onChange={(event) => onChange({ ...state, none: event.target.checked })} />
        {t('evidence.none')}
      </label>
      {state.none && (
        <TextArea
          id="noDocument"
          label={t('evidence.why')}
          help={t('evidence.whyHelp')}
          required={required}
          optional={!required}
          error={errors.noDocument}
          value={state.why}
          onChange={(event) => onChange({ ...state, why: event.target.value })}
          rows={2}
        />
      )}
    </div>
  )
}

/** As it is sent with the change. */
export const sentEvidence = (uploads: Uploads, state: EvidenceState) =>
  state.none ? { attachments: [], noDocument: state.why } : { attachments: uploads.ids, noDocument: null }

/** What is missing before it is sent; the server decides in the end. */
export function evidenceProblems(uploads: Uploads, state: EvidenceState, required: boolean, words: { missing: string; why: string }): Props['errors'] {
  if (state.none) return state.why.trim() === '' ? { noDocument: words.why } : {}
  const obstacle = uploads.obstacle() ?? (required && uploads.items.length === 0 ? words.missing : undefined)
  return obstacle ? { attachments: obstacle } : {}
}
