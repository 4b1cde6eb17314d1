// How mails are told: to whom and about what, where they stand, what became of an attempt, by whom.
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { MailRow } from '../../graphql/mail'
import type { Actor, MailState } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { aside } from '../../lib/aside'
import { formatInstant } from '../../lib/format'
import { Chip, type Tone } from '../../ui/chip'
import { Icon, type IconName } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'

const LOOKS: Record<MailState, { tone: Tone; icon: IconName }> = {
  QUEUED: { tone: 'quiet', icon: 'clock' },
  CLAIMED: { tone: 'quiet', icon: 'mail' },
  DEFERRED: { tone: 'quiet', icon: 'swap' },
  IN_DOUBT: { tone: 'warn', icon: 'warning' },
  PARKED: { tone: 'warn', icon: 'flag' },
  ACCEPTED: { tone: 'good', icon: 'check' },
  BOUNCED: { tone: 'bad', icon: 'error' },
  SUPPRESSED: { tone: 'quiet', icon: 'stop' },
  CANCELLED: { tone: 'quiet', icon: 'close' },
}

export function MailStateChip({ state }: { state: MailState }) {
  const { t } = useTranslation()
  return (
    <Chip {...LOOKS[state]} title={t(`mailStateHelp.${state}`)}>
      {t(`mailState.${state}`)}
    </Chip>
  )
}

const OUTCOMES = [
  'accepted', 'deferred', 'refused', 'connection_failed', 'in_doubt', 'unbuildable', 'panicked', 'lost', 'restored', 'rate', 'suppressed', 'came_back', 'treat_as_sent', 'send_again', 'try_now', 'cancel',
] as const

/** What is not known here is told as it comes. */
export function outcomeWord(outcome: string, t: TFunction): string {
  const known = OUTCOMES.find((word) => word === outcome)
  return known ? t(`mailOutcome.${known}`) : outcome
}

/** Staff by name; a machine says that it is one. */
export function actorWord({ kind, name }: Pick<Actor, 'kind' | 'name'>, t: TFunction): string {
  if (kind === 'STAFF') return name
  const word = t('mailOne.byMachine')
  return name && name !== word ? aside(word, name) : word
}

type Closed = { __typename: 'Withheld'; permission: 'READ_PERSONAL' | (string & {}) } | { __typename: 'Forgotten' } | { __typename: 'Unreadable' }

/** In the place of something personal: that it is closed, and why. */
export function ClosedNote({ closed }: { closed: Closed }) {
  const { t } = useTranslation()
  const { word, why } = {
    Withheld: { word: t('mail.withheld'), why: t('mail.withheldHelp', { permission: t('permission.READ_PERSONAL') }) },
    Forgotten: { word: t('mail.forgotten'), why: t('mail.forgottenHelp') },
    Unreadable: { word: t('mail.unreadable'), why: t('mail.unreadableHelp') },
  }[closed.__typename]
  return (
    <span className="inline-flex items-center gap-1 text-muted" title={why}>
      <Icon name="lock" className="size-3.5" />
      {word}
    </span>
  )
}

/** A mail in a few words, for labels and titles. */
export function mailLabel({ heading, queuedAt }: Pick<MailRow, 'heading' | 'queuedAt'>, t: TFunction): string {
  if (heading.__typename === 'MailHeading') return [heading.address, heading.subject].join(t('app.separator'))
  return aside(t('mail.unknownMail'), formatInstant(queuedAt, currentLanguage()))
}

export function Recipient({ heading }: { heading: Extract<MailRow['heading'], { __typename: 'MailHeading' }> }) {
  const { t } = useTranslation()
  return (
    <>
      <TypedText text={heading.address} />
      {heading.name && (
        <span className="text-muted">
          {' '}
          <TypedText text={t('mailList.toName', { name: heading.name })} />
        </span>
      )}
    </>
  )
}

/** Breaks between the day and the time, not inside either. */
export function When({ at }: { at: string }) {
  const language = currentLanguage()
  return (
    <time dateTime={at} title={formatInstant(at, language)}>
      <span className="num inline-block">{formatInstant(at, language, 'date')}</span> <span className="num inline-block">{formatInstant(at, language, 'time')}</span>
    </time>
  )
}
