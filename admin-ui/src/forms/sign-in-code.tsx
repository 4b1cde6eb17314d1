// The step after the password, for accounts with an authenticator: one field that takes its code or a recovery code.
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { execute } from '../graphql/execute'
import { CompleteSignInDocument } from '../graphql/gql/graphql'
import { useCountdown } from '../lib/countdown'
import { blockConversionEnter } from '../lib/ime'
import { Band } from '../ui/band'
import { Button } from '../ui/button'
import { TextInput } from '../ui/field'

interface Props {
  onSignedIn: (staffId: string) => void | Promise<void>
  /** Back to the password: because codes are taken no more, or because the person wants to. */
  onBack: (isOver: boolean) => void
}

export function SignInCode({ onSignedIn, onBack }: Props) {
  const { t } = useTranslation()
  const [wait, setWait] = useCountdown()
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  // The field is new on the page, and typing goes on.
  useEffect(() => input.current?.focus(), [])
  const complete = useMutation({
    mutationFn: (typed: string) => execute(CompleteSignInDocument, { code: typed }),
    onSuccess: async ({ completeSignIn: result }) => {
      if (result.__typename === 'Session') return onSignedIn(result.staff.id)
      if (result.__typename === 'SignInOver') return onBack(true)
      setWait(result.retryAfterSeconds ?? 0)
      setCode('')
      setTried(false)
      input.current?.focus()
    },
  })
  const refused = complete.data?.completeSignIn.__typename === 'SignInRefused' ? complete.data.completeSignIn : undefined
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (code.trim() === '') input.current?.focus()
    else if (!complete.isPending && wait === 0) complete.mutate(code)
  }
  return (
    <form noValidate className="flex flex-col gap-4" onKeyDown={blockConversionEnter} onSubmit={submit}>
      {complete.error && <FaultBand error={complete.error} />}
      {refused ? (
        <Band tone="bad" role="alert">
          {refused.retryAfterSeconds ? t('signIn.codeRefusedWait', { seconds: refused.retryAfterSeconds }) : t('signIn.codeRefused')}
        </Band>
      ) : (
        <p role="status">{t('signIn.codeStep')}</p>
      )}
      <TextInput
        ref={input}
        label={t('signIn.code')}
        help={t('signIn.codeHint')}
        name="code"
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        value={code}
        error={tried && code.trim() === '' ? t('signIn.codeMissing') : undefined}
        onChange={(event) => setCode(event.target.value)}
      />
      <Button type="submit" look="primary" reason={wait > 0 ? t('signIn.wait', { seconds: wait }) : undefined} className="mt-2">
        {t('signIn.submit')}
      </Button>
      {wait > 0 && <p className="text-sm text-muted">{t('signIn.wait', { seconds: wait })}</p>}
      <Button type="button" onClick={() => onBack(false)}>
        {t('signIn.codeBack')}
      </Button>
    </form>
  )
}
