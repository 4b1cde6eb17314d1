// What can be done with the chosen mails, and what became of it, one by one.
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { MailVerdict } from '../../graphql/gql/graphql'
import type { MailRow } from '../../graphql/mail'
import { currentLanguage } from '../../i18n'
import { newId } from '../../lib/command-id'
import { formatCount } from '../../lib/format'
import { verdictsForAll } from '../../lib/mail'
import { Button, IconButton } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { type Decision, useDecide } from './decide'
import { type Question, VerdictBox } from './verdict-box'
import { mailLabel, MailStateChip } from './words'

export interface Results {
  /** Of this decision, so that the next one is told anew. */
  stamp: string
  verdict: MailVerdict
  decisions: (Decision & { label: string })[]
}

interface Props {
  chosen: MailRow[]
  onClear: () => void
  onResults: (results: Results) => void
}

/** Takes no room above the rows, so that choosing one moves none of them. */
export function SelectionBar({ chosen, onClear, onResults }: Props) {
  const { t } = useTranslation()
  const [question, setQuestion] = useState<Question>()
  const labels = new Map(chosen.map((mail) => [mail.id, mailLabel(mail, t)]))
  const decide = useDecide((decisions, { verdict }) => {
    setQuestion(undefined)
    onResults({ stamp: newId(), verdict, decisions: decisions.map((decision) => ({ ...decision, label: labels.get(decision.id) ?? decision.id })) })
  })
  const possible = verdictsForAll(chosen)
  const count = (number: number) => formatCount(number, currentLanguage())
  return (
    <>
      {chosen.length > 0 && (
        <div role="region" aria-label={t('mailDecide.bar')} className="sticky bottom-0 z-20 -mx-4 flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-control bg-raised px-4 py-2.5 shadow-lift lg:-mx-6 lg:px-6" data-print="hide">
          <p role="status" className="font-bold">
            {t('mailDecide.selected', { count: chosen.length, total: count(chosen.length) })}
          </p>
          {possible.length === 0 && <p className="text-sm text-muted">{t('mailDecide.none')}</p>}
          {possible.map(({ verdict, ids }) => (
            <Button
              key={verdict}
              size="sm"
              look={verdict === 'CANCEL' ? 'danger' : 'secondary'}
              onClick={() => {
                decide.reset()
                setQuestion({ verdict, mails: chosen.filter((mail) => ids.includes(mail.id)), leftOut: chosen.length - ids.length })
              }}
            >
              {t('mailDecide.counted', { verdict: t(`mailDecide.${verdict}`), total: count(ids.length) })}
            </Button>
          ))}
          <Button look="plain" size="sm" className="ml-auto" onClick={onClear}>
            {t('mailDecide.unselect')}
          </Button>
        </div>
      )}
      <VerdictBox
        question={question}
        several
        pending={decide.isPending}
        error={decide.error}
        onNo={() => setQuestion(undefined)}
        onYes={({ verdict, mails }) => decide.mutate({ verdict, ids: mails.map((mail) => mail.id) })}
      />
    </>
  )
}

/** It takes the focus when it appears: what was pressed is gone by then. */
export function ResultList({ results, onClose }: { results: Results; onClose: () => void }) {
  const { t } = useTranslation()
  const box = useRef<HTMLElement>(null)
  useEffect(() => box.current?.focus(), [])
  const done = results.decisions.filter((decision) => decision.decided).length
  const word = ({ decided, state }: Decision) => {
    if (!state) return t('mailDecide.resultGone')
    return t(decided ? 'mailDecide.resultDone' : 'mailDecide.resultOther')
  }
  const complete = done === results.decisions.length
  return (
    <section ref={box} tabIndex={-1} aria-labelledby="results" className={`border-l-4 px-4 py-2.5 ${complete ? 'border-good bg-good-bg' : 'border-warn bg-warn-bg'}`}>
      <div className="flex items-start gap-2">
        <Icon name={complete ? 'check' : 'warning'} className={`mt-1.5 size-5 ${complete ? 'text-good' : 'text-warn'}`} />
        <h2 id="results" className="flex-1 py-1 text-base">
          {t('mailDecide.resultSum', { verdict: t(`mailDecide.${results.verdict}`), done: formatCount(done, currentLanguage()), total: formatCount(results.decisions.length, currentLanguage()) })}
        </h2>
        <IconButton icon="close" label={t('mailDecide.close')} onClick={onClose} />
      </div>
      <ul aria-label={t('mailDecide.results')} className="max-h-60 overflow-auto pl-7 text-sm">
        {results.decisions.map((decision) => (
          <li key={decision.id} className="flex flex-wrap items-center gap-x-3 py-0.5">
            <Link to="/settings/mail/$id" params={{ id: decision.id }} className="inline-flex min-h-6 items-center">
              <TypedText text={decision.label} />
            </Link>
            <span>{word(decision)}</span>
            {decision.state && <MailStateChip state={decision.state} />}
          </li>
        ))}
      </ul>
    </section>
  )
}
