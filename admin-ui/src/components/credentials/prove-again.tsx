// Proving once more who one is, before something dangerous: by a passkey, or by the password, with a code where the account asks for one.
// What was asked for then goes on by itself.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execute } from '../../graphql/execute'
import { ProveByPasswordDocument } from '../../graphql/gql/graphql'
import { proofWaysQuery, refreshByPasskey } from '../../graphql/passkeys'
import { hasPasskeys, sessionQuery } from '../../graphql/session'
import { useCountdown } from '../../lib/countdown'
import { blockConversionEnter } from '../../lib/ime'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { PasswordInput, TextInput } from '../../ui/field'
import { Box } from '../../ui/modal'
import { FaultBand } from '../fault'

interface Props {
  open: boolean
  onClose: () => void
  /** The session is fresh: goes on with what was asked for. */
  onProved: () => void
}

export function ProveAgain({ open, onClose, onProved }: Props) {
  const { t } = useTranslation()
  return (
    <Box title={t('prove.title')} open={open} onClose={onClose}>
      {open && <Proofs onClose={onClose} onProved={onProved} />}
    </Box>
  )
}

/** What waits until whoever asked for it has proved who they are. */
export function useProof<T>() {
  const [waiting, setWaiting] = useState<{ asked: T }>()
  return { waiting, wait: (asked: T) => setWaiting({ asked }), giveUp: () => setWaiting(undefined) }
}

interface FirstProps<T> {
  proof: ReturnType<typeof useProof<T>>
  /** Carries out what waits. */
  goOn: (asked: T) => void
}

export function ProveFirst<T>({ proof: { waiting, giveUp }, goOn }: FirstProps<T>) {
  return (
    <ProveAgain
      open={waiting !== undefined}
      onClose={giveUp}
      onProved={() => {
        giveUp()
        if (waiting) goOn(waiting.asked)
      }}
    />
  )
}

function Proofs({ onClose, onProved }: Omit<Props, 'open'>) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { data: ways } = useQuery(proofWaysQuery)
  const [problem, setProblem] = useState<string>()
  const [wait, setWait] = useCountdown()
  const proved = async () => {
    await client.invalidateQueries({ queryKey: sessionQuery.queryKey })
    onProved()
  }
  const passkey = useMutation({
    mutationFn: refreshByPasskey,
    onSuccess: async (proof) => {
      if (proof.kind === 'entered') return proved()
      if (proof.kind === 'refused') {
        setWait(proof.retryAfterSeconds ?? 0)
        setProblem(t('prove.passkeyRefused'))
      } else setProblem(proof.kind === 'givenUp' ? t('prove.passkeyGivenUp') : t('signIn.passkeyElsewhere'))
    },
  })
  return (
    <div className="flex flex-col gap-4 overflow-auto p-5">
      <p>{t('prove.lead')}</p>
      {passkey.error && <FaultBand error={passkey.error} />}
      {problem && (
        <Band tone="bad" role="alert">
          {problem}
        </Band>
      )}
      {ways?.hasPasskey && hasPasskeys() && (
        <Button look="primary" icon="key" reason={passkey.isPending ? t('signIn.passkeyWaiting') : undefined} onClick={() => passkey.mutate()}>
          {t('prove.passkey')}
        </Button>
      )}
      <PasswordProof login={ways?.login} asksForCode={ways?.asksForCode ?? false} wait={wait} onWait={setWait} onProblem={setProblem} onClose={onClose} onProved={proved} />
    </div>
  )
}

interface PasswordProps {
  /** Who it is, for the browser's own list of passwords. */
  login: string | undefined
  asksForCode: boolean
  wait: number
  onWait: (seconds: number) => void
  onProblem: (problem: string | undefined) => void
  onClose: () => void
  onProved: () => Promise<void>
}

const FIELDS = ['password', 'code'] as const
type Field = (typeof FIELDS)[number]

function PasswordProof({ login, asksForCode, wait, onWait, onProblem, onClose, onProved }: PasswordProps) {
  const { t } = useTranslation()
  const [values, setValues] = useState({ password: '', code: '' })
  const [tried, setTried] = useState(false)
  const inputs = useRef<Partial<Record<Field, HTMLInputElement | null>>>({})
  const prove = useMutation({
    mutationFn: () => execute(ProveByPasswordDocument, { input: { password: values.password, code: asksForCode ? values.code : null } }),
    onSuccess: async ({ refreshSession: result }) => {
      if (result.__typename === 'Session') return onProved()
      if (result.__typename === 'PasskeyNeeded') onProblem(t('prove.passkeyNeeded'))
      else {
        onWait(result.retryAfterSeconds ?? 0)
        onProblem(t(asksForCode ? 'prove.refusedCode' : 'prove.refused'))
      }
      setValues({ password: '', code: '' })
      setTried(false)
      inputs.current.password?.focus()
    },
  })
  const missing = FIELDS.filter((field) => values[field].trim() === '' && (field === 'password' || asksForCode))
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    // React tells it to a form outside too, wherever the window stands on the page.
    event.stopPropagation()
    setTried(true)
    if (missing[0]) inputs.current[missing[0]]?.focus()
    else if (!prove.isPending && wait === 0) prove.mutate()
  }
  const wiring = (field: Field) => ({
    name: field,
    value: values[field],
    error: tried && missing.includes(field) ? t(`signIn.${field}Missing`) : undefined,
    onChange: (event: { target: HTMLInputElement }) => setValues({ ...values, [field]: event.target.value }),
    ref: (input: HTMLInputElement | null) => {
      inputs.current[field] = input
    },
  })
  return (
    <form noValidate className="flex flex-col gap-4" onKeyDown={blockConversionEnter} onSubmit={submit}>
      {prove.error && <FaultBand error={prove.error} />}
      <input type="text" name="username" autoComplete="username" value={login ?? ''} readOnly hidden />
      <PasswordInput label={t('signIn.password')} autoComplete="current-password" {...wiring('password')} />
      {asksForCode && <TextInput label={t('signIn.code')} help={t('signIn.codeHint')} autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} {...wiring('code')} />}
      {wait > 0 && <p className="text-sm text-muted">{t('signIn.wait', { seconds: wait })}</p>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button type="submit" look="primary" reason={wait > 0 ? t('signIn.wait', { seconds: wait }) : undefined}>
          {t('prove.submit')}
        </Button>
      </div>
    </form>
  )
}
