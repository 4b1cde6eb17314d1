// What can be done with the records that are chosen in the list. It takes no room above the rows, so that choosing one moves none of them.
import { useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ListQuestion } from '../../graphql/declarations'
import type { Total } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { keepChosen, MOST_IDS } from '../../lib/bulk-selection'
import { formatCount } from '../../lib/format'
import { Button } from '../../ui/button'
import type { Choosing } from './choose-rows'

interface Props {
  choosing: Choosing
  question: ListQuestion
  total: Pick<Total, 'count' | 'kind'> | null | undefined
}

export function BulkBar({ choosing, question, total }: Props) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { chosen, all } = choosing
  if (chosen.size === 0) return null
  const count = (value: number) => formatCount(value, currentLanguage())
  const tooMany = !all && chosen.size > MOST_IDS ? t('list.choose.tooMany', { most: count(MOST_IDS) }) : undefined
  const go = () => {
    if (!all) keepChosen([...chosen])
    void navigate({ to: '/bulk-changes/new', search: { ...question, sort: undefined, by: all ? 'filter' : 'ids' } })
  }
  return (
    <div role="region" aria-label={t('list.choose.bar')} className="flex flex-wrap items-center gap-x-3 gap-y-2 border-t border-control bg-raised px-4 py-2.5 shadow-lift" data-print="hide">
      <p role="status" className="font-bold">
        {all ? t('list.choose.all', { total: count(total?.count ?? 0) }) : t('list.choose.count', { total: count(chosen.size) })}
      </p>
      {!all && total && total.count > chosen.size && (
        <Button size="sm" look="plain" onClick={choosing.chooseAll}>
          {t('list.choose.chooseAll', { total: count(total.count) })}
        </Button>
      )}
      <Button size="sm" look="primary" icon="list" onClick={go} reason={tooMany}>
        {t('list.choose.bulk')}
      </Button>
      <Button size="sm" look="plain" className="ml-auto" onClick={choosing.clear}>
        {t('list.choose.clear')}
      </Button>
      {tooMany !== undefined && <p className="w-full text-sm">{tooMany}</p>}
    </div>
  )
}
