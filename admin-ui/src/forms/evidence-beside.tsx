// The evidence of a command, beside the texts of its form.
import { useMemo, useState } from 'react'
import type { Beside } from './case-form'
import { EvidenceFields, useEvidence } from './evidence'

type Place = 'attachments' | 'noDocument'
const PLACES = ['attachments', 'noDocument'] as const satisfies readonly Place[]

/** For a form whose change needs evidence, unless there is some already. */
export function useEvidenceBeside(declaration: string, required: boolean) {
  const [errors, setErrors] = useState<Partial<Record<Place, { message: string } | undefined>>>({})
  const form = useMemo(
    () => ({
      setError: (place: Place, error: { message: string }) => setErrors((old) => ({ ...old, [place]: error })),
      clearErrors: (place: Place) => setErrors((old) => ({ ...old, [place]: undefined })),
    }),
    [],
  )
  const evidence = useEvidence({ declaration }, form, required)
  const beside: Beside = {
    node: <EvidenceFields evidence={evidence} errors={{ attachments: errors.attachments ?? {}, noDocument: errors.noDocument ?? {} }} />,
    names: PLACES,
    problems: PLACES.flatMap((target) => (errors[target] ? [{ target, message: errors[target].message }] : [])),
    check: evidence.check,
    tell: (field, message) => {
      const place = PLACES.find((item) => item === field)
      if (place) form.setError(place, { message })
    },
    content: evidence.sent,
  }
  return { evidence, beside }
}
