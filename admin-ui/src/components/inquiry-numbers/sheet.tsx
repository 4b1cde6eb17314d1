// The numbers of a period: totals, how long it took, and what there was of it by day, hour, topic and channel. Each chart has its table.
import { type ReactNode, useId } from 'react'
import { useTranslation } from 'react-i18next'
import type { InquiryNumbers } from '../../graphql/inquiry-numbers'
import { currentLanguage } from '../../i18n'
import { formatDate } from '../../lib/format'
import { Skeleton } from '../../ui/loading'
import { BarList } from '../charts/bars'
import { ColumnChart } from '../charts/columns'
import { NumberTable } from '../figures/tables'
import { counted, shareWord } from '../figures/words'

const dayWord = (day: string) => formatDate(day, currentLanguage(), 'dateWithDay')

function Part({ title, help, children }: { title: string; help?: string; children: ReactNode }) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-3" data-print="keep">
      <h2 id={id} className="text-base">
        {title}
      </h2>
      {help && <p className="text-sm text-muted">{help}</p>}
      {children}
    </section>
  )
}

export function Totals({ numbers }: { numbers: InquiryNumbers | undefined }) {
  const { t } = useTranslation()
  const total = (term: string, value: string | undefined) => (
    <div className="flex flex-col-reverse">
      <dt className="text-sm text-muted">{term}</dt>
      <dd className="num text-2xl leading-snug font-bold">{value ?? <Skeleton className="w-20" />}</dd>
    </div>
  )
  const count = (value: number | undefined) => (value === undefined ? undefined : t('inquiryNumbers.count', { count: value, number: counted(value) }))
  return (
    <dl className="flex flex-wrap gap-x-10 gap-y-3">
      {total(t('inquiryNumbers.received'), count(numbers?.received))}
      {total(t('inquiryNumbers.answered'), count(numbers?.answered))}
      {total(t('inquiryNumbers.closed'), count(numbers?.closed))}
      {total(t('inquiryNumbers.reopened'), count(numbers?.reopened))}
      {total(t('inquiryNumbers.reopenedShare'), numbers && shareWord(numbers.reopenedPermille, 1000))}
      {total(t('inquiryNumbers.breached'), count(numbers?.breached))}
    </dl>
  )
}

/** Minutes of business hours, as people say them. */
export function useMinutes() {
  const { t } = useTranslation()
  return (minutes: number | null | undefined): string => {
    if (minutes === null || minutes === undefined) return t('inquiryNumbers.none')
    return minutes < 60 ? t('inquiryNumbers.minutes', { minutes }) : t('inquiryNumbers.hours', { hours: counted(Math.floor(minutes / 60)), minutes: minutes % 60 })
  }
}

export function Times({ numbers: { firstReply, resolution } }: { numbers: InquiryNumbers }) {
  const { t } = useTranslation()
  const minutes = useMinutes()
  const title = t('inquiryNumbers.times')
  const rows = [{ word: t('inquiryNumbers.firstReply'), spread: firstReply }, { word: t('inquiryNumbers.resolution'), spread: resolution }]
  return (
    <Part title={title}>
      <NumberTable
        label={title}
        heads={[title, t('inquiryNumbers.median'), t('inquiryNumbers.p90'), t('inquiryNumbers.ofCount')]}
        rows={rows.map(({ word, spread }) => ({ key: word, cells: [word, minutes(spread.median), minutes(spread.p90), counted(spread.count)] }))}
      />
    </Part>
  )
}

/** Under the first column, and under the first of each month. */
const footOf = (day: string, index: number, days: number): string | undefined => {
  const short = `${Number(day.slice(5, 7))}/${Number(day.slice(8))}`
  if (index === 0 || day.endsWith('-01')) return short
  return days <= 45 && index % 7 === 0 ? short : undefined
}

function Days({ numbers: { byDay, received, answered, closed } }: { numbers: InquiryNumbers }) {
  const { t } = useTranslation()
  const title = t('inquiryNumbers.byDay')
  const columns = byDay.map((row, index) => ({
    key: row.day, up: row.received, down: row.closed, foot: footOf(row.day, index, byDay.length), isCrowded: index % 2 === 1,
    title: t('inquiryNumbers.dayTitle', { day: dayWord(row.day), received: counted(row.received), closed: counted(row.closed) }),
  }))
  return (
    <Part title={title} help={t('inquiryNumbers.byDayHelp')}>
      <ColumnChart columns={columns} label={t('inquiryNumbers.chart', { title })} up={t('inquiryNumbers.received')} down={t('inquiryNumbers.closed')} counted={counted} />
      <NumberTable
        label={title}
        isLong
        heads={[t('inquiryNumbers.day'), t('inquiryNumbers.received'), t('inquiryNumbers.answered'), t('inquiryNumbers.closed')]}
        foot={[counted(received), counted(answered), counted(closed)]}
        rows={byDay.toReversed().map((row) => ({ key: row.day, cells: [dayWord(row.day), counted(row.received), counted(row.answered), counted(row.closed)] }))}
      />
    </Part>
  )
}

