// How files with a view of the register are told.
import type { TFunction } from 'i18next'
import type { ExportFormat } from '../../graphql/gql/graphql'
import type { ExportRow } from '../../graphql/view-exports'
import { currentLanguage } from '../../i18n'
import { formatCount, formatEstimate } from '../../lib/format'

export const countWord = (count: number, t: TFunction) => t('exports.count', { count, total: formatCount(count, currentLanguage()) })

/** Records: those of the file, or about how many the view had. */
export function recordsWord({ file, expected, isEstimated }: Pick<ExportRow, 'file' | 'expected' | 'isEstimated'>, t: TFunction): string {
  if (file) return countWord(file.rows, t)
  return isEstimated ? t('exports.about', { total: formatEstimate(expected, currentLanguage()) }) : countWord(expected, t)
}

/** Bytes, in the unit that people know. */
export function sizeWord(bytes: number): string {
  const kilobytes = Math.max(1, Math.round(bytes / 1024))
  return kilobytes < 1024 ? `${formatCount(kilobytes, currentLanguage())} KB` : `${(kilobytes / 1024).toFixed(1)} MB`
}

export const endingOf = (format: ExportFormat) => (format === 'XLSX' ? 'xlsx' : 'csv')

/** Under which name it is saved: it says of when the register is. */
export const fileName = ({ format, file }: Pick<ExportRow, 'format' | 'file'>, t: TFunction) => `${t('exports.fileName')}_${file?.day ?? ''}_${file?.position ?? ''}.${endingOf(format)}`

export const reportName = ({ file }: Pick<ExportRow, 'file'>, t: TFunction) => `${t('exports.reportName')}_${file?.day ?? ''}_${file?.position ?? ''}.csv`
