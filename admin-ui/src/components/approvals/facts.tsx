// What a request asks for, in words: about whom, which roles now and then or what is erased, what that means, why, who, until when.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useTranslation } from 'react-i18next'
import type { ApprovalRecord } from '../../graphql/approvals'
import type { Role } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { aside } from '../../lib/aside'
import { formatDeclarationNumber } from '../../lib/format'
import { CopyButton } from '../../ui/copy-button'
import { Icon } from '../../ui/icons'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import { useTextWord } from '../declarations/text-result'
import { GuardedWords } from '../guarded-words'
import type { OperationFact } from '../operations/facts'
import { actorWord } from '../operations/words'
import { rolesWord } from '../staff/words'
import { Moment, Until } from './rows'
import { nameWord, numberWord, rolesChange } from './words'

type RolesContent = Extract<ApprovalRecord['content'], { __typename: 'ChangeRolesContent' }>
type MergeContent = Extract<ApprovalRecord['content'], { __typename: 'MergeContent' }>
type NumberContent = Extract<ApprovalRecord['content'], { __typename: 'SendNumberContent' }>
type ForgetContent = Extract<ApprovalRecord['content'], { __typename: 'ForgetPersonContent' }>

function Change({ now, then, t }: { now: readonly Role[]; then: readonly Role[]; t: TFunction }) {
  const { added, removed } = rolesChange(now, then)
  if (added.length === 0 && removed.length === 0) return t('approvals.same')
  return (
    <ul className="flex flex-col gap-1">
      {added.map((role) => (
        <li key={role}>
          <span className="font-bold">
            <Icon name="plus" className="mr-1 size-4" />
            {t('staffRoles.added', { roles: t(`role.${role}`) })}
          </span>
          <span className="block text-muted">{t(`staffRoles.what.${role}`)}</span>
        </li>
      ))}
      {removed.map((role) => (
        <li key={role} className="font-bold">
          <Icon name="close" className="mr-1 size-4" />
          {t('staffRoles.removed', { roles: t(`role.${role}`) })}
        </li>
      ))}
    </ul>
  )
}

function rolesFacts(content: RolesContent, record: ApprovalRecord, reads: boolean, t: TFunction): OperationFact[] {
  const name = nameWord(content.name, t)
  return [
    {
      term: t('approvals.fact.subject'),
      value: reads ? (
        <Link to="/settings/staff/$id" params={{ id: content.staffId }} className="-mt-0.5 inline-flex min-h-6 items-center touch:min-h-11">
          <TypedText text={name} />
        </Link>
      ) : (
        <TypedText text={name} />
      ),
    },
    { term: t('approvals.fact.now'), value: content.now ? rolesWord(content.now, t) : t('approvals.noAccount') },
    { term: t('approvals.fact.then'), value: rolesWord(content.roles, t) },
    // Against what they have now, so only while it is still to come.
    ...(record.summary.status === 'OPEN' && content.now ? [{ term: t('approvals.fact.change'), value: <Change now={content.now} then={content.roles} t={t} /> }] : []),
  ]
}

/** What it would mean as things stand; when nothing is kept any more, that is all there is to say. */
function Effect({ effect, t }: { effect: ForgetContent['effect']; t: TFunction }) {
  if (!effect) return t('approvals.noDeclaration')
  if (!effect.isKept) return <span className="font-bold">{t('approvals.nothingKept')}</span>
  const persons = effect.alsoAs.map((person) => t(`person.${person}`)).join(t('app.separator'))
  return (
    <ul className="flex flex-col gap-1">
      <li className="font-bold">
        <Icon name="warning" className="mr-1 size-4" />
        {t('approvals.forever')}
      </li>
      {persons !== '' && <li>{t('approvals.alsoAs', { persons })}</li>}
      {effect.mentions > 0 && <li>{t('approvals.mentions', { count: effect.mentions })}</li>}
      {persons === '' && effect.mentions === 0 && <li className="text-muted">{t('approvals.nothingLeft')}</li>}
    </ul>
  )
}

function forgetFacts(content: ForgetContent, record: ApprovalRecord, t: TFunction): OperationFact[] {
  return [
    {
      term: t('approvals.fact.subject'),
      value: (
        <Link to="/declarations/$id" params={{ id: content.declarationId }} className="-mt-0.5 inline-flex min-h-6 items-center touch:min-h-11">
          <span className="num">{t('approvals.about.declaration', { number: numberWord(content.number, t) })}</span>
        </Link>
      ),
    },
    {
      term: t('approvals.fact.person'),
      value: (
        <>
          <span className="font-bold">{t(`person.${content.person}`)}</span>
          <span className="block text-muted">{t(`forgetting.covers.${content.person}`)}</span>
        </>
      ),
    },
    // As things stand now, so only while it is still to come.
    ...(record.summary.status === 'OPEN' ? [{ term: t('approvals.fact.effect'), value: <Effect effect={content.effect} t={t} /> }] : []),
    { term: t('approvals.fact.kept'), value: <GuardedWords text={content.reason} /> },
  ]
}

