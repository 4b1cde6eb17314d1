// What a file is, of when, for what, and until when it is kept.
import type { TFunction } from 'i18next'
import type { ExportRecord } from '../../graphql/view-exports'
import { currentLanguage } from '../../i18n'
import { formatCount, formatDate } from '../../lib/format'
import { TypedText } from '../../ui/typed-text'
import { NarrowedBy } from '../declarations/narrowed-by'
import { GuardedWords } from '../guarded-words'
import type { OperationFact } from '../operations/facts'
import { actorWord } from '../operations/words'
import { Moment } from '../batch/record-page'
import { recordsWord, sizeWord } from './words'

export function exportFacts(record: ExportRecord, t: TFunction): OperationFact[] {
  const { summary, content } = record
  const { file } = summary
  return [
    { term: t('exports.fact.reason'), value: content ? <GuardedWords text={content.reason} /> : t('exports.gone') },
    { term: t('exports.fact.format'), value: t(`exports.format.${summary.format}`) },
    { term: t('exports.fact.records'), value: <span className="num">{recordsWord(summary, t)}</span> },
    { term: t('exports.fact.view'), value: content ? <NarrowedBy by={content.narrowedBy} /> : t('exports.gone') },
    { term: t('exports.fact.columns'), value: summary.columns.map((column) => t(`exports.column.${column}`)).join(t('app.separator')) },
    ...(file
      ? [
          { term: t('exports.fact.of'), value: t('exports.of', { day: formatDate(file.day, currentLanguage()), position: formatCount(Number(file.position), currentLanguage()) }) },
          { term: t('exports.fact.personal'), value: t(file.isPersonal ? 'exports.personal.yes' : 'exports.personal.no') },
          { term: t('exports.fact.size'), value: <span className="num">{sizeWord(file.size)}</span> },
        ]
      : []),
    { term: t('exports.fact.requested'), value: <><Moment at={summary.requestedAt} /> <TypedText text={actorWord(summary.requestedBy, t)} /></> },
    summary.endedAt ? { term: t('exports.fact.ended'), value: <Moment at={summary.endedAt} /> } : { term: t('exports.fact.until'), value: <Moment at={summary.expiresAt} /> },
  ]
}
