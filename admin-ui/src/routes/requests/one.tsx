// One request of a data subject: what is asked for, until when, what happened, and what can be done next.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import { ApprovalChips } from '../../components/approvals/chips'
import { CaseHistory } from '../../components/cases/history'
import { Due } from '../../components/cases/due'
import { requestEntries } from '../../components/cases/request-history'
import { hasTerm, RequestChips, requestTitle } from '../../components/cases/request-words'
import { StepLinks } from '../../components/cases/step-links'
import { CaseTextView } from '../../components/cases/text'
import { FaultBand, FaultPage } from '../../components/fault'
import { type OperationFact, OperationFacts } from '../../components/operations/facts'
import { OperationNotFound } from '../../components/operations/not-found'
import { whenWord } from '../../components/operations/words'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { useSession } from '../../components/session'
import { erasureOf, erasureTargets, stepsOf } from '../../forms/request-fields'
import { changeRequest, HOME_KEY, requestQuery, type RequestRecord, REQUESTS_KEY } from '../../graphql/cases'
import { may } from '../../graphql/session'
import { currentLanguage } from '../../i18n'
import { useCommandId } from '../../lib/command-id'
import { formatDate, formatDeclarationNumber } from '../../lib/format'
import { useKeys } from '../../lib/keys'
import { Button, buttonClass } from '../../ui/button'
import { LoadingBar, Skeleton } from '../../ui/loading'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/requests/$id')

export default function RequestPage() {
  const { id } = route.useParams()
  return <RequestOf key={id} id={id} />
}

function RequestOf({ id }: { id: string }) {
  const { t } = useTranslation()
  const navigate = route.useNavigate()
  const { data, error, isPending, refetch } = useQuery(requestQuery(id))
  const record = data ?? undefined
  const title = record && requestTitle(record.summary, t)
  useWindowTitle(title, t('requests.title'))
  useKeys({ u: () => void navigate({ to: '/requests' }) })
  if (data === null) return <OperationNotFound title={t('requests.notFoundTitle')} text={t('requests.notFound')} to="/requests" word={t('requests.toList')} />
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  return (
    <article className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <LoadingBar busy={isPending} />
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <Breadcrumb crumbs={[{ label: t('requests.title'), link: { to: '/requests' } }, { label: title ?? '…' }]} />
      <header className="flex min-w-0 flex-col gap-1">
        <PageHeading className="text-2xl">{title ?? <Skeleton className="w-72" />}</PageHeading>
        <p role="status" className="flex min-h-7 flex-wrap items-center gap-x-3 gap-y-1">
          {record ? <RequestChips row={record.summary} /> : <Skeleton className="w-24" />}
        </p>
      </header>
      {record && <Deeds record={record} />}
      <div className="grid items-start gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_21rem] 2xl:grid-cols-[minmax(0,1fr)_26rem]">
        <OperationFacts title={t('cases.facts')} facts={record ? factsOf(record, t) : FACTS.map((name) => ({ term: t(`requests.fact.${name}`), value: <Skeleton className="w-2/3" /> }))} />
        <div className="min-w-0 border-line lg:border-l lg:pl-6">{record ? <CaseHistory entries={requestEntries(record, t)} /> : <Skeleton className="w-1/2" />}</div>
      </div>
      <Outlet />
    </article>
  )
}

function Deeds({ record }: { record: RequestRecord }) {
  const { t } = useTranslation()
  const session = useSession()
  const { id } = record.summary
  if (!may(session, 'MANAGE_PRIVACY_REQUESTS')) return <p className="text-sm text-muted">{t('cases.readOnly', { permission: t('permission.MANAGE_PRIVACY_REQUESTS') })}</p>
  const steps = stepsOf(record, may(session, 'FORGET_PERSON')).map((step) => ({ step, word: t(`requests.deed.${step}`), link: { to: '/requests/$id/do/$deed', params: { id, deed: step } } }) as const)
  return (
    <StepLinks steps={steps}>
      {record.summary.status !== 'CLOSED' && (
        <li>
          <Assign record={record} />
        </li>
      )}
      <li>
        <Link to="/requests/$id/held" params={{ id }} className={buttonClass('secondary', false, 'sm')}>
          {t('requests.held')}
        </Link>
      </li>
      <li>
        <Link to="/requests/$id/letter" params={{ id }} className={buttonClass('secondary', false, 'sm')}>
          {t('requests.letter')}
        </Link>
      </li>
    </StepLinks>
  )
}

