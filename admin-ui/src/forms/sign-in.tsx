// The sign-in form, on its own page and over a page whose session has ended. It is in the first load of everybody, so two
// required fields make do without the form library and the schemas of the other forms.
import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { execute } from '../graphql/execute'
import { SignInDocument } from '../graphql/gql/graphql'
import { useCountdown } from '../lib/countdown'
import { blockConversionEnter } from '../lib/ime'
import { paths } from '../lib/paths'
import { Band } from '../ui/band'
import { Button } from '../ui/button'
import { PasswordInput, TextInput } from '../ui/field'
import { SignInCode } from './sign-in-code'
import { SignInPasskey } from './sign-in-passkey'

const FIELDS = ['login', 'password'] as const
type Field = (typeof FIELDS)[number]
type Values = Record<Field, string>

interface Props {
  login?: string
  onSignedIn: (staffId: string) => void | Promise<void>
  /** Leads to where a link to another password is asked for; left out over a page with work in it. */
  onForgotten?: () => void
}

export default function SignInForm({ login = '', onSignedIn, onForgotten }: Props) {
  const { t } = useTranslation()
  const [wait, setWait] = useCountdown()
  const [values, setValues] = useState<Values>({ login, password: '' })
  const [tried, setTried] = useState(false)
  const [step, setStep] = useState<'password' | 'code' | 'passkey' | 'over'>('password')
  const inputs = useRef<Partial<Record<Field, HTMLInputElement | null>>>({})
  const signIn = useMutation({
    mutationFn: ({ login: typed, password }: Values) => execute(SignInDocument, { input: { login: typed.trim(), password } }),
    onSuccess: async ({ signIn: result }) => {
      if (result.__typename === 'Session') return onSignedIn(result.staff.id)
      if (result.__typename !== 'SignInRefused') {
        setValues((old) => ({ ...old, password: '' }))
        setTried(false)
        return setStep(result.__typename === 'PasskeyNeeded' ? 'passkey' : 'code')
      }
      setWait(result.retryAfterSeconds ?? 0)
      setValues((old) => ({ ...old, password: '' }))
      // Emptied by us, not left empty by the person: that is no error of its own.
      setTried(false)
      inputs.current.password?.focus()
    },
  })
  const refused = signIn.data?.signIn.__typename === 'SignInRefused' ? signIn.data.signIn : undefined
  const missing = FIELDS.filter((field) => values[field] === '')
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (missing[0]) inputs.current[missing[0]]?.focus()
    else if (!signIn.isPending && wait === 0) signIn.mutate(values)
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
  useEffect(() => {
    if (step === 'over') inputs.current.password?.focus()
  }, [step, inputs])
  if (step === 'passkey') return <SignInPasskey needed onSignedIn={onSignedIn} onBack={() => setStep('password')} />
  if (step === 'code') return <SignInCode onSignedIn={onSignedIn} onBack={(isOver) => setStep(isOver ? 'over' : 'password')} />
  return (
    <>
      <form noValidate className="flex flex-col gap-4" onKeyDown={blockConversionEnter} onSubmit={submit}>
        {signIn.error && <FaultBand error={signIn.error} />}
        {step === 'over' && !refused && (
          <Band tone="bad" role="alert">
            {t('signIn.codeOver')}
          </Band>
        )}
        {refused && (
          <Band tone="bad" role="alert">
            {refused.retryAfterSeconds ? t('signIn.refusedWait', { seconds: refused.retryAfterSeconds }) : t('signIn.refused')}
          </Band>
        )}
        <TextInput label={t('signIn.login')} autoComplete="username" autoCapitalize="none" spellCheck={false} {...wiring('login')} />
        <PasswordInput label={t('signIn.password')} autoComplete="current-password" {...wiring('password')} />
        <Button type="submit" look="primary" reason={wait > 0 ? t('signIn.wait', { seconds: wait }) : undefined} className="mt-2">
          {t('signIn.submit')}
        </Button>
        {wait > 0 && <p className="text-sm text-muted">{t('signIn.wait', { seconds: wait })}</p>}
        {onForgotten && (
          <p className="text-sm">
            <a
              href={paths.forgotPassword()}
              onClick={(event) => {
                event.preventDefault()
                onForgotten()
              }}
            >
              {t('signIn.forgotten')}
            </a>
          </p>
        )}
      </form>
      <SignInPasskey onSignedIn={onSignedIn} />
    </>
  )
}
