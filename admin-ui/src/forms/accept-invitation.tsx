// Creates an account from a one-time link: sign-in name, display name, password; the last not where the identity provider has vouched.
import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation } from '@tanstack/react-query'
import { useForm, useWatch } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { execute } from '../graphql/execute'
import { AcceptInvitationDocument, AcceptVouchedInvitationDocument } from '../graphql/gql/graphql'
import { blockConversionEnter } from '../lib/ime'
import { lengthOf, MAX_PASSWORD, MIN_PASSWORD } from '../lib/password'
import { problemText } from '../lib/problem-text'
import { Band } from '../ui/band'
import { Button } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { PasswordInput, TextInput } from '../ui/field'
import { z } from './zod'

const FIELDS = ['login', 'name', 'password'] as const
type Values = Record<(typeof FIELDS)[number], string>

interface Props {
  /** Of the link; none: the identity provider has vouched for whoever followed it. */
  token: string | undefined
  onAccepted: () => void | Promise<void>
}

export default function AcceptInvitationForm({ token, onAccepted }: Props) {
  const { t } = useTranslation()
  const schema = z.object({
    login: z.string().check(z.trim(), z.regex(/^[a-z0-9._@+-]{3,60}$/, t('invitation.loginShape'))),
    name: z.string().check(z.trim(), z.minLength(1, t('invitation.nameMissing')), z.maxLength(60, t('invitation.nameLong'))),
    password: token === undefined ? z.string() : z.string().check(
      z.refine((text) => lengthOf(text) >= MIN_PASSWORD, {
        error: (issue) => t('invitation.passwordShort', { count: lengthOf(String(issue.input)) }),
      }),
      z.refine((text) => lengthOf(text) <= MAX_PASSWORD, t('invitation.passwordLong')),
    ),
  })
  const { register, handleSubmit, formState, setError, control } = useForm<Values>({
    resolver: zodResolver(schema),
    shouldFocusError: false,
    defaultValues: { login: '', name: '', password: '' },
  })
  const password = useWatch({ control, name: 'password' })
  const accept = useMutation({
    mutationFn: async ({ login, name, password: typed }: Values) => {
      if (token === undefined) return (await execute(AcceptVouchedInvitationDocument, { input: { login, name } })).acceptVouchedInvitation
      return (await execute(AcceptInvitationDocument, { input: { token, login, name, password: typed } })).acceptInvitation
    },
    onSuccess: async (result) => {
      if (result.__typename === 'Session') return onAccepted()
      if (result.__typename !== 'InvalidInput') return
      for (const problem of result.problems) {
        setError(FIELDS.find((field) => field === problem.field) ?? 'root', { message: problemText(problem) })
      }
    },
  })
  const result = accept.data
  const errorOf = (field: (typeof FIELDS)[number]) => formState.errors[field]?.message
  const problems = [
    ...FIELDS.flatMap((field) => (errorOf(field) ? [{ target: field as string, message: errorOf(field) ?? '' }] : [])),
    ...(formState.errors.root?.message ? [{ message: formState.errors.root.message }] : []),
  ]
  return (
    <form
      noValidate
      className="flex flex-col gap-5"
      onKeyDown={blockConversionEnter}
      onSubmit={handleSubmit((values) => {
        if (!accept.isPending) accept.mutate(values)
      })}
    >
      <ErrorSummary problems={problems} attempt={formState.submitCount} />
      {accept.error && <FaultBand error={accept.error} />}
      {result?.__typename === 'InvitationRefused' && (
        <Band tone="bad" role="alert">
          {t('invitation.unusable')}
        </Band>
      )}
      <TextInput
        id="login"
        label={t('invitation.login')}
        help={t('invitation.loginHelp')}
        required
        autoComplete="username"
        autoCapitalize="none"
        spellCheck={false}
        error={errorOf('login')}
        {...register('login')}
      />
      <TextInput id="name" label={t('invitation.name')} help={t('invitation.nameHelp')} required autoComplete="name" error={errorOf('name')} {...register('name')} />
      {token !== undefined && <div>
        <PasswordInput
          id="password"
          label={t('invitation.password')}
          help={t('invitation.passwordHelp')}
          required
          autoComplete="new-password"
          error={errorOf('password')}
          {...register('password')}
        />
        <p className="num mt-1 text-sm text-muted">{t('invitation.passwordCount', { count: lengthOf(password) })}</p>
      </div>}
      <div className="flex justify-end">
        <Button type="submit" look="primary">
          {t('invitation.submit')}
        </Button>
      </div>
    </form>
  )
}
