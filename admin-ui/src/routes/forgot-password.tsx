// For whoever forgot their password. What it says never tells whether there is such an account.
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { OutsideFrame } from '../components/outside-frame'
import { execute } from '../graphql/execute'
import { RequestPasswordLinkDocument } from '../graphql/gql/graphql'
import { useCountdown } from '../lib/countdown'
import { blockConversionEnter } from '../lib/ime'
import { Band } from '../ui/band'
import { Button, buttonClass } from '../ui/button'
import { TextInput } from '../ui/field'

export default function ForgotPasswordPage() {
  const { t } = useTranslation()
  const [login, setLogin] = useState('')
  const [tried, setTried] = useState(false)
  const [wait, setWait] = useCountdown()
  const input = useRef<HTMLInputElement>(null)
  const said = useRef<HTMLDivElement>(null)
  const ask = useMutation({
    mutationFn: () => execute(RequestPasswordLinkDocument, { login: login.trim() }),
    onSuccess: ({ requestPasswordLink: result }) => {
      if (result.__typename === 'SignInRefused') setWait(result.retryAfterSeconds ?? 0)
    },
  })
  const result = ask.data?.requestPasswordLink
  const isDone = result?.__typename === 'PasswordLinkRequested'
  useEffect(() => {
    if (isDone) said.current?.focus()
  }, [isDone])
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (login.trim() === '') input.current?.focus()
    else if (!ask.isPending && wait === 0) ask.mutate()
  }
  const back = (
    <Link to="/sign-in" className={buttonClass()}>
      {t('invitation.toSignIn')}
    </Link>
  )
  if (isDone) {
    return (
      <OutsideFrame title={t('forgotPassword.title')}>
        <div ref={said} tabIndex={-1} className="mb-4 flex flex-col gap-3 outline-none">
          <Band tone="info" role="status">
            {t('forgotPassword.sent')}
          </Band>
          <p>{t('forgotPassword.sentHelp', { hours: result.hours })}</p>
        </div>
        {back}
      </OutsideFrame>
    )
  }
  return (
    <OutsideFrame title={t('forgotPassword.title')}>
      <form noValidate className="flex flex-col gap-4" onKeyDown={blockConversionEnter} onSubmit={submit}>
        <p>{t('forgotPassword.lead')}</p>
        {ask.error && <FaultBand error={ask.error} />}
        {result?.__typename === 'SignInRefused' && (
          <Band tone="warn" role="alert">
            {t('forgotPassword.wait', { seconds: result.retryAfterSeconds ?? 0 })}
          </Band>
        )}
        <TextInput
          ref={input}
          label={t('signIn.login')}
          name="login"
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          value={login}
          error={tried && login.trim() === '' ? t('signIn.loginMissing') : undefined}
          onChange={(event) => setLogin(event.target.value)}
        />
        <div className="flex flex-wrap justify-end gap-2">
          {back}
          <Button type="submit" look="primary" reason={wait > 0 ? t('forgotPassword.wait', { seconds: wait }) : undefined}>
            {t('forgotPassword.submit')}
          </Button>
        </div>
      </form>
    </OutsideFrame>
  )
}
