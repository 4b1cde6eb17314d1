// Setting an authenticator up: its secret as a picture and as text, a code of it, and the recovery codes.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { confirmTotp, OWN_SECOND_FACTOR_KEY } from '../../graphql/credentials'
import { execute } from '../../graphql/execute'
import { BeginTotpDocument } from '../../graphql/gql/graphql'
import { OWN_SESSIONS_KEY } from '../../graphql/staff'
import { blockConversionEnter } from '../../lib/ime'
import { problemText } from '../../lib/problem-text'
import { Button } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { TextInput } from '../../ui/field'
import { Skeleton } from '../../ui/loading'
import { QrCode } from '../../ui/qr-code'
import { FaultBand } from '../fault'
import { ProveAgain } from './prove-again'
import { RecoveryCodes } from './recovery-codes'

interface Props {
  login: string
  /** From then on something would be lost that is shown once. */
  onCodes: () => void
  onDone: () => void
  onCancel: () => void
}

/** The secret in groups of four, as one types it. */
const grouped = (secret: string) => secret.match(/.{1,4}/g)?.join(' ') ?? secret

export function SetUpSecondFactor({ login, onCodes, onDone, onCancel }: Props) {
  const [codes, setCodes] = useState<readonly string[]>()
  const { mutate, data, error } = useMutation({ mutationFn: () => execute(BeginTotpDocument, {}) })
  useEffect(() => mutate(), [mutate])
  const begun = data?.beginTotp
  if (codes) return <RecoveryCodes codes={codes} login={login} onKept={onDone} />
  return (
    <>
      {error && <FaultBand error={error} onRetry={() => mutate()} />}
      {begun?.__typename === 'TotpBegun' ? (
        <ConfirmForm
          secret={begun.secret}
          url={begun.url}
          onAgain={() => mutate()}
          onCancel={onCancel}
          onCodes={(made) => {
            setCodes(made)
            onCodes()
          }}
        />
      ) : (
        !error && <Skeleton className="h-64 w-64" />
      )}
      <ProveAgain open={begun?.__typename === 'FreshSignInNeeded'} onClose={onCancel} onProved={() => mutate()} />
    </>
  )
}

interface ConfirmProps {
  secret: string
  url: string
  onCodes: (codes: readonly string[]) => void
  onAgain: () => void
  onCancel: () => void
}

function ConfirmForm({ secret, url, onCodes, onAgain, onCancel }: ConfirmProps) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const [code, setCode] = useState('')
  const [tried, setTried] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const confirm = useMutation({
    mutationFn: confirmTotp,
    onSuccess: async (result) => {
      if (result.__typename === 'RecoveryCodes') {
        onCodes(result.codes)
        await Promise.all([OWN_SECOND_FACTOR_KEY, OWN_SESSIONS_KEY].map((queryKey) => client.invalidateQueries({ queryKey })))
        return
      }
      setCode('')
      setTried(false)
      input.current?.focus()
    },
  })
  const problem = confirm.data?.__typename === 'InvalidInput' ? confirm.data.problems[0] : undefined
  const isOver = problem?.code === 'nothing_to_confirm'
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (code.trim() === '') input.current?.focus()
    else if (!confirm.isPending) confirm.mutate(code)
  }
  const error = tried && code.trim() === '' ? t('signIn.codeMissing') : problem && problemText(problem)
  return (
    <form noValidate className="flex min-w-0 flex-col gap-5" onKeyDown={blockConversionEnter} onSubmit={submit}>
      {confirm.error && <FaultBand error={confirm.error} />}
      <section className="flex min-w-0 flex-col gap-2" aria-labelledby="set-up-1">
        <h3 id="set-up-1" className="text-base">
          {t('setUp.scan')}
        </h3>
        <p className="text-sm text-muted">{t('setUp.scanHelp')}</p>
        <QrCode text={url} label={t('setUp.picture')} className="w-full max-w-56 self-center rounded-md" />
        <p className="text-sm">{t('setUp.typeHelp')}</p>
        <p className="flex items-center gap-1">
          <code translate="no" className="min-w-0 rounded-sm bg-surface px-2 py-1 mono text-sm wrap-anywhere">
            {grouped(secret)}
          </code>
          <CopyButton text={secret} label={t('setUp.copySecret')} />
        </p>
      </section>
      <section className="flex flex-col gap-2" aria-labelledby="set-up-2">
        <h3 id="set-up-2" className="text-base">
          {t('setUp.type')}
        </h3>
        <TextInput
          ref={input}
          label={t('signIn.code')}
          help={t('setUp.codeHelp')}
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          value={code}
          error={error}
          onChange={(event) => setCode(event.target.value)}
        />
      </section>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onCancel}>{t('action.cancel')}</Button>
        {isOver ? (
          <Button look="primary" onClick={onAgain}>
            {t('setUp.again')}
          </Button>
        ) : (
          <Button type="submit" look="primary">
            {t('setUp.confirm')}
          </Button>
        )}
      </div>
    </form>
  )
}
