// What a bulk change does, to which records, why, and who chose and began it.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import type { BulkRecord } from '../../graphql/bulk'
import { currentLanguage } from '../../i18n'
import { formatDate } from '../../lib/format'
import { TypedText } from '../../ui/typed-text'
import { NarrowedBy } from '../declarations/narrowed-by'
import { GuardedWords } from '../guarded-words'
import type { OperationFact } from '../operations/facts'
import { actorWord } from '../operations/words'
import { Moment } from '../batch/record-page'
import { actionTitle, countWord } from './words'

type Content = NonNullable<BulkRecord['content']>

function Details({ content, t }: { content: Content; t: TFunction }) {
  const day = (text: string) => formatDate(text, currentLanguage())
  return (
    <ul className="empty:hidden">
      {content.fields.map(({ field, value }) => (
        <li key={field}>
          {t(`field.${field}`)}: <TypedText text={value === '' ? t('closed.empty') : value} />
        </li>
      ))}
      {content.fields.length > 0 && <li className="text-muted">{content.since ? t('bulk.sinceDay', { day: day(content.since) }) : t('bulk.correction.ERROR')}</li>}
      {content.flag && <li>{t(`flag.${content.flag}`)}</li>}
      {content.stop && <li>{t(`bulk.stop.${content.stop}`)}</li>}
      {content.on ? <li>{day(content.on)}</li> : content.stop && <li>{t('bulk.dayUnknown')}</li>}
    </ul>
  )
}

export function bulkFacts(record: BulkRecord, t: TFunction): OperationFact[] {
  const { content } = record
  const link = (id: string, word: string) => (
    <Link key={id} to="/bulk-changes/$id" params={{ id }} search={{}} className="inline-flex min-h-6 items-center touch:min-h-11">
      {word}
    </Link>
  )
  return [
    {
      term: t('bulk.fact.action'),
      value: (
        <>
          <span className="font-bold">{actionTitle(record.action, t)}</span>
          {content && <Details content={content} t={t} />}
        </>
      ),
    },
    {
      term: t('bulk.fact.count'),
      value: (
        <>
          {t(record.undoes ? 'bulk.byUndo' : record.byFilter ? 'bulk.byFilter' : record.byNumbers ? 'bulk.byNumbers' : 'bulk.byIds', { count: countWord(record.count, t) })}
          {record.narrowedBy && <NarrowedBy by={record.narrowedBy} />}
        </>
      ),
    },
    { term: t(record.action === 'ADD_NOTE' ? 'bulk.fact.note' : 'bulk.fact.reason'), value: content ? <GuardedWords text={content.reason} /> : t('bulk.gone') },
    ...(record.undoes ? [{ term: t('bulk.fact.undoes'), value: link(record.undoes, t('bulk.show')) }] : []),
    { term: t('bulk.fact.frozen'), value: <><Moment at={record.frozenAt} /> <TypedText text={actorWord(record.frozenBy, t)} /></> },
    ...(record.startedAt ? [{ term: t('bulk.fact.started'), value: <><Moment at={record.startedAt} /> {record.startedBy && <TypedText text={actorWord(record.startedBy, t)} />}</> }] : []),
    ...(record.run?.finishedAt ? [{ term: t('bulk.fact.finished'), value: <Moment at={record.run.finishedAt} /> }] : []),
    ...(record.undoneBy.length > 0 ? [{ term: t('bulk.fact.undoneBy'), value: record.undoneBy.map((by) => link(by.id, t('bulk.show'))) }] : []),
  ]
}
