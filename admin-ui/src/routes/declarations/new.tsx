// A new declaration by staff, and its number once it is made.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useCallback, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultBlock } from '../../components/fault'
import { useLeaveQuestion } from '../../components/form-sheet'
import { useNameText } from '../../components/name'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { useSession } from '../../components/session'
import { DeclareForm } from '../../forms/declare'
import { declarationKey, declarationQuery, type DeclarationRecord, fetchDeclaration } from '../../graphql/declaration'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { FactPartsFragmentDoc } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { formatDeclarationNumber } from '../../lib/format'
import { buttonClass } from '../../ui/button'
import { CopyButton } from '../../ui/copy-button'
import { Icon } from '../../ui/icons'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/declarations/new')

export default function NewDeclarationPage() {
  const { t } = useTranslation()
  const session = useSession()
  const { made } = route.useSearch()
  useWindowTitle(t(made ? 'declare.doneTitle' : 'declare.title'), t('list.title'))
  return (
    <div className="mx-auto flex max-w-4xl flex-col gap-5 px-4 py-4 sm:px-6">
      <Breadcrumb crumbs={[{ label: t('list.title'), link: { to: '/declarations' } }, { label: t('declare.title') }]} />
      {!may(session, 'DECLARE') ? (
        <>
          <PageHeading>{t('declare.title')}</PageHeading>
          <p>{t('declare.noRight', { permission: t('permission.DECLARE') })}</p>
        </>
      ) : made ? (
        <Done id={made} />
      ) : (
        <Entering />
      )}
    </div>
  )
}

function Entering() {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = route.useNavigate()
  const { onDirty, settle, box } = useLeaveQuestion({ title: t('correct.discardTitle'), text: t('declare.discard'), yes: t('declare.discardYes'), no: t('correct.discardNo') })
  const [finished, setFinished] = useState(false)
  return (
    <>
      <div>
        <PageHeading className="text-2xl">{t('declare.title')}</PageHeading>
        <p className="mt-1 text-muted">{t('declare.lead')}</p>
      </div>
      {!finished && (
        <DeclareForm
          onDirty={onDirty}
          onMade={async ({ declarationId, position }) => {
            settle()
            try {
              client.setQueryData(declarationKey(declarationId), await fetchDeclaration(declarationId, {}, position))
            } catch {
              // The next page reads it by itself.
            }
            setFinished(true)
            await navigate({ search: { made: declarationId }, replace: true })
          }}
        />
      )}
      {box}
    </>
  )
}

function Done({ id }: { id: string }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(declarationQuery(id))
  const record = data?.__typename === 'Declaration' ? data : undefined
  if (error) return <FaultBlock error={error} onRetry={() => void refetch()} />
  if (data && !record) return <p>{t('declare.notFound')}</p>
  return record ? <DoneCard id={id} record={record} /> : <Skeleton className="h-40 w-full" />
}

function DoneCard({ id, record }: { id: string; record: DeclarationRecord }) {
  const { t } = useTranslation()
  const nameText = useNameText()
  const facts = readFragment(FactPartsFragmentDoc, record)
  const heading = useCallback((element: HTMLElement | null) => element?.focus(), [])
  return (
    <section aria-labelledby="made" className="flex flex-col items-center gap-4 rounded-md border border-line px-6 py-10 text-center">
      <Icon name="check" className="size-10 text-good" />
      <h1 id="made" ref={heading} tabIndex={-1} className="text-2xl">
        {t('declare.doneTitle')}
      </h1>
      <p>
        <TypedText text={nameText({ name: facts.name, tradeName: facts.tradeName?.typed })} />
      </p>
      <div>
        <p className="text-sm text-muted">{t('field.DECLARATION_NO')}</p>
        <p className="flex flex-wrap items-center justify-center gap-2">
          <span className="num text-4xl font-bold">{formatDeclarationNumber(facts.number)}</span>
          <CopyButton text={facts.number} label={t('record.copyNumber')} />
        </p>
      </div>
      <p className="max-w-prose text-muted">{t('declare.doneText')}</p>
      <div className="flex flex-wrap justify-center gap-2">
        <Link to="/declarations/new" search={{}} className={buttonClass()}>
          {t('declare.another')}
        </Link>
        <Link to="/declarations/$id" params={{ id }} search={{}} className={buttonClass('primary')}>
          {t('declare.open')}
        </Link>
      </div>
    </section>
  )
}
