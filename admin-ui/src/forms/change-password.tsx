// Choosing another password, knowing the one before.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { useSession } from '../components/session'
import { execute } from '../graphql/execute'
import { ChangePasswordDocument } from '../graphql/gql/graphql'
import { OWN_SESSIONS_KEY } from '../graphql/staff'
import { useCountdown } from '../lib/countdown'
import { blockConversionEnter } from '../lib/ime'
import { lengthOf, lengthProblem } from '../lib/password'
import { problemText } from '../lib/problem-text'
import { Band } from '../ui/band'
import { Button } from '../ui/button'
import { PasswordInput } from '../ui/field'
import { toast } from '../ui/toast'

export function ChangePasswordForm({ onDone, onCancel }: { onDone: () => void; onCancel: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const { staff } = useSession()
  const [wait, setWait] = useCountdown()
  const [current, setCurrent] = useState('')
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const [told, setTold] = useState<string>()
  const currentInput = useRef<HTMLInputElement>(null)
  const passwordInput = useRef<HTMLInputElement>(null)
  const change = useMutation({
    mutationFn: () => execute(ChangePasswordDocument, { input: { current, password } }),
    onSuccess: async ({ changePassword: result }) => {
      if (result.__typename === 'Session') {
        toast(t('ownPassword.changed'))
        onDone()
        return client.invalidateQueries({ queryKey: OWN_SESSIONS_KEY })
      }
      if (result.__typename === 'InvalidInput') {
        setTold(result.problems.map(problemText).join(' '))
        return passwordInput.current?.focus()
      }
      setWait(result.retryAfterSeconds ?? 0)
      setCurrent('')
      setTried(false)
      currentInput.current?.focus()
    },
  })
  const result = change.data?.changePassword
  const refused = result?.__typename === 'SignInRefused' ? result : undefined
  const tooLong = lengthProblem(password)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (current === '') currentInput.current?.focus()
    else if (tooLong) passwordInput.current?.focus()
    else if (!change.isPending && wait === 0) change.mutate()
  }
  const error = told ?? (tried && tooLong ? t(tooLong, { count: lengthOf(password) }) : undefined)
  return (
    <form noValidate className="flex min-h-0 flex-col gap-4 overflow-auto p-5" onKeyDown={blockConversionEnter} onSubmit={submit}>
      <p>{t('ownPassword.changeLead')}</p>
      {change.error && <FaultBand error={change.error} />}
      {refused && (
        <Band tone="bad" role="alert">
          {refused.retryAfterSeconds ? t('ownPassword.refusedWait', { seconds: refused.retryAfterSeconds }) : t('ownPassword.refused')}
        </Band>
      )}
      <input type="text" name="username" autoComplete="username" value={staff.login} readOnly hidden />
      <PasswordInput
        ref={currentInput}
        label={t('ownPassword.current')}
        name="current"
        autoComplete="current-password"
        value={current}
        error={tried && current === '' ? t('ownPassword.currentMissing') : undefined}
        onChange={(event) => setCurrent(event.target.value)}
      />
      <div>
        <PasswordInput
          ref={passwordInput}
          label={t('ownPassword.new')}
          help={t('invitation.passwordHelp')}
          name="password"
          autoComplete="new-password"
          value={password}
          error={error}
          onChange={(event) => {
            setPassword(event.target.value)
            setTold(undefined)
          }}
        />
        <p className="num mt-1 text-sm text-muted">{t('invitation.passwordCount', { count: lengthOf(password) })}</p>
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>{t('action.cancel')}</Button>
        <Button type="submit" look="primary" reason={wait > 0 ? t('signIn.wait', { seconds: wait }) : undefined}>
          {t('ownPassword.save')}
        </Button>
      </div>
    </form>
  )
}
