// The months as columns: what was declared upwards, what was stopped downwards. The table under it says the same.
import { useTranslation } from 'react-i18next'
import type { FigureMonth } from '../../graphql/figures'
import { ColumnChart } from '../charts/columns'
import { counted, monthWord } from './words'

type Known = FigureMonth & { month: string }

export function MonthChart({ months, label }: { months: readonly FigureMonth[]; label: string }) {
  const { t } = useTranslation()
  const known = months.filter((row): row is Known => typeof row.month === 'string')
  const columns = known.map((row, index) => ({
    key: row.month,
    up: row.declared,
    down: row.stopped,
    title: t('figures.monthTitle', { month: monthWord(row.month), declared: counted(row.declared), stopped: counted(row.stopped) }),
    foot: row.month.endsWith('-01') || index === 0 ? row.month.slice(0, 4) : undefined,
    isCrowded: isCrowded(known, index),
  }))
  return <ColumnChart columns={columns} label={label} up={t('figures.declaredUp')} down={t('figures.stoppedDown')} counted={counted} />
}

/** Where it is narrow, every other year is named, and the first only when it begins in January. */
const isCrowded = (known: readonly Known[], index: number): boolean => {
  const month = known[index]?.month ?? ''
  return known.length > 36 && (Number(month.slice(0, 4)) % 2 === 1 || !month.endsWith('-01'))
}
