// Proving once more who one is, before something dangerous: the password, and a code when there is a second factor. What was asked
// for then goes on by itself.
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execute } from '../../graphql/execute'
import { RefreshSessionDocument } from '../../graphql/gql/graphql'
import { useCountdown } from '../../lib/countdown'
import { blockConversionEnter } from '../../lib/ime'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { PasswordInput, TextInput } from '../../ui/field'
import { Box } from '../../ui/modal'
import { FaultBand } from '../fault'

interface Props {
  open: boolean
  /** Who it is, for the browser's own list of passwords. */
  login: string
  /** Whether signing in asks for a code. */
  hasCode: boolean
  onClose: () => void
  onFresh: () => void
}

export function FreshBox({ open, ...props }: Props) {
  const { t } = useTranslation()
  return (
    <Box title={t('fresh.title')} open={open} onClose={props.onClose}>
      {open && <FreshForm {...props} />}
    </Box>
  )
}

const FIELDS = ['password', 'code'] as const
type Field = (typeof FIELDS)[number]

function FreshForm({ login, hasCode, onClose, onFresh }: Omit<Props, 'open'>) {
  const { t } = useTranslation()
  const [wait, setWait] = useCountdown()
  const [values, setValues] = useState({ password: '', code: '' })
  const [tried, setTried] = useState(false)
  const inputs = useRef<Partial<Record<Field, HTMLInputElement | null>>>({})
  const refresh = useMutation({
    mutationFn: () => execute(RefreshSessionDocument, { input: { password: values.password, code: hasCode ? values.code : null } }),
    onSuccess: ({ refreshSession: result }) => {
      if (result.__typename === 'Session') return onFresh()
      setWait(result.retryAfterSeconds ?? 0)
      setValues({ password: '', code: '' })
      setTried(false)
      inputs.current.password?.focus()
    },
  })
  const result = refresh.data?.refreshSession
  const refused = result?.__typename === 'SignInRefused' ? result : undefined
  const missing = FIELDS.filter((field) => values[field].trim() === '' && (field === 'password' || hasCode))
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (missing[0]) inputs.current[missing[0]]?.focus()
    else if (!refresh.isPending && wait === 0) refresh.mutate()
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
    <form noValidate className="flex min-h-0 flex-col gap-4 overflow-auto p-5" onKeyDown={blockConversionEnter} onSubmit={submit}>
      <p>{t('fresh.lead')}</p>
      {refresh.error && <FaultBand error={refresh.error} />}
      {refused && (
        <Band tone="bad" role="alert">
          {refused.retryAfterSeconds ? t('fresh.refusedWait', { seconds: refused.retryAfterSeconds }) : t(hasCode ? 'fresh.refusedCode' : 'fresh.refused')}
        </Band>
      )}
      <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
      <PasswordInput label={t('signIn.password')} autoComplete="current-password" {...wiring('password')} />
      {hasCode && <TextInput label={t('signIn.code')} help={t('signIn.codeHint')} autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} {...wiring('code')} />}
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button type="submit" look="primary" reason={wait > 0 ? t('signIn.wait', { seconds: wait }) : undefined}>
          {t('fresh.submit')}
        </Button>
      </div>
    </form>
  )
}
