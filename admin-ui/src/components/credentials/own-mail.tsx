// One's own address for notices: another one is asked for here, and confirmed by a link that goes to it.
import { useMutation, useQuery } from '@tanstack/react-query'
import { type SubmitEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execute } from '../../graphql/execute'
import { OwnMailDocument, RequestMailChangeDocument } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { useCountdown } from '../../lib/countdown'
import { formatInstant } from '../../lib/format'
import { blockConversionEnter } from '../../lib/ime'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { TextInput } from '../../ui/field'
import { Box } from '../../ui/modal'
import { TypedText } from '../../ui/typed-text'
import { FaultBand } from '../fault'
import { ProveFirst, useProof } from './prove-again'

export const OWN_MAIL_KEY = ['own-mail'] as const

export function OwnMail() {
  const { t } = useTranslation()
  const { data, error, isPending, refetch } = useQuery({ queryKey: OWN_MAIL_KEY, queryFn: async ({ signal }) => (await execute(OwnMailDocument, {}, signal)).ownMail ?? null })
  const [open, setOpen] = useState(false)
  const [sent, setSent] = useState<string>()
  const close = () => setOpen(false)
  return (
    <section aria-labelledby="own-mail" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id="own-mail" className="w-fit text-base">
          {t('ownMail.title')}
        </h2>
        <Button size="sm" onClick={() => setOpen(true)}>
          {t('ownMail.change')}
        </Button>
      </div>
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <p className="text-sm break-all">{isPending ? t('app.loading') : data ? <TypedText text={data} /> : !error && t('ownMail.none')}</p>
      <p className="text-sm text-muted">{t('ownMail.lead')}</p>
      {sent !== undefined && (
        <Band tone="info" role="status">
          {t('ownMail.sent', { when: formatInstant(sent, currentLanguage()) })}
        </Band>
      )}
      <Box title={t('ownMail.changeTitle')} open={open} onClose={close}>
        {open && (
          <MailForm
            present={data}
            onClose={close}
            onSent={(until) => {
              close()
              setSent(until)
            }}
          />
        )}
      </Box>
    </section>
  )
}

interface FormProps {
  /** The address that notices go to now. */
  present: string | null | undefined
  onClose: () => void
  onSent: (until: string) => void
}

function MailForm({ present, onClose, onSent }: FormProps) {
  const { t } = useTranslation()
  const [mail, setMail] = useState('')
  const [tried, setTried] = useState(false)
  const [wait, setWait] = useCountdown()
  const proof = useProof<void>()
  const input = useRef<HTMLInputElement>(null)
  const ask = useMutation({
    mutationFn: () => execute(RequestMailChangeDocument, { mail }),
    onSuccess: ({ requestMailChange: result }) => {
      if (result.__typename === 'MailLinkSent') return onSent(result.expiresAt)
      if (result.__typename === 'FreshSignInNeeded') return proof.wait()
      if (result.__typename === 'SignInRefused') setWait(result.retryAfterSeconds ?? 0)
      input.current?.focus()
    },
  })
  const result = ask.data?.requestMailChange
  const missing = mail.trim() === '' ? t('ownMail.missing') : undefined
  const problem = result?.__typename === 'InvalidInput' ? result.problems.map(problemText).join(' ') : undefined
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (missing) input.current?.focus()
    else if (!ask.isPending && wait === 0) ask.mutate()
  }
  return (
    <>
      <form noValidate className="flex flex-col gap-4 overflow-auto p-5" onKeyDown={blockConversionEnter} onSubmit={submit}>
        <p>{t(present ? 'ownMail.changeLead' : 'ownMail.changeLeadNone')}</p>
        {ask.error && <FaultBand error={ask.error} />}
        {result?.__typename === 'SignInRefused' && wait > 0 && (
          <Band tone="bad" role="alert">
            {t('forgotPassword.wait', { seconds: result.retryAfterSeconds ?? 0 })}
          </Band>
        )}
        <TextInput
          ref={input}
          label={t('ownMail.new')}
          name="mail"
          type="email"
          inputMode="email"
          autoComplete="email"
          autoCapitalize="none"
          spellCheck={false}
          value={mail}
          error={tried ? (missing ?? problem) : undefined}
          onChange={(event) => {
            setMail(event.target.value)
            if (result) ask.reset()
          }}
        />
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" look="primary" reason={ask.isPending ? t('secondFactor.working') : wait > 0 ? t('forgotPassword.wait', { seconds: wait }) : undefined}>
            {t('ownMail.send')}
          </Button>
        </div>
      </form>
      <ProveFirst proof={proof} goOn={() => ask.mutate()} />
    </>
  )
}
