// The words of a mail, to read and as they go over the wire. Opening them is a recorded read, so it happens only when asked for.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { mailWordsQuery, type MailWordsInfo } from '../../graphql/mail'
import { may } from '../../graphql/session'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import { FaultBand } from '../fault'
import { SaidText } from '../said'
import { useSession } from '../session'

export function MailWords({ id, forgotten }: { id: string; forgotten: boolean }) {
  const { t } = useTranslation()
  const allowed = may(useSession(), 'READ_PERSONAL')
  const [asked, setAsked] = useState(false)
  const { data, error, refetch } = useQuery({ ...mailWordsQuery(id), enabled: asked && allowed })
  const noRight = t('mailOne.noRightWords', { permission: t('permission.READ_PERSONAL') })
  return (
    <section aria-labelledby="mail-words" data-print={data ? undefined : 'hide'} className="flex min-w-0 flex-col gap-2">
      <h2 id="mail-words" className="text-base">
        {t('mailOne.words')}
      </h2>
      {!allowed && <p className="text-sm text-muted">{noRight}</p>}
      {allowed && forgotten && <p className="text-sm text-muted">{t('mailOne.wordsForgotten')}</p>}
      {allowed && !forgotten && !asked && (
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2" data-print="hide">
          <Button icon="declaration" onClick={() => setAsked(true)} aria-describedby="words-lead">
            {t('mailOne.showWords')}
          </Button>
          <p id="words-lead" className="min-w-0 flex-1 basis-72 text-sm text-muted">
            {t('mailOne.wordsLead')}
          </p>
        </div>
      )}
      {asked && !data && (error ? <FaultBand error={error} onRetry={() => void refetch()} /> : <Skeleton className="h-40 w-full" />)}
      {data?.__typename === 'Withheld' && <p className="text-sm text-muted">{noRight}</p>}
      {data?.__typename === 'Forgotten' && <p className="text-sm text-muted">{t('mailOne.wordsForgotten')}</p>}
      {data?.__typename === 'Unreadable' && <p className="text-sm text-muted">{t('mail.unreadableHelp')}</p>}
      {data?.__typename === 'MailWords' && <Words words={data} />}
    </section>
  )
}

const FORMS = ['text', 'raw'] as const

function Words({ words }: { words: Extract<MailWordsInfo, { __typename: 'MailWords' }> }) {
  const { t } = useTranslation()
  const [form, setForm] = useState<(typeof FORMS)[number]>('text')
  const shown = form === 'text' ? words.text : words.raw
  return (
    <>
      {words.problem && (
        <Band tone="warn" role="note">
          <p className="font-bold">{t('mailOne.problem')}</p>
          <SaidText said={words.problem} />
        </Band>
      )}
      <div className="flex flex-wrap items-center gap-2">
        <div role="group" aria-label={t('mailOne.forms')} className="flex gap-1" data-print="hide">
          {FORMS.map((value) => (
            <button
              key={value}
              type="button"
              aria-pressed={form === value}
              onClick={() => setForm(value)}
              className="min-h-8 rounded-md border border-control px-2.5 text-sm hover:bg-hover aria-pressed:border-accent aria-pressed:bg-selected aria-pressed:font-bold touch:min-h-11"
            >
              {t(`mailOne.${value}`)}
            </button>
          ))}
        </div>
        {shown && <CopyButton text={shown} label={t(form === 'text' ? 'mailOne.copyText' : 'mailOne.copyRaw')} />}
        <p className="min-w-0 text-sm text-muted">
          {t('mailOne.messageId')}: <span className="mono break-all">{words.messageId}</span>
        </p>
      </div>
      {shown ? (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
        <div role="region" aria-label={t(`mailOne.${form}`)} tabIndex={0} data-print="plain" className="max-h-[32rem] overflow-auto rounded-md border border-line bg-surface px-4 py-3">
          <pre className={`whitespace-pre-wrap [overflow-wrap:anywhere] ${form === 'raw' ? 'mono text-[0.8125rem] leading-normal' : 'font-sans text-sm'}`}>
            <TypedText text={shown} />
          </pre>
        </div>
      ) : (
        <p className="text-sm text-muted">{t('mailOne.noRaw')}</p>
      )}
    </>
  )
}
