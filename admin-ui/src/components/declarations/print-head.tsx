// The head of a printed list: which conditions and which order it has, and how much of it is on the paper.
import { useTranslation } from 'react-i18next'
import type { ListQuestion } from '../../graphql/declarations'
import type { DeclarationSort } from '../../graphql/gql/graphql'
import { PrintedBy } from '../printed-by'
import { useConditions } from './filter-words'

export function PrintHead({ search, sort, printed }: { search: ListQuestion; sort: DeclarationSort; printed: number }) {
  const { t } = useTranslation()
  const conditionsOf = useConditions()
  const conditions = conditionsOf(search).map((condition) => t('list.printCondition', condition))
  if (search.q) conditions.unshift(t('list.searchChip', { text: search.q }))
  return (
    <div data-print="only" className="pb-2 text-sm">
      <PrintedBy />
      <p>{t('list.printConditions', { conditions: conditions.length > 0 ? conditions.join(' / ') : t('list.printAll') })}</p>
      <p>{t('list.printOrder', { order: t(`sort.${sort}`), count: printed })}</p>
    </div>
  )
}
