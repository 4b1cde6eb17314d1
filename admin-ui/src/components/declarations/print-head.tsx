// The head of a printed list: which conditions and which order it has, and how much of it is on the paper.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { prefecturesQuery, type ListQuestion } from '../../graphql/declarations'
import type { DeclarationSort } from '../../graphql/gql/graphql'
import { PrintedBy } from '../printed-by'

export function PrintHead({ search, sort, printed }: { search: ListQuestion; sort: DeclarationSort; printed: number }) {
  const { t } = useTranslation()
  const prefectures = useQuery(prefecturesQuery).data ?? []
  const lists = {
    state: search.state?.map((value) => t(`state.${value}`)),
    star: search.star?.map((value) => t(`star.${value}`)),
    pref: search.pref?.map((code) => prefectures.find((item) => item.code === code)?.name ?? code),
    flag: search.flag?.map((value) => t(`flag.${value}`)),
  }
  const conditions = (['state', 'star', 'pref', 'flag'] as const).flatMap((name) => {
    const words = lists[name]
    return words ? [t('list.printCondition', { name: t(`filter.${name}`), words: words.join(t('app.separator')) })] : []
  })
  if (search.q) conditions.unshift(t('list.searchChip', { text: search.q }))
  return (
    <div data-print="only" className="pb-2 text-sm">
      <PrintedBy />
      <p>{t('list.printConditions', { conditions: conditions.length > 0 ? conditions.join(' / ') : t('list.printAll') })}</p>
      <p>{t('list.printOrder', { order: t(`sort.${sort}`), count: printed })}</p>
    </div>
  )
}
