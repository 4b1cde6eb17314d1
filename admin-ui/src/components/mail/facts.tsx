// What a mail is: to whom, from whom, about what, and when it was and will be tried.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { OneMail } from '../../graphql/mail'
import { currentLanguage } from '../../i18n'
import { formatDeclarationNumber, formatInstant } from '../../lib/format'
import { isPast } from '../../lib/mail'
import { CopyButton } from '../../ui/copy-button'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import { SaidText } from '../said'
import { ClosedNote, outcomeWord, Recipient } from './words'

const FACTS = ['address', 'subject', 'sender', 'class', 'declaration', 'queuedAt', 'changedAt', 'nextTryAt', 'notAfter', 'lastAnswer'] as const
type Fact = (typeof FACTS)[number]

/** `mail`: undefined while it loads. */
export function MailFacts({ mail }: { mail: OneMail | undefined }) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="mail-facts" className="flex flex-col gap-2">
      <h2 id="mail-facts" className="text-base">
        {t('mailOne.facts')}
      </h2>
      <dl className="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-[9.5rem_1fr]">
        {FACTS.map((fact) => {
          const content = mail ? CONTENT[fact](mail) : <Skeleton className="w-2/3" />
          return content ? (
            <div key={fact} className="contents">
              <dt className="text-muted">{t(`mailOne.${fact}`)}</dt>
              <dd className="min-w-0">{content}</dd>
            </div>
          ) : null
        })}
      </dl>
    </section>
  )
}

const instant = (at: string) => (
  <time dateTime={at} className="num">
    {formatInstant(at, currentLanguage())}
  </time>
)

const CONTENT: Record<Fact, (mail: OneMail) => ReactNode> = {
  address: ({ heading }) => <Address heading={heading} />,
  subject: ({ heading }) => (heading.__typename === 'MailHeading' ? <TypedText text={heading.subject} /> : <ClosedNote closed={heading} />),
  sender: ({ sender }) => <span className="mono">{sender}</span>,
  class: (mail) => <ClassFact mail={mail} />,
  declaration: ({ declaration }) => <Declaration declaration={declaration} />,
  queuedAt: ({ queuedAt }) => instant(queuedAt),
  changedAt: ({ changedAt }) => instant(changedAt),
  nextTryAt: ({ nextTryAt }) => nextTryAt && <NextTry at={nextTryAt} />,
  notAfter: ({ notAfter }) => (notAfter ? instant(notAfter) : <NoLimit />),
  lastAnswer: ({ outcome, reply }) => outcome && <LastAnswer outcome={outcome} reply={reply} />,
}

function Address({ heading }: Pick<OneMail, 'heading'>) {
  const { t } = useTranslation()
  if (heading.__typename !== 'MailHeading') return <ClosedNote closed={heading} />
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-x-1.5">
      <span>
        <Recipient heading={heading} />
      </span>
      <span className="-my-1">
        <CopyButton text={heading.address} label={t('mailOne.copyAddress')} />
      </span>
    </span>
  )
}

function ClassFact({ mail }: { mail: OneMail }) {
  const { t } = useTranslation()
  return (
    <>
      {t(`mailClass.${mail.class}`)}
      <span className="block text-muted">{t(`mailClassHelp.${mail.class}`)}</span>
    </>
  )
}

function Declaration({ declaration }: Pick<OneMail, 'declaration'>) {
  const { t } = useTranslation()
  if (!declaration) return <span className="text-muted">{t('mailOne.noDeclaration')}</span>
  return (
    <span className="flex flex-wrap gap-x-4">
      <Link to="/declarations/$id" params={{ id: declaration.id }} className="num inline-flex min-h-6 items-center">
        {formatDeclarationNumber(declaration.number)}
      </Link>
      <Link to="/settings/mail" search={{ number: declaration.number }} className="inline-flex min-h-6 items-center">
        {t('mailOne.allOfOrganization')}
      </Link>
    </span>
  )
}

function NextTry({ at }: { at: string }) {
  const { t } = useTranslation()
  // A time that has passed would look like a fault; it is the next to be sent.
  return isPast(at) ? <>{t('mailOne.nextTryDue')}</> : instant(at)
}

function NoLimit() {
  const { t } = useTranslation()
  return <span className="text-muted">{t('mailOne.notAfterNone')}</span>
}

function LastAnswer({ outcome, reply }: Pick<OneMail, 'reply'> & { outcome: string }) {
  const { t } = useTranslation()
  return (
    <>
      {outcomeWord(outcome, t)}
      {reply && <SaidText said={reply} />}
    </>
  )
}