type Party = NonNullable<MergeContent['comparison']>['survivor']

const PartyLink = ({ of }: { of: Party }) => (
  <Link to="/declarations/$id" params={{ id: of.id }} className="-mt-0.5 inline-flex min-h-6 flex-wrap items-center gap-x-2 touch:min-h-11">
    <span className="num">{formatDeclarationNumber(of.number)}</span>
    {'name' in of.name && <TypedText text={of.name.name} />}
  </Link>
)

/** For each field the value that stays, and the one that goes. */
function Kept({ content: { comparison, choices } }: { content: MergeContent }) {
  const word = useTextWord()
  const { t } = useTranslation()
  if (!comparison || choices.length === 0) return t('approvals.mergeSame')
  return (
    <dl className="flex flex-col gap-1">
      {choices.map(({ field, side }) => {
        const values = comparison.fields.find((item) => item.field === field)
        const [kept, left] = side === 'SURVIVOR' ? [values?.survivor, values?.merged] : [values?.merged, values?.survivor]
        return (
          <div key={field}>
            <dt className="text-muted">
              {aside(t(`field.${field}`), t(`approvals.fact.${side === 'SURVIVOR' ? 'survivor' : 'merged'}`))}
            </dt>
            <dd className="flex flex-wrap items-baseline gap-x-2 break-words">
              <span className="font-bold">
                <TypedText text={word(kept, field)} />
              </span>
              <del className="text-muted">
                <TypedText text={word(left, field)} />
              </del>
            </dd>
          </div>
        )
      })}
    </dl>
  )
}

function mergeFacts(content: MergeContent, record: ApprovalRecord, t: TFunction): OperationFact[] {
  const { comparison } = content
  if (!comparison) return [{ term: t('approvals.fact.subject'), value: t('approvals.noDeclaration') }]
  // What they say now is what was compared only while it is still to come.
  const open = record.summary.status === 'OPEN'
  return [
    { term: t('approvals.fact.survivor'), value: <PartyLink of={comparison.survivor} /> },
    { term: t('approvals.fact.merged'), value: <PartyLink of={comparison.merged} /> },
    ...(open ? [{ term: t('approvals.fact.choices'), value: <Kept content={content} /> }, { term: t('approvals.fact.change'), value: t('approvals.mergeEffect') }] : []),
    { term: t('approvals.fact.kept'), value: <GuardedWords text={content.reason} /> },
  ]
}

/** What somebody said who asks for a number, without the words: whoever decides sees what fits. */
function Fitting({ content: { asked, fitting }, t }: { content: NumberContent; t: TFunction }) {
  if (!fitting) return t('approvals.noDeclaration')
  return (
    <ul className="flex flex-col gap-1">
      {asked.map((field) => {
        const fits = fitting.includes(field)
        return (
          <li key={field}>
            <Icon name={fits ? 'check' : 'close'} className="mr-1 size-4" />
            {t(fits ? 'approvals.numberFits' : 'approvals.numberDiffers', { field: t(`field.${field}`) })}
          </li>
        )
      })}
    </ul>
  )
}

function numberFacts(content: NumberContent, t: TFunction): OperationFact[] {
  return [
    {
      term: t('approvals.fact.subject'),
      value: (
        <Link to="/declarations/$id" params={{ id: content.declarationId }} className="-mt-0.5 inline-flex min-h-6 items-center touch:min-h-11">
          <span className="num">{t('approvals.about.declaration', { number: numberWord(content.number, t) })}</span>
        </Link>
      ),
    },
    { term: t('approvals.fact.to'), value: <GuardedWords text={content.to} /> },
    { term: t('approvals.fact.fitting'), value: <Fitting content={content} t={t} /> },
    { term: t('approvals.fact.checks'), value: content.checks.map((check) => t(`history.lookUp.check.${check}`)).join(t('app.separator')) },
  ]
}

type BulkContent = Extract<ApprovalRecord['content'], { __typename: 'ChangeManyContent' }>

/** Counts, samples and refused records are those of the bulk change, a link away. */
function bulkFacts(content: BulkContent, t: TFunction): OperationFact[] {
  return [
    { term: t('approvals.fact.action'), value: <span className="font-bold">{t(`history.bulkAction.${content.action}`)}</span> },
    { term: t('approvals.fact.records'), value: <span className="num">{t('approvals.records', { total: formatCount(content.count, currentLanguage()) })}</span> },
    {
      term: t('approvals.fact.trial'),
      value: (
        <Link to="/bulk-changes/$id" params={{ id: content.bulkChangeId }} search={{}} className="-mt-0.5 inline-flex min-h-6 items-center touch:min-h-11">
          {t('approvals.toTrial')}
        </Link>
      ),
    },
  ]
}

