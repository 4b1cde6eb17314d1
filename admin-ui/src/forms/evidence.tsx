// What a change rests on: documents, or the explicit choice that there is none, with why.
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AttachmentsInput } from '../components/attachments/attachments-input'
import { useUploads } from '../components/attachments/use-uploads'
import type { UploadFor } from '../graphql/uploads'
import { TextArea } from '../ui/field'

type Place = 'attachments' | 'noDocument'

/** Of the form that the evidence belongs to. */
interface Form {
  setError: (place: Place, error: { message: string }) => void
  clearErrors: (place: Place) => void
}

/** The evidence of one form; `required`: whether what is typed needs some. */
export function useEvidence(of: UploadFor, { setError, clearErrors }: Form, required: boolean) {
  const { t } = useTranslation()
  const uploads = useUploads(of)
  // `none`: whether there is no document.
  const [state, onChange] = useState({ none: false, why: '' })
  const anyFile = uploads.items.length > 0
  // What was missing is there now, or is not needed.
  useEffect(() => {
    if (anyFile || state.none) clearErrors('attachments')
    if (!state.none) clearErrors('noDocument')
  }, [anyFile, state.none, clearErrors])
  const problem = (): [Place, string] | undefined => {
    if (state.none) return state.why.trim() === '' ? ['noDocument', t('evidence.whyMissing')] : undefined
    const obstacle = uploads.obstacle() ?? (required && !anyFile ? t('evidence.missing') : undefined)
    return obstacle === undefined ? undefined : ['attachments', obstacle]
  }
  return {
    uploads,
    state,
    onChange,
    required,
    anyFile,
    /** Says what is missing, beside what else is wrong; whether nothing is. The server decides in the end. */
    check: (): boolean => {
      const found = problem()
      if (found) setError(found[0], { message: found[1] })
      return !found
    },
    /** As it is sent with the change. */
    sent: () => (state.none ? { attachments: [], noDocument: state.why } : { attachments: uploads.ids, noDocument: null }),
  }
}

interface Props {
  evidence: ReturnType<typeof useEvidence>
  /** At the files, and at why there is none. */
  errors: Partial<Record<Place, { message?: string }>>
}

export function EvidenceFields({ evidence: { uploads, state, onChange, required }, errors }: Props) {
  const { t } = useTranslation()
  return (
    <div className="flex min-w-0 flex-col gap-4">
      {!state.none && <AttachmentsInput id="attachments" uploads={uploads} required={required} error={errors.attachments?.message} />}
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
          error={errors.noDocument?.message}
          value={state.why}
          onChange={(event) => onChange({ ...state, why: event.target.value })}
          rows={2}
        />
      )}
    </div>
  )
}
