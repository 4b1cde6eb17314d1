// Somebody forgot their number: which declaration may it be? The record then asks what they can tell, and sends the number.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { StarMark, StateChip } from '../../components/chips'
import { FaultBlock } from '../../components/fault'
import { useNameText } from '../../components/name'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../components/page'
import { useSession } from '../../components/session'
import { RefusedQuestion } from '../../graphql/declarations'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { type FoundBy, type RowPartsFragment, RowPartsFragmentDoc } from '../../graphql/gql/graphql'
import { declarersQuery } from '../../graphql/look-up'
import { may } from '../../graphql/session'
import { problemText } from '../../lib/problem-text'
import { useDebounced } from '../../lib/debounced'
import { buttonClass } from '../../ui/button'
import { TextInput } from '../../ui/field'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'

const route = getRouteApi('/shell/declarations/look-up')

export default function LookUpPage() {
  const { t } = useTranslation()
  const allowed = may(useSession(), 'LOOK_UP_NUMBER')
  useWindowTitle(t('lookUp.title'), t('list.title'))
  return (
    <div className="mx-auto flex max-w-4xl flex-col gap-5 px-4 py-4 sm:px-6">
      <Breadcrumb crumbs={[{ label: t('list.title'), link: { to: '/declarations' } }, { label: t('lookUp.title') }]} />
      <div>
        <PageHeading className="text-2xl">{t('lookUp.title')}</PageHeading>
        {allowed && <p className="mt-1 text-muted">{t('lookUp.lead')}</p>}
      </div>
      {allowed ? <Find /> : <p>{t('declare.noRight', { permission: t('permission.LOOK_UP_NUMBER') })}</p>}
    </div>
  )
}

function Find() {
  const { t } = useTranslation()
  const { q = '' } = route.useSearch()
  const navigate = route.useNavigate()
  // What is being converted stands in the input alone; the address follows once it has stood still.
  const [typed, setTyped] = useState(q)
  const wanted = useDebounced(typed.trim(), 250)
  // A mail address is somebody's, and addresses of pages stay in histories and logs.
  const kept = wanted.includes('@') || wanted.includes('＠') ? '' : wanted
  useEffect(() => {
    if (kept !== q) void navigate({ search: { q: kept || undefined }, replace: true, resetScroll: false })
  }, [kept, q, navigate])
  const found = useQuery(declarersQuery(wanted))
  const rows = (found.data?.nodes ?? []).map(({ by, declaration }) => ({ by, row: readFragment(RowPartsFragmentDoc, declaration) }))
  const refused = found.error instanceof RefusedQuestion ? found.error.problems.map(problemText).join(' ') : undefined
  return (
    <>
      <TextInput
        id="q"
        label={t('lookUp.who')}
        help={t('lookUp.whoHelp')}
        error={refused}
        autoComplete="off"
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
      {found.error && refused === undefined && <FaultBlock error={found.error} onRetry={() => void found.refetch()} />}
      <section aria-labelledby="found" aria-busy={found.isFetching}>
        <h2 id="found" className="border-b border-line pb-1 text-sm text-muted" role="status">
          {wanted === '' ? t('lookUp.start') : found.data ? t('lookUp.found', { count: rows.length }) : t('lookUp.searching')}
        </h2>
        {wanted !== '' && !found.data && !found.error && <Skeleton className="mt-2 h-24 w-full" />}
        {wanted !== '' && (
          <ul>
            {rows.map(({ by, row }) => (
              <Candidate key={row.id} row={row} by={by} />
            ))}
          </ul>
        )}
        {wanted !== '' && rows.length === 0 && found.data && <p className="py-3">{t('lookUp.none')}</p>}
        {wanted !== '' && found.data?.isComplete === false && <p className="py-2 text-sm text-muted">{t('lookUp.notComplete')}</p>}
      </section>
    </>
  )
}

function Candidate({ row, by }: { row: RowPartsFragment; by: FoundBy }) {
  const { t } = useTranslation()
  const name = useNameText()(row)
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-1 border-b border-line/60 py-2">
      <span className="min-w-0 flex-1 basis-60 font-bold break-words">
        <TypedText text={name} />
      </span>
      <span className="text-sm text-muted">
        <TypedText text={[row.prefecture?.name, row.city].filter(Boolean).join('')} />
      </span>
      {by !== 'WORDS' && <span className="text-sm text-muted">{t(`lookUp.by.${by}`)}</span>}
      <StarMark star={row.star} />
      <StateChip state={row.state} />
      <Link to="/declarations/$id/do/$command" params={{ id: row.id, command: 'lookUp' }} search={{}} aria-label={t('lookUp.chooseOf', { name })} className={buttonClass('secondary', false, 'sm')}>
        {t('lookUp.choose')}
      </Link>
    </li>
  )
}
