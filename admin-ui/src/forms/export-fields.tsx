// What is asked of whoever wants a file with a view of the list: what kind of file, which columns, and what it is for.
import type { TFunction } from 'i18next'
import { ColumnsInput } from '../components/exports/columns-input'
import { countWord } from '../components/exports/words'
import type { ExportColumn, ExportFormat } from '../graphql/gql/graphql'
import { columnsText, readColumns } from '../lib/export-columns'
import type { CaseField } from './case-form'

const FORMATS = ['XLSX', 'CSV_UTF_8', 'CSV_CP_932'] as const satisfies readonly ExportFormat[]

export interface ExportQuestion {
  /** Columns that show what the list shows. */
  shown: readonly ExportColumn[]
  /** How many records the view has, about. */
  count: number
  limits: { approvalAbove: number; personalApprovalAbove: number }
  /** Whether columns about persons are offered. */
  mayPersons: boolean
}

export function exportFields({ shown, count, limits, mayPersons }: ExportQuestion, t: TFunction): CaseField[] {
  const approval = (personal: boolean) => {
    const limit = personal ? limits.personalApprovalAbove : limits.approvalAbove
    return count > limit ? t(personal ? 'exports.needsApprovalPersonal' : 'exports.needsApproval', { limit: countWord(limit, t) }) : undefined
  }
  return [
    { name: 'format', kind: 'choice', label: t('exports.fact.format'), help: t('exports.formatHelp'), required: true, initial: 'XLSX', choices: FORMATS.map((value) => ({ value, word: t(`exports.format.${value}`) })) },
    {
      name: 'columns',
      kind: 'choices',
      label: t('exports.columns'),
      required: true,
      initial: columnsText(shown),
      own: {
        wrong: (text) => (readColumns(text).length === 0 ? t('exports.columnsMissing') : true),
        input: (bound, error) => <ColumnsInput {...{ bound, error, shown, mayPersons, approval }} />,
      },
    },
    { name: 'reason', kind: 'lines', label: t('exports.fact.reason'), help: t('exports.reasonHelp'), required: true, limit: 1000, rows: 3 },
  ]
}
