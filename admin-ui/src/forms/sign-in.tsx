// The sign-in form, on its own page and over a page whose session has ended. Two required fields need no schema.
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { execute } from '../graphql/execute'
import { SignInDocument } from '../graphql/gql/graphql'
import { blockConversionEnter } from '../lib/ime'
import { Band } from '../ui/band'
import { Button } from '../ui/button'
import { PasswordInput, TextInput } from '../ui/field'

interface Values {
  login: string
  password: string
}

interface Props {
  login?: string
  onSignedIn: (staffId: string) => void | Promise<void>
}

/** Counts a delay down in whole seconds. */
function useCountdown() {
  const [seconds, setSeconds] = useState(0)
  useEffect(() => {
    if (seconds <= 0) return
    const timer = setTimeout(() => setSeconds(seconds - 1), 1000)
    return () => clearTimeout(timer)
  }, [seconds])
  return [seconds, setSeconds] as const
}

export default function SignInForm({ login = '', onSignedIn }: Props) {
  const { t } = useTranslation()
  const [wait, setWait] = useCountdown()
  const { register, handleSubmit, formState, setFocus, resetField } = useForm<Values>({ defaultValues: { login, password: '' } })
  const signIn = useMutation({
    mutationFn: ({ login: typed, password }: Values) => execute(SignInDocument, { input: { login: typed.trim(), password } }),
    onSuccess: async ({ signIn: result }) => {
      if (result.__typename === 'Session') return onSignedIn(result.staff.id)
      setWait(result.retryAfterSeconds ?? 0)
      resetField('password')
      setFocus('password')
    },
  })
  const refused = signIn.data?.signIn.__typename === 'SignInRefused' ? signIn.data.signIn : undefined
  return (
    <form
      noValidate
      className="flex flex-col gap-4"
      onKeyDown={blockConversionEnter}
      onSubmit={handleSubmit((values) => {
        if (!signIn.isPending && wait === 0) signIn.mutate(values)
      })}
    >
      {signIn.error && <FaultBand error={signIn.error} />}
      {refused && (
        <Band tone="bad" role="alert">
          {refused.retryAfterSeconds ? t('signIn.refusedWait', { seconds: refused.retryAfterSeconds }) : t('signIn.refused')}
        </Band>
      )}
      <TextInput
        label={t('signIn.login')}
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        error={formState.errors.login?.message}
        {...register('login', { required: t('signIn.loginMissing') })}
      />
      <PasswordInput
        label={t('signIn.password')}
        autoComplete="current-password"
        error={formState.errors.password?.message}
        {...register('password', { required: t('signIn.passwordMissing') })}
      />
      <Button type="submit" look="primary" reason={wait > 0 ? t('signIn.wait', { seconds: wait }) : undefined} className="mt-2">
        {t('signIn.submit')}
      </Button>
      {wait > 0 && <p className="text-sm text-muted">{t('signIn.wait', { seconds: wait })}</p>}
      <p className="text-sm text-muted">{t('signIn.help')}</p>
    </form>
  )
}
