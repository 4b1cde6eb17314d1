// Everything that can be done with one declaration, in a sheet over it; what cannot be done now says why.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useId, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { StarMark, StateChip } from '../../components/chips'
import { AskedBy, useAskedBy, useLeaveRecord } from '../../components/declarations/asked-by'
import { useNoCommand, useNoCorrection } from '../../components/declarations/record-head'
import { FaultBlock } from '../../components/fault'
import { FormSkeleton } from '../../components/form-sheet'
import { useSession } from '../../components/session'
import { declarationQuery, type DeclarationRecord } from '../../graphql/declaration'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { FactPartsFragmentDoc } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { currentLanguage } from '../../i18n'
import { formatDate } from '../../lib/format'
import { COMMAND_GROUPS, type CommandGroup, type ListedCommand, listedOf, nameOf, RIGHTS, type Situation, whyNot } from '../../lib/record-commands'
import { Chip } from '../../ui/chip'
import { Icon } from '../../ui/icons'
import { Sheet } from '../../ui/modal'

const route = getRouteApi('/shell/declarations/$id/do')

export default function CommandsPage() {
  const { t } = useTranslation()
  const { id } = route.useParams()
  const leave = useLeaveRecord(id)
  const { data, error, refetch } = useQuery(declarationQuery(id))
  const refused = useNoCommand(true)
  const record = data?.__typename === 'Declaration' ? data : undefined
  return (
    <Sheet title={t('command.title')} open onClose={leave}>
      {refused !== undefined && <p className="p-5">{refused}</p>}
      {refused === undefined && record && <List record={record} />}
      {refused === undefined && !record && (error ? <FaultBlock error={error} onRetry={() => void refetch()} /> : <FormSkeleton />)}
    </Sheet>
  )
}

const itemsOf = (list: HTMLElement | null) => [...(list?.querySelectorAll<HTMLElement>('[data-command]') ?? [])]

function List({ record }: { record: DeclarationRecord }) {
  const { t } = useTranslation()
  const of: Situation = { facts: readFragment(FactPartsFragmentDoc, record), flags: record.flags }
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const all = itemsOf(list.current)
    ;(all.find((item) => !item.ariaDisabled) ?? all[0])?.focus()
  }, [])
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step === undefined) return
    event.preventDefault()
    const all = itemsOf(list.current)
    const next = all.indexOf(document.activeElement as HTMLElement) + step
    all[Math.max(0, Math.min(next, all.length - 1))]?.focus()
  }
  return (
    <div className="flex flex-1 flex-col gap-4 overflow-auto p-5">
      <div className="flex flex-col gap-2">
        <AskedBy />
        <Now of={of} />
        <p className="text-sm text-muted">{t('records.lead')}</p>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the arrows are a shorter way than Tab, which works too */}
      <div ref={list} onKeyDown={onKeyDown} className="flex flex-col gap-4">
        {(Object.keys(COMMAND_GROUPS) as CommandGroup[]).map((group) => (
          <section key={group} aria-labelledby={`command-${group}`}>
            <h3 id={`command-${group}`} className="border-b border-line pb-1 text-sm text-muted">
              {t(`records.group.${group}`)}
            </h3>
            <ul>
              {listedOf(group, of).map((command) => (
                <li key={command}>
                  <Item id={record.id} command={command} of={of} />
                </li>
              ))}
            </ul>
          </section>
        ))}
        <Facts id={record.id} />
      </div>
    </div>
  )
}

/** The facts themselves: beside the record they have a button of their own, which an inquiry does not see. */
function Facts({ id }: { id: string }) {
  const { t } = useTranslation()
  const inquiry = useAskedBy()
  const refused = useNoCorrection(true)
  if (inquiry === undefined || refused !== undefined) return null
  return (
    <section aria-labelledby="command-facts">
      <h3 id="command-facts" className="border-b border-line pb-1 text-sm text-muted">
        {t('records.group.facts')}
      </h3>
      <Link data-command to="/declarations/$id/correct" params={{ id }} search={{ inquiry }} resetScroll={false} className={`${ROW} font-bold text-link hover:bg-hover`}>
        <span className="flex-1">{t('correct.title')}</span>
        <Icon name="right" className="size-4 text-muted" />
      </Link>
    </section>
  )
}

/** What the reasons below rest on. */
function Now({ of: { facts } }: { of: Situation }) {
  const { t } = useTranslation()
  return (
    <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
      <span className="sr-only">{t('records.now')}: </span>
      <StarMark star={facts.star} />
      <StateChip state={facts.state} />
      {facts.plannedStop?.on && (
        <Chip tone="warn" icon="calendar">
          {t('records.planned', { date: formatDate(facts.plannedStop.on, currentLanguage()) })}
        </Chip>
      )}
      <Chip tone={facts.published ? 'good' : 'quiet'} icon={facts.published ? 'check' : 'lock'}>
        {t(facts.published ? 'record.publishedYes' : 'record.publishedNo')}
      </Chip>
      <Chip tone={facts.logoAllowed ? 'good' : 'warn'} icon={facts.logoAllowed ? 'check' : 'stop'}>
        {t(facts.logoAllowed ? 'records.logo.yes' : 'records.logo.no')}
      </Chip>
    </p>
  )
}

/** What waits for a second person is done without the inquiry: nothing may say otherwise. */
const CARRIES_NO_INQUIRY: readonly ListedCommand[] = ['merge']

const ROW = 'flex min-h-10 w-full flex-wrap items-center gap-x-3 border-b border-line/60 px-2 py-1.5 text-left no-underline touch:min-h-11'

function Item({ id, command, of }: { id: string; command: ListedCommand; of: Situation }) {
  const { t } = useTranslation()
  const reasonId = useId()
  const right = RIGHTS[command]
  const inquiry = useAskedBy()
  const why = may(useSession(), right) ? whyNot(command, of) : 'right'
  const word = t(`command.name.${nameOf(command, of)}`)
  if (why === undefined)
    return (
      <Link data-command to="/declarations/$id/do/$command" params={{ id, command }} search={{ inquiry: CARRIES_NO_INQUIRY.includes(command) ? undefined : inquiry }} resetScroll={false} className={`${ROW} font-bold text-link hover:bg-hover`}>
        <span className="flex-1">{word}</span>
        <Icon name="right" className="size-4 text-muted" />
      </Link>
    )
  return (
    <button data-command type="button" aria-disabled="true" aria-describedby={reasonId} className={`${ROW} cursor-default text-quiet`}>
      <span className="basis-48">{word}</span>
      <span id={reasonId} className="min-w-0 flex-1 basis-60 text-sm text-muted">
        {t(`records.not.${why}`, { permission: t(`permission.${why === 'right' ? right : 'READ_PERSONAL'}`) })}
      </span>
    </button>
  )
}
