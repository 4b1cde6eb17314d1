// A test mail: sent, and followed until it has settled.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useForm } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { FaultBand } from '../components/fault'
import { SheetFooter, useSheetSteps } from '../components/form-sheet'
import { MailStateChip, outcomeWord } from '../components/mail/words'
import { SaidText } from '../components/said'
import { SaveFault } from '../components/save-fault'
import { execute } from '../graphql/execute'
import { type MailSetupQuery, type MailState, SendTestMailDocument } from '../graphql/gql/graphql'
import { MAIL_KEY, MAIL_PULSE_KEY, standingOf, standingQuery } from '../graphql/mail'
import { currentLanguage } from '../i18n'
import { newId } from '../lib/command-id'
import { formatInstant } from '../lib/format'
import { blockConversionEnter } from '../lib/ime'
import { isSettled } from '../lib/mail'
import { Band } from '../ui/band'
import { Button, buttonClass } from '../ui/button'
import { ErrorSummary } from '../ui/error-summary'
import { SelectInput, TextInput } from '../ui/field'
import { Skeleton } from '../ui/loading'
import { TypedText } from '../ui/typed-text'
import { showProblems, summaryOf } from './problems'

type Setup = MailSetupQuery['mailSetup']

interface Values {
  to: string
  sender: string
}

const FIELDS = ['to', 'sender'] as const

/** Where mail goes, so that nobody waits for one that was never meant to leave. */
function Way({ setup }: { setup: Setup }) {
  const { t } = useTranslation()
  return (
    <Band tone={setup.leaves ? 'info' : 'warn'} role="note" label={t('testMail.where')}>
      <p>{t(setup.leaves ? 'testMail.leaves' : 'testMail.stays')}</p>
      <p className="mono break-words">
        <TypedText text={setup.transport} />
      </p>
    </Band>
  )
}

export function TestMailForm({ setup }: { setup: Setup }) {
  const [sent, setSent] = useState<string>()
  return sent ? <Progress id={sent} setup={setup} onAgain={() => setSent(undefined)} /> : <Form setup={setup} onSent={setSent} />
}

function Form({ setup, onSent }: { setup: Setup; onSent: (id: string) => void }) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const client = useQueryClient()
  // One for each test, also to the same address; the same one while it is not certain that it was taken.
  const [commandId, setCommandId] = useState(newId)
  const form = useForm<Values>({ shouldFocusError: false, defaultValues: { to: '', sender: setup.senders[0]?.key ?? '' } })
  const { errors, submitCount } = form.formState
  const { onDirty } = steps
  const send = useMutation({
    mutationFn: async ({ to, sender }: Values) => (await execute(SendTestMailDocument, { input: { commandId, to: to.trim(), sender: sender || null } })).sendTestMail,
    onSuccess: (result) => {
      if (result.__typename === 'InvalidInput') {
        setCommandId(newId())
        return showProblems(result.problems, FIELDS, form)
      }
      onDirty(false)
      const standing = standingOf(result.mail)
      client.setQueryData(standingQuery(standing.id).queryKey, standing)
      void client.invalidateQueries({ queryKey: MAIL_PULSE_KEY })
      // Their own doing: it stands in the list at once.
      void client.invalidateQueries({ queryKey: [...MAIL_KEY, 'list'] })
      onSent(standing.id)
    },
  })
  const submit = form.handleSubmit((values) => {
    if (!send.isPending) send.mutate(values)
  })
  return (
    <form
      noValidate
      className="flex min-h-0 flex-1 flex-col"
      onInput={() => {
        onDirty(true)
        // What was typed differently is another mail.
        if (send.isError) setCommandId(newId())
      }}
      onKeyDown={blockConversionEnter}
      onSubmit={(event) => void submit(event)}
    >
      <div className="flex flex-1 flex-col gap-6 overflow-auto p-5">
        <ErrorSummary problems={summaryOf(errors, FIELDS)} attempt={submitCount} />
        <SaveFault error={send.error} />
        <p>{t('testMail.lead')}</p>
        <Way setup={setup} />
        <TextInput
          id="to"
          label={t('testMail.to')}
          help={t('testMail.toHelp')}
          required
          inputMode="email"
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          error={errors.to?.message}
          {...form.register('to', { validate: (text) => text.trim() !== '' || t('testMail.toMissing') })}
        />
        <SelectInput id="sender" label={t('testMail.sender')} error={errors.sender?.message} {...form.register('sender')}>
          {setup.senders.map(({ key, address, name }) => (
            <option key={key} value={key}>
              {name ? `${name} <${address}>` : address}
            </option>
          ))}
        </SelectInput>
      </div>
      <SheetFooter onClose={steps.close} saving={send.isPending} word={t('testMail.send')} reason={setup.senders.length === 0 ? t('testMail.noSenders') : undefined} />
    </form>
  )
}

const SAID = {
  QUEUED: 'testMail.queued',
  CLAIMED: 'testMail.sending',
  ACCEPTED: 'testMail.accepted',
  DEFERRED: 'testMail.deferred',
  BOUNCED: 'testMail.bounced',
  SUPPRESSED: 'testMail.suppressed',
  IN_DOUBT: 'testMail.inDoubt',
  PARKED: 'testMail.parked',
  CANCELLED: 'testMail.cancelled',
} as const satisfies Record<MailState, string>

function Progress({ id, setup, onAgain }: { id: string; setup: Setup; onAgain: () => void }) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const { data: standing, error, refetch } = useQuery(standingQuery(id))
  const box = useRef<HTMLDivElement>(null)
  // The button that was pressed is gone.
  useEffect(() => box.current?.focus(), [])
  const settled = standing === null || (standing && isSettled(standing.state))
  const said = standing && t(standing.state === 'ACCEPTED' && !setup.leaves ? 'testMail.saved' : SAID[standing.state])
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div ref={box} tabIndex={-1} role="region" aria-label={t('testMail.progress')} className="flex flex-1 flex-col gap-6 overflow-auto p-5">
        {error && <FaultBand error={error} onRetry={() => void refetch()} />}
        <Way setup={setup} />
        <div role="status" aria-busy={!settled} className="flex flex-col gap-2 rounded-md border border-line bg-surface px-4 py-3">
          {standing === undefined && <Skeleton className="w-2/3" />}
          {standing === null && <p>{t('testMail.lost')}</p>}
          {standing && (
            <>
              <p>
                <MailStateChip state={standing.state} />
              </p>
              <p className="font-bold">{said}</p>
              {standing.outcome && (
                <p>
                  {t('testMail.answer')}: {outcomeWord(standing.outcome, t)}
                </p>
              )}
              {standing.reply && <SaidText said={standing.reply} />}
              {standing.state === 'DEFERRED' && standing.nextTryAt && <p className="num">{t('testMail.nextTry', { when: formatInstant(standing.nextTryAt, currentLanguage()) })}</p>}
            </>
          )}
        </div>
        <p>
          <Link to="/settings/mail/$id" params={{ id }} className="inline-flex min-h-6 items-center">
            {t('testMail.record')}
          </Link>
        </p>
      </div>
      <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
        <Button onClick={onAgain}>{t('testMail.again')}</Button>
        <button type="button" className={buttonClass('primary')} onClick={steps.done}>
          {t('testMail.close')}
        </button>
      </footer>
    </div>
  )
}
