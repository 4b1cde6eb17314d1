// The filter that left the records of a bulk change or of a file, in the words that the list has for its conditions.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { type FragmentType, readFragment } from '../../graphql/gql/fragment-masking'
import { NarrowedPartsFragmentDoc } from '../../graphql/gql/graphql'
import { searchOfFilter } from '../../lib/list-filters'
import { TypedText } from '../../ui/typed-text'
import { useConditions } from './filter-words'

export function NarrowedBy({ by }: { by: FragmentType<typeof NarrowedPartsFragmentDoc> }) {
  const { t } = useTranslation()
  const { search, ...filter } = readFragment(NarrowedPartsFragmentDoc, by)
  const question = searchOfFilter(filter)
  const conditions = useConditions()(question)
  const q = search?.__typename === 'OpenText' ? search.text : undefined
  return (
    <>
      <ul aria-label={t('narrowed.conditions')} className="mt-1 flex flex-col gap-0.5">
        {search && (
          <li>
            <span className="text-muted">{t('narrowed.searchFor')}: </span>
            {q === undefined ? <span className="text-muted">{t('closed.short')}</span> : <TypedText text={q} />}
          </li>
        )}
        {conditions.map(({ name, words }) => (
          <li key={name}>
            <span className="text-muted">{name}: </span>
            <TypedText text={words} />
          </li>
        ))}
        {!search && conditions.length === 0 && <li>{t('narrowed.everything')}</li>}
      </ul>
      {/* Not where the search is withheld: the list would show more than it was about. */}
      {(q !== undefined || !search) && (
        <Link to="/declarations" search={{ ...question, q }} className="inline-flex min-h-6 items-center touch:min-h-11" data-print="hide">
          {t('narrowed.listNow')}
        </Link>
      )}
    </>
  )
}
