// What can be done with one mail where it stands. In doubt, both ways out are explained before one of them is taken.
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MailState, MailVerdict } from '../../graphql/gql/graphql'
import { verdictsOf } from '../../lib/mail'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { toast } from '../../ui/toast'
import { useDecide } from './decide'
import { useNoMailRight } from './right'
import { DecideFault, type Question, VerdictBox } from './verdict-box'

export function MailActions({ id, state }: { id: string; state: MailState }) {
  const { t } = useTranslation()
  const noRight = useNoMailRight()
  const [question, setQuestion] = useState<Question>()
  const [faster, setFaster] = useState<{ state: MailState | undefined }>()
  const decide = useDecide(([decision], { verdict }) => {
    setQuestion(undefined)
    if (decision?.decided) toast(t(`mailDecide.done.${verdict}`))
    else setFaster({ state: decision?.state })
  })
  useHeadingAfter(state)
  const ask = (verdict: MailVerdict) => {
    decide.reset()
    setFaster(undefined)
    // Nothing is lost by it, and nothing asked for twice.
    if (verdict === 'TRY_NOW') decide.mutate({ verdict, ids: [id] })
    else setQuestion({ verdict, mails: [{ id, state }], leftOut: 0 })
  }
  const verdicts = verdictsOf(state)
  const pending = decide.isPending && !question ? t('mailDecide.deciding') : undefined
  const button = (verdict: MailVerdict, look?: 'primary' | 'danger') =>
    verdicts.includes(verdict) && (
      <Button look={look} onClick={() => ask(verdict)} reason={pending}>
        {t(`mailDecide.${verdict}`)}
      </Button>
    )
  return (
    <>
      {faster && (
        <Band tone="warn" role="alert">
          <p className="font-bold">{t('mailDecide.conflictTitle')}</p>
          <p>{faster.state ? t('mailDecide.conflict', { state: t(`mailState.${faster.state}`) }) : t('mailDecide.gone')}</p>
        </Band>
      )}
      {!question && <DecideFault error={decide.error} />}
      {state === 'IN_DOUBT' && <InDoubt noRight={noRight} onAsk={ask} />}
      {state === 'PARKED' && (
        <section aria-labelledby="parked" data-print="hide" className="flex flex-col gap-3 rounded-md border-2 border-warn px-4 py-3">
          <h2 id="parked" className="flex items-start gap-2 text-base">
            <Icon name="flag" className="mt-0.5 size-5 text-warn" />
            {t('mailOne.parkedTitle')}
          </h2>
          <p>{t('mailOne.parkedLead')}</p>
          {noRight === undefined ? (
            <div className="flex flex-wrap gap-2">
              {button('SEND_AGAIN', 'primary')}
              {button('CANCEL', 'danger')}
            </div>
          ) : (
            <p className="text-sm text-muted">{noRight}</p>
          )}
        </section>
      )}
      {(state === 'QUEUED' || state === 'DEFERRED') && noRight === undefined && (
        <div role="group" aria-label={t('mailOne.actions')} className="flex flex-wrap gap-2" data-print="hide">
          {button('TRY_NOW', 'primary')}
          {button('CANCEL', 'danger')}
        </div>
      )}
      <VerdictBox
        question={question}
        several={false}
        pending={decide.isPending}
        error={decide.error}
        onNo={() => setQuestion(undefined)}
        onYes={({ verdict }) => decide.mutate({ verdict, ids: [id] })}
      />
    </>
  )
}

/** What was pressed is gone once the mail stands elsewhere: the work goes on at the heading. */
function useHeadingAfter(state: MailState) {
  const before = useRef(state)
  useEffect(() => {
    if (before.current === state) return
    before.current = state
    if (document.activeElement === document.body) document.querySelector('h1')?.focus({ preventScroll: true })
  }, [state])
}

const CHOICES = [
  { verdict: 'TREAT_AS_SENT', text: 'mailOne.doubtSent' },
  { verdict: 'SEND_AGAIN', text: 'mailOne.doubtAgain' },
] as const

function InDoubt({ noRight, onAsk }: { noRight: string | undefined; onAsk: (verdict: MailVerdict) => void }) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="doubt" data-print="hide" className="flex flex-col gap-3 rounded-md border-2 border-warn px-4 py-3">
      <h2 id="doubt" className="flex items-start gap-2 text-base">
        <Icon name="warning" className="mt-0.5 size-5 text-warn" />
        {t('mailOne.doubtTitle')}
      </h2>
      <p>{t('mailOne.doubtLead')}</p>
      <div className="grid gap-3 md:grid-cols-2">
        {CHOICES.map(({ verdict, text }) => (
          <div key={verdict} className="flex flex-col items-start gap-2 rounded-md border border-line bg-surface px-4 py-3">
            <h3 className="text-sm">{t(`mailDecide.${verdict}`)}</h3>
            <p id={`doubt-${verdict}`} className="flex-1 text-sm">
              {t(text)}
            </p>
            {noRight === undefined && (
              <Button aria-describedby={`doubt-${verdict}`} onClick={() => onAsk(verdict)}>
                {t(`mailDecide.${verdict}`)}
              </Button>
            )}
          </div>
        ))}
      </div>
      {noRight !== undefined && <p className="text-sm text-muted">{noRight}</p>}
    </section>
  )
}
