// What stands in place of rows: nothing found, nothing there yet, or a question that the server refuses.
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ListQuestion } from '../../graphql/declarations'
import type { InputProblem } from '../../graphql/gql/graphql'
import { isFiltered } from '../../lib/list-filters'
import { problemText } from '../../lib/problem-text'
import { Button, buttonClass } from '../../ui/button'
import { TypedText } from '../../ui/typed-text'
import { PageHeading } from '../page'

export function EmptyList({ search }: { search: ListQuestion }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const filtered = isFiltered(search)
  if (!filtered && !search.q) {
    return (
      <div className="mx-auto max-w-xl px-4 py-16">
        <h2 className="text-lg">{t('list.blankTitle')}</h2>
        <p className="mt-1">{t('list.blank')}</p>
      </div>
    )
  }
  return (
    <div className="mx-auto max-w-xl px-4 py-16">
      <h2 className="text-lg">{t('list.emptyTitle')}</h2>
      {search.q && <p className="mt-1">{t('list.emptySearch', { text: search.q })}</p>}
      {filtered && <p className="mt-1">{t('list.emptyFilter')}</p>}
      <Button className="mt-4" onClick={() => void navigate({ to: '/declarations', search: { sort: search.sort } })}>
        {t('action.clear')}
      </Button>
    </div>
  )
}

export function RefusedList({ problems, search }: { problems: InputProblem[]; search: ListQuestion }) {
  const { t } = useTranslation()
  return (
    <section role="alert" className="mx-auto my-12 max-w-2xl px-4">
      <PageHeading className="text-2xl">{t('list.refusedTitle')}</PageHeading>
      <ul className="mt-2 mb-4">
        {problems.map((problem) => (
          <li key={`${problem.field} ${problem.code}`}>
            <TypedText text={problemText(problem)} />
          </li>
        ))}
      </ul>
      <Link to="/declarations" search={{ sort: search.sort }} className={buttonClass()}>
        {t('action.clear')}
      </Link>
    </section>
  )
}