/** Taking it on is one press: it can be undone by another. */
function Assign({ record }: { record: RequestRecord }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const me = useSession().staff.id
  const isMine = record.summary.handlerId === me
  const handler = isMine ? null : me
  const act = useMutation({
    mutationFn: () => changeRequest(commandId({ version: record.version, handler }), record, { assign: { handler } }),
    onSuccess: async (sent) => {
      if ('done' in sent) {
        client.setQueryData(requestQuery(record.summary.id).queryKey, sent.done)
        toast(t('cases.saved'))
      }
      await Promise.all([client.invalidateQueries({ queryKey: REQUESTS_KEY }), client.invalidateQueries({ queryKey: HOME_KEY })])
    },
  })
  return (
    <Button size="sm" reason={act.isPending ? t('sheet.saving') : undefined} onClick={() => act.mutate()}>
      {t(isMine ? 'requests.deed.assignNobody' : 'requests.deed.assignMe')}
    </Button>
  )
}

const FACTS = ['requester', 'contact', 'wanted', 'received', 'due', 'identity', 'handler', 'records', 'outcome'] as const

function factsOf(record: RequestRecord, t: TFunction): OperationFact[] {
  const { summary, requester } = record
  const who = requester.__typename === 'Requester' ? requester : undefined
  const hidden = <CaseTextView text={requester} />
  const day = (text: string) => <time dateTime={text} className="num">{formatDate(text, currentLanguage(), 'dateWithDay')}</time>
  return [
    { term: t('requests.fact.requester'), value: who ? <TypedText text={who.name} /> : hidden },
    ...(who?.actsFor ? [{ term: t('requests.fact.actsFor'), value: <TypedText text={who.actsFor} /> }] : []),
    { term: t('requests.fact.contact'), value: who ? <CaseTextView text={{ __typename: 'OpenText', text: who.contact }} /> : hidden },
    { term: t('requests.fact.wanted'), value: <CaseTextView text={record.wanted} /> },
    {
      term: t('requests.fact.received'),
      value: (
        <>
          {day(summary.receivedOn)} {t(`requests.channel.${summary.channel}`)}
        </>
      ),
    },
    {
      term: t('requests.fact.due'),
      value: (
        <>
          {hasTerm(summary.status) ? <Due on={summary.dueOn} today={record.today} still={summary.status === 'PAUSED'} /> : day(summary.dueOn)}
          {record.extensions > 0 && <span className="block text-muted">{t('requests.extended', { count: record.extensions })}</span>}
        </>
      ),
    },
    { term: t('requests.fact.identity'), value: t(summary.isIdentified ? 'requests.identified' : 'requests.notIdentified') },
    { term: t('requests.fact.handler'), value: summary.handler ? <TypedText text={summary.handler} /> : <span className="text-muted">{t('requests.noHandler')}</span> },
    { term: t('requests.fact.records'), value: <Records record={record} /> },
    ...(summary.outcome ? [{ term: t('requests.fact.outcome'), value: t(`requests.outcome.${summary.outcome}`) }] : []),
    ...(record.answeredOn ? [{ term: t('requests.fact.answered'), value: day(record.answeredOn) }] : []),
    ...(record.keptUntil ? [{ term: t('requests.fact.kept'), value: record.requester.__typename === 'Forgotten' ? t('requests.keptOver') : t('requests.keptUntil', { day: formatDate(record.keptUntil, currentLanguage(), 'dateWithDay') }) }] : []),
  ]
}