function Backlog({ numbers: { byDay } }: { numbers: InquiryNumbers }) {
  const { t } = useTranslation()
  const title = t('inquiryNumbers.backlogTitle')
  const columns = byDay.map((row, index) => ({
    key: row.day, up: row.backlog, foot: footOf(row.day, index, byDay.length), isCrowded: index % 2 === 1,
    title: t('inquiryNumbers.backlogOf', { day: dayWord(row.day), backlog: counted(row.backlog) }),
  }))
  return (
    <Part title={title} help={t('inquiryNumbers.backlogHelp')}>
      <ColumnChart columns={columns} label={t('inquiryNumbers.chart', { title })} up={t('inquiryNumbers.backlog')} counted={counted} />
      <NumberTable label={title} isLong heads={[t('inquiryNumbers.day'), t('inquiryNumbers.backlog')]} rows={byDay.toReversed().map((row) => ({ key: row.day, cells: [dayWord(row.day), counted(row.backlog)] }))} />
    </Part>
  )
}

function Hours({ numbers: { byHour, received } }: { numbers: InquiryNumbers }) {
  const { t } = useTranslation()
  const title = t('inquiryNumbers.byHour')
  const hourWord = (hour: number) => t('inquiryNumbers.hourOf', { hour })
  const columns = byHour.map((row) => ({
    key: String(row.hour), up: row.received, foot: row.hour % 3 === 0 ? String(row.hour) : undefined, isCrowded: row.hour % 6 !== 0,
    title: t('inquiryNumbers.hourTitle', { hour: hourWord(row.hour), received: counted(row.received) }),
  }))
  return (
    <Part title={title} help={t('inquiryNumbers.byHourHelp')}>
      <ColumnChart columns={columns} label={t('inquiryNumbers.chart', { title })} up={t('inquiryNumbers.received')} counted={counted} />
      <NumberTable label={title} isLong heads={[t('inquiryNumbers.hour'), t('inquiryNumbers.received')]} foot={[counted(received)]} rows={byHour.map((row) => ({ key: String(row.hour), cells: [hourWord(row.hour), counted(row.received)] }))} />
    </Part>
  )
}

interface Kind {
  key: string
  word: string
  received: number
}

function Kinds({ title, head, help, kinds, received }: { title: string; head: string; help?: string; kinds: readonly Kind[]; received: number }) {
  const { t } = useTranslation()
  const bars = kinds.map(({ key, word, received: count }) => ({ key, word, parts: [{ count, look: { className: 'fill-accent' } }] }))
  return (
    <Part title={title} help={help}>
      <BarList rows={bars} label={t('inquiryNumbers.chart', { title })} counted={counted} />
      <NumberTable
        label={title}
        heads={[head, t('inquiryNumbers.received'), t('inquiryNumbers.share')]}
        rows={kinds.map(({ key, word, received: count }) => ({ key, cells: [word, counted(count), shareWord(count, received)] }))}
      />
    </Part>
  )
}

export function Charts({ numbers }: { numbers: InquiryNumbers }) {
  const { t } = useTranslation()
  const topics = numbers.byTopic.map(({ topic, received }) => ({ key: topic ?? '', word: topic ? t(`inquiries.tag.${topic}`) : t('inquiryNumbers.noTopic'), received }))
  const channels = numbers.byChannel.map(({ channel, received }) => ({ key: channel, word: t(`inquiries.channel.${channel}`), received }))
  return (
    <div className="grid grid-cols-1 gap-x-10 gap-y-8 xl:grid-cols-2">
      <Days numbers={numbers} />
      <Backlog numbers={numbers} />
      <Hours numbers={numbers} />
      <Kinds title={t('inquiryNumbers.byTopic')} head={t('inquiryNumbers.topic')} help={t('inquiryNumbers.byTopicHelp')} kinds={topics} received={numbers.received} />
      <Kinds title={t('inquiryNumbers.byChannel')} head={t('inquiryNumbers.channel')} kinds={channels} received={numbers.received} />
    </div>
  )
}
