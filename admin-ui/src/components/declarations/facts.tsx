// The facts of a record in two columns, each with the way to correct it.
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { DeclarationField, FactPartsFragment } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { type FieldGroup, fieldsOf, GROUPS, readFact } from '../../lib/declaration-fields'
import { formatDate } from '../../lib/format'
import { Chip } from '../../ui/chip'
import { Icon } from '../../ui/icons'
import { Skeleton } from '../../ui/loading'
import { FactValue } from './fact-value'

interface Props {
  id: string
  /** Undefined while loading: the same layout with grey shapes. */
  facts: FactPartsFragment | undefined
  differing: readonly DeclarationField[]
  editable: boolean
}

/** Which groups stand in which column; together they are about equally long. */
const COLUMNS: readonly (readonly FieldGroup[])[] = [
  ['organization', 'premises'],
  ['declaration', 'representative', 'contact', 'twoStars', 'remarks'],
]

export function Facts(props: Props) {
  const { t } = useTranslation()
  return (
    <section aria-label={t('record.facts')} className="grid items-start gap-x-8 gap-y-5 sm:grid-cols-[repeat(auto-fit,minmax(20rem,1fr))]">
      {COLUMNS.map((groups) => (
        <div key={groups[0]} className="flex min-w-0 flex-col gap-5">
          {GROUPS.filter((group) => groups.includes(group)).map((group) => (
            <Group key={group} group={group} {...props} />
          ))}
        </div>
      ))}
    </section>
  )
}

function Group({ group, id, facts, differing, editable }: Props & { group: FieldGroup }) {
  const { t } = useTranslation()
  const closed = facts && fieldsOf(group).map((field) => readFact(facts, field)).find((fact) => fact.kind === 'withheld')
  return (
    <section data-print="keep">
      <h2 className="border-b border-line pb-1 text-sm text-muted">{t(`group.${group}`)}</h2>
      {closed && <p className="pt-1 text-sm text-muted">{t('closed.note', { permission: t(`permission.${closed.permission}`) })}</p>}
      <dl>
        {fieldsOf(group).map((field) => {
          const fact = facts && readFact(facts, field)
          return (
            <Line
              key={field}
              term={t(`field.${field}`)}
              differs={differing.includes(field)}
              action={editable && fact && (fact.kind === 'open' || fact.kind === 'empty') && <CorrectLink id={id} field={field} />}
            >
              {fact ? <FactValue field={field} fact={fact} /> : <Skeleton className="w-3/5" />}
            </Line>
          )
        })}
        {group === 'declaration' && <DeclarationExtras facts={facts} />}
        {group === 'twoStars' && <TwoStarsExtras facts={facts} />}
        {group === 'organization' && <SizeHint facts={facts} />}
      </dl>
    </section>
  )
}

function Line({ term, differs = false, action, children }: { term: string; differs?: boolean; action?: ReactNode; children: ReactNode }) {
  const { t } = useTranslation()
  return (
    <div className={`group/line grid grid-cols-[7.5rem_1fr] items-start gap-x-3 border-b border-line/60 py-1 leading-normal max-[26rem]:grid-cols-1 ${differs ? 'bg-past-bg text-past' : ''}`}>
      <dt className={`py-0.5 text-sm ${differs ? '' : 'text-muted'}`}>{term}</dt>
      <dd className="flex min-w-0 items-start gap-2">
        <div className="min-w-0 flex-1 py-0.5">
          {children}
          {differs && (
            <span className="ml-2">
              <Chip tone="past" icon="swap">
                {t('record.differs')}
              </Chip>
            </span>
          )}
        </div>
        <span className="min-h-7 min-w-7">{action}</span>
      </dd>
    </div>
  )
}

function CorrectLink({ id, field }: { id: string; field: DeclarationField }) {
  const { t } = useTranslation()
  const label = t('record.correctField', { field: t(`field.${field}`) })
  return (
    <Link
      to="/declarations/$id/correct"
      params={{ id }}
      search={{ field }}
      resetScroll={false}
      preload={false}
      aria-label={label}
      title={label}
      data-print="hide"
      className="flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-link focus-visible:opacity-100 hoverable:opacity-35 hoverable:group-focus-within/line:opacity-100 hoverable:group-hover/line:opacity-100 touch:size-11"
    >
      <Icon name="edit" className="size-4" />
    </Link>
  )
}

function DeclarationExtras({ facts }: { facts: FactPartsFragment | undefined }) {
  const { t } = useTranslation()
  const language = currentLanguage()
  const stop = facts?.stop
  return (
    <>
      <Line term={t('record.published')}>{facts ? t(facts.published ? 'record.publishedYes' : 'record.publishedNo') : <Skeleton className="w-16" />}</Line>
      <Line term={t('record.logo')}>{facts ? t(facts.logoAllowed ? 'record.logoYes' : 'record.logoNo') : <Skeleton className="w-16" />}</Line>
      {stop && (
        <Line term={t('record.stop')}>
          {stop.on
            ? t('stop.on', { kind: t(`stop.${stop.kind}`), date: formatDate(stop.on, language) })
            : t('stop.unknown', { kind: t(`stop.${stop.kind}`) })}
        </Line>
      )}
    </>
  )
}

const QUESTIONNAIRES = ['25-v3', '25-v2'] as const

function TwoStarsExtras({ facts }: { facts: FactPartsFragment | undefined }) {
  const { t } = useTranslation()
  const { diagnosis, diagnosisBand, policyMedium } = facts ?? {}
  const known = QUESTIONNAIRES.find((item) => item === diagnosis?.questionnaire)
  return (
    <>
      {policyMedium && <Line term={t('record.medium')}>{t(`record.mediumOf.${policyMedium}`)}</Line>}
      {(diagnosis ?? diagnosisBand) && (
        <Line term={t('record.diagnosis')}>
          {diagnosisBand && t(`record.band.${diagnosisBand}`)}
          {diagnosis && (
            <span className="block text-xs text-muted">
              {t(diagnosis.answers ? 'record.diagnosisOf' : 'record.diagnosisScoreOnly', { date: formatDate(diagnosis.doneOn, currentLanguage()), version: known ? t(`record.questionnaire.${known}`) : diagnosis.questionnaire })}
            </span>
          )}
        </Line>
      )}
    </>
  )
}

function SizeHint({ facts }: { facts: FactPartsFragment | undefined }) {
  const { t } = useTranslation()
  return (
    <Line term={t('record.size')}>
      {facts ? t(`size.${facts.sizeClass.class}`) : <Skeleton className="w-24" />}
      {/* Its lines are kept while it loads: it is the same sentence for every record. */}
      <span className={`block text-xs text-muted ${facts ? '' : 'invisible'}`}>{t('record.sizeRule', { version: facts?.sizeClass.ruleVersion ?? 'sme-basic-act-1' })}</span>
    </Line>
  )
}
