// The head of a record: name, number, star, state, warnings, and the next action.
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { FactPartsFragment, FlagCode } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { formatDeclarationNumber } from '../../lib/format'
import { COMMANDS, type RecordCommand, RIGHTS } from '../../lib/record-commands'
import { Button, buttonClass } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { Icon } from '../../ui/icons'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import { FlagChip, StarMark, StateChip } from '../chips'
import { NameNote, useNameText } from '../name'
import { PageHeading } from '../page'
import { useSession } from '../session'

/** Why a record cannot be corrected now; undefined when it can. */
export function useNoCorrection(now: boolean): string | undefined {
  const { t } = useTranslation()
  const session = useSession()
  if (!may(session, 'CORRECT_DECLARATION')) return t('record.correctReason.right')
  return now ? undefined : t('record.correctReason.past')
}

/** Why nothing else, or not this one, can be done with it now; undefined when it can. */
export function useNoCommand(now: boolean, command?: RecordCommand): string | undefined {
  const { t } = useTranslation()
  const session = useSession()
  if (!COMMANDS.some((item) => may(session, RIGHTS[item]))) return t('command.reason.none')
  if (command !== undefined && !may(session, RIGHTS[command])) return t('command.reason.right', { permission: t(`permission.${RIGHTS[command]}`) })
  return now ? undefined : t('command.reason.past')
}

interface Props {
  id: string
  facts: FactPartsFragment | undefined
  flags: FlagCode[]
  now: boolean
}

export function RecordHead({ id, facts, flags, now }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const session = useSession()
  const reason = useNoCorrection(now)
  const noCommand = useNoCommand(now)
  const noClearing = useNoCommand(now, 'clearFlag')
  const nameText = useNameText()
  const kana = facts && 'kana' in facts.name ? facts.name.kana : undefined
  return (
    <header className="flex flex-wrap items-start gap-x-6 gap-y-2">
      <div className="min-w-0 flex-1 basis-72">
        {facts ? (
          <PageHeading className="text-2xl">
            <TypedText text={nameText({ name: facts.name, tradeName: facts.tradeName?.typed })} /> <NameNote name={facts.name} />
          </PageHeading>
        ) : (
          <p className="text-2xl leading-[1.4]">
            <Skeleton className="w-80 max-w-full" />
          </p>
        )}
        <p className="min-h-5 text-xs leading-5 text-muted">
          <TypedText text={kana} />
        </p>
        <p className="mt-1 flex min-h-8 flex-wrap items-center gap-x-4 gap-y-1">
          {facts ? (
            <>
              <span className="flex items-center gap-1">
                <span className="sr-only">{t('record.number')}: </span>
                <span className="num text-lg leading-normal">{formatDeclarationNumber(facts.number)}</span>
                <CopyButton text={facts.number} label={t('record.copyNumber')} />
              </span>
              <StarMark star={facts.star} />
              <StateChip state={facts.state} />
              {flags.map((flag) => (
                <span key={flag} className="inline-flex items-center">
                  <FlagChip flag={flag} />
                  {noClearing === undefined && <ClearFlagLink id={id} flag={flag} />}
                </span>
              ))}
            </>
          ) : (
            <Skeleton className="w-72 max-w-full" />
          )}
        </p>
      </div>
      <div className="flex flex-wrap gap-2" data-print="hide">
        {may(session, 'READ_OPERATIONS') && <MailLink number={facts?.number} />}
        <Button icon="print" onClick={() => window.print()}>
          {t('record.print')}
        </Button>
        <Button icon="list" reason={noCommand} onClick={() => void navigate({ to: '/declarations/$id/do', params: { id }, search: {}, resetScroll: false })}>
          {t('command.open')}
        </Button>
        <Button look="primary" icon="edit" reason={reason} onClick={() => void navigate({ to: '/declarations/$id/correct', params: { id }, search: {}, resetScroll: false })}>
          {t('record.correct')}
        </Button>
      </div>
    </header>
  )
}

/** Beside the warning that it clears. */
function ClearFlagLink({ id, flag }: { id: string; flag: FlagCode }) {
  const { t } = useTranslation()
  const label = t('record.clearFlag', { flag: t(`flag.${flag}`) })
  return (
    <Link
      to="/declarations/$id/do/$command"
      params={{ id, command: 'clearFlag' }}
      search={{ flag }}
      resetScroll={false}
      preload={false}
      aria-label={label}
      title={label}
      data-print="hide"
      className="flex size-6 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-link touch:size-11"
    >
      <Icon name="close" className="size-3" />
    </Link>
  )
}

/** All mail to the organisation. Its place is kept until the number is known. */
function MailLink({ number }: { number: string | undefined }) {
  const { t } = useTranslation()
  const content = (
    <>
      <Icon name="mail" />
      {t('record.mails')}
    </>
  )
  if (number === undefined) return <span className={`invisible ${buttonClass()}`}>{content}</span>
  return (
    <Link to="/settings/mail" search={{ number }} className={buttonClass()}>
      {content}
    </Link>
  )
}