/** The records, with the way to correct each, who was forgotten in it, and whose erasure waits or came to nothing. */
function Records({ record }: { record: RequestRecord }) {
  const { t } = useTranslation()
  const session = useSession()
  const targets = erasureTargets(record)
  const canErase = may(session, 'FORGET_PERSON') && may(session, 'MANAGE_PRIVACY_REQUESTS')
  if (record.records.length === 0) return <span className="text-muted">{t('requests.noRecords')}</span>
  return (
    <>
      <ul className="flex flex-col gap-1">
        {record.records.map(({ id, number, version, forgotten }) => (
          <li key={id}>
            <Link to="/declarations/$id" params={{ id }} className="num inline-flex min-h-6 items-center font-bold touch:min-h-11">
              {number ? formatDeclarationNumber(number) : id}
            </Link>{' '}
            <span className="num text-muted">{t('requests.recordVersion', { version })}</span>{' '}
            {record.summary.kind === 'CORRECTION' && may(session, 'CORRECT_DECLARATION') && (
              <Link to="/declarations/$id/correct" params={{ id }} className="inline-flex min-h-6 items-center touch:min-h-11">
                {t('requests.correctLink')}
              </Link>
            )}
            {erasuresOf(record, id).map(({ person, approvalId, approvalStatus, approvalExpiresAt }) => (
              <span key={approvalId} className="flex flex-wrap items-center gap-x-2">
                {person && t('requests.erasureOf', { person: t(`requests.person.${person}`) })}
                {approvalStatus && <ApprovalChips row={{ status: approvalStatus, isBypass: false }} />}
                {approvalStatus === 'OPEN' && approvalExpiresAt && <span className="num text-muted">{t('requests.erasureUntil', { when: whenWord(approvalExpiresAt) })}</span>}
                {approvalId && (
                  <Link to="/approvals/$id" params={{ id: approvalId }} className="inline-flex min-h-6 items-center touch:min-h-11">
                    {t('requests.approvalLink')}
                  </Link>
                )}
                {erasureOf({ approvalStatus }) === 'over' && canErase && targets.some((target) => target.declarationId === id && target.person === person) && (
                  <Link to="/requests/$id/do/$deed" params={{ id: record.summary.id, deed: 'erase' }} resetScroll={false} className="inline-flex min-h-6 items-center touch:min-h-11">
                    {t('requests.eraseAgain')}
                  </Link>
                )}
              </span>
            ))}
            {forgotten.map(({ person, at }) => (
              <span key={`${person} ${at}`} className="block">
                {t('requests.forgottenIn', { person: t(`requests.person.${person}`), when: whenWord(at) })}
              </span>
            ))}
          </li>
        ))}
      </ul>
      {isToErase(record) && <p className="text-muted">{t(may(session, 'FORGET_PERSON') ? 'requests.eraseHelp' : 'requests.eraseNoRight')}</p>}
      {record.summary.kind === 'STOP_OF_USE' && may(session, 'MANAGE_MAIL') && (
        <p className="text-muted">
          {t('requests.stopHelp')}
          <br />
          <Link to="/settings/mail/suppressions" className="inline-flex min-h-6 items-center touch:min-h-11">
            {t('requests.stopLink')}
          </Link>
        </p>
      )}
    </>
  )
}

/** Once it is decided so: before that there is nothing to press. */
const isToErase = ({ summary: { kind, status, outcome } }: RequestRecord) => (kind === 'ERASURE' || kind === 'STOP_OF_USE') && (outcome === 'GRANTED' || outcome === 'PARTLY') && status !== 'CLOSED'

/** The newest for each person of a record that was not done; what is done stands beside the record anyway. */
function erasuresOf(record: RequestRecord, declarationId: string) {
  const asked = record.history.flatMap(({ measure }) => (measure?.approvalId && measure.declarationId === declarationId ? [measure] : []))
  const newest = new Map(asked.map((measure) => [measure.person, measure]))
  return [...newest.values()].filter((measure) => erasureOf(measure) !== 'done')
}