type ImportContent = Extract<ApprovalRecord['content'], { __typename: 'ImportContent' }>

/** What was found in its rows is that of the import, a link away. */
function importFacts(content: ImportContent, t: TFunction): OperationFact[] {
  return [
    { term: t('approvals.fact.records'), value: <span className="num">{t('approvals.records', { total: formatCount(content.count, currentLanguage()) })}</span> },
    {
      term: t('approvals.fact.trial'),
      value: (
        <Link to="/imports/$id" params={{ id: content.importId }} search={{}} className="-mt-0.5 inline-flex min-h-6 items-center touch:min-h-11">
          {t('approvals.toTrial')}
        </Link>
      ),
    },
  ]
}

type ExportContent = Extract<ApprovalRecord['content'], { __typename: 'ExportViewContent' }>

/** What leaves: how many, which columns, and whether they are about persons. */
function exportFacts(content: ExportContent, t: TFunction): OperationFact[] {
  const total = formatCount(content.count, currentLanguage())
  return [
    { term: t('approvals.fact.exported'), value: <span className="num">{t(content.isEstimated ? 'approvals.aboutRecords' : 'approvals.records', { total })}</span> },
    { term: t('approvals.fact.personal'), value: <span className={content.asksForPersons ? 'font-bold' : ''}>{t(content.asksForPersons ? 'approvals.exportPersonal' : 'approvals.exportNotPersonal')}</span> },
    { term: t('approvals.fact.columns'), value: content.columns.map((column) => t(`exports.column.${column}`)).join(t('app.separator')) },
    { term: t('approvals.fact.file'), value: t(`exports.format.${content.format}`) },
  ]
}

function contentFacts(record: ApprovalRecord, reads: boolean, t: TFunction): OperationFact[] {
  const { content } = record
  switch (content.__typename) {
    case 'ChangeRolesContent':
      return rolesFacts(content, record, reads, t)
    case 'ForgetPersonContent':
      return forgetFacts(content, record, t)
    case 'ChangeManyContent':
      return bulkFacts(content, t)
    case 'ImportContent':
      return importFacts(content, t)
    case 'ExportViewContent':
      return exportFacts(content, t)
    case 'MergeContent':
      return mergeFacts(content, record, t)
    case 'SendNumberContent':
      return numberFacts(content, t)
    default:
      return [{ term: t('approvals.fact.subject'), value: <span className="text-muted">{t('approvals.gone')}</span> }]
  }
}

/** Of a forgetting and a merge it is the reason that the declaration keeps, which stands there already. */
function isKept(content: ApprovalRecord['content'], reason: ApprovalRecord['history'][number]['reason']): boolean {
  if (content.__typename !== 'ForgetPersonContent' && content.__typename !== 'MergeContent') return false
  if (content.reason.__typename === 'OpenText' && reason?.__typename === 'OpenText') return content.reason.text === reason.text
  return content.reason.__typename === reason?.__typename
}

/** `reads`: whether the reader may open accounts. */
export function approvalFacts(record: ApprovalRecord | undefined, reads: boolean, t: TFunction): OperationFact[] {
  const wait = <Skeleton className="w-2/3" />
  if (!record) return (['subject', 'now', 'then', 'change', 'reason', 'by', 'requestedAt', 'expiresAt', 'id'] as const).map((name) => ({ term: t(`approvals.fact.${name}`), value: wait }))
  const { content, summary } = record
  const reason = record.history.find((entry) => entry.kind === 'REQUESTED')?.reason
  return [
    ...contentFacts(record, reads, t),
    ...(isKept(content, reason) ? [] : [{ term: t('approvals.fact.reason'), value: reason ? <GuardedWords text={reason} /> : <span className="text-muted">{t('approvals.noReason')}</span> }]),
    { term: t('approvals.fact.by'), value: <TypedText text={actorWord(summary.by, t)} /> },
    { term: t('approvals.fact.requestedAt'), value: <Moment at={summary.requestedAt} /> },
    { term: t('approvals.fact.expiresAt'), value: <Until row={summary} /> },
    {
      term: t('approvals.fact.id'),
      value: (
        <span className="-my-1 flex flex-wrap items-center gap-x-1">
          <code className="break-all">{summary.id}</code>
          <CopyButton text={summary.id} label={t('approvals.copyId')} />
        </span>
      ),
    },
  ]
}
