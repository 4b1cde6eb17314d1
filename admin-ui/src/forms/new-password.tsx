// Another password by a one-time link.
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { execute } from '../graphql/execute'
import { AcceptPasswordLinkDocument } from '../graphql/gql/graphql'
import { blockConversionEnter } from '../lib/ime'
import { lengthOf, lengthProblem } from '../lib/password'
import { problemText } from '../lib/problem-text'
import { Band } from '../ui/band'
import { Button } from '../ui/button'
import { PasswordInput } from '../ui/field'

export function NewPasswordForm({ token, login, onSet }: { token: string; login: string; onSet: () => void }) {
  const { t } = useTranslation()
  const [password, setPassword] = useState('')
  const [tried, setTried] = useState(false)
  const [told, setTold] = useState<string>()
  const input = useRef<HTMLInputElement>(null)
  const accept = useMutation({
    mutationFn: () => execute(AcceptPasswordLinkDocument, { input: { token, password } }),
    onSuccess: ({ acceptPasswordLink: result }) => {
      if (result.__typename === 'PasswordSet') return onSet()
      if (result.__typename !== 'InvalidInput') return
      setTold(result.problems.map(problemText).join(' '))
      input.current?.focus()
    },
  })
  const problem = lengthProblem(password)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (problem) input.current?.focus()
    else if (!accept.isPending) accept.mutate()
  }
  const error = told ?? (tried && problem ? t(problem, { count: lengthOf(password) }) : undefined)
  return (
    <form noValidate className="flex flex-col gap-5" onKeyDown={blockConversionEnter} onSubmit={submit}>
      {accept.error && <FaultBand error={accept.error} />}
      {accept.data?.acceptPasswordLink.__typename === 'PasswordLinkRefused' && (
        <Band tone="bad" role="alert">
          {t('newPassword.unusable')}
        </Band>
      )}
      <input type="text" name="username" autoComplete="username" value={login} readOnly hidden />
      <div>
        <PasswordInput
          ref={input}
          label={t('newPassword.password')}
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
      <div className="flex justify-end">
        <Button type="submit" look="primary">
          {t('newPassword.submit')}
        </Button>
      </div>
    </form>
  )
}
