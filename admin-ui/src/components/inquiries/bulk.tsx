// What can be done with the inquiries that are chosen in the list, and what became of each of them.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type BulkOutcome, changeInquiries, MOST_AT_ONCE } from '../../graphql/inquiry-bulk'
import { INQUIRIES_KEY } from '../../graphql/inquiry-counts'
import type { InquiryRow } from '../../graphql/inquiries'
import { currentLanguage } from '../../i18n'
import { newId, useCommandId } from '../../lib/command-id'
import { formatCount } from '../../lib/format'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button, IconButton } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import type { Choosing } from '../declarations/choose-rows'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { BULK_SHEETS, type BulkSheetDeed } from './bulk-fields'
import { BulkSheet } from './bulk-sheet'
import { rowWord } from './words'

export interface BulkResults {
  /** Of this change, so that the next one is told anew. */
  stamp: string
  outcomes: readonly (BulkOutcome & { subject: string })[]
}

function useSpam(items: readonly InquiryRow[], onOutcomes: (outcomes: readonly BulkOutcome[]) => void) {
  const commandId = useCommandId()
  const [refused, setRefused] = useState<string>()
  const spam = useMutation({
    mutationFn: () => changeInquiries(commandId(items.map(({ id, version }) => [id, version])), items, { spam: true }),
    onMutate: () => setRefused(undefined),
    onSuccess: (outcome) => ('done' in outcome ? onOutcomes(outcome.done) : setRefused(outcome.problems.map(problemText).join(' '))),
  })
  return { spam, refused }
}

interface Props {
  rows: readonly InquiryRow[]
  choosing: Choosing
  onResults: (results: BulkResults) => void
}

/** It takes no room above the rows, so that choosing one moves none of them. */
export function InquiryBulkBar({ rows, choosing, onResults }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const chosen = rows.filter(({ id }) => choosing.chosen.has(id))
  const [sheet, setSheet] = useState<BulkSheetDeed>()
  const [asksSpam, setAsksSpam] = useState(false)
  const subjects = new Map(rows.map((row) => [row.id, rowWord(row, t)]))
  const onOutcomes = (outcomes: readonly BulkOutcome[]) => {
    const done = outcomes.filter(({ outcome }) => outcome === 'DONE').map(({ id }) => id)
    onResults({ stamp: newId(), outcomes: outcomes.map((outcome) => ({ ...outcome, subject: subjects.get(outcome.id) ?? t('desk.bulk.unknown') })) })
    // What was not changed stays chosen: it can be tried again.
    choosing.keep(outcomes.flatMap(({ id, outcome }) => (outcome === 'MOVED' || outcome === 'REFUSED' || outcome === 'MISSING_FIELD' ? [id] : [])))
    void client.invalidateQueries({ queryKey: INQUIRIES_KEY, predicate: ({ queryKey: [, kind, id] }) => kind !== 'context' && (kind !== 'one' || done.includes(String(id))) })
  }
  const { spam, refused } = useSpam(chosen, onOutcomes)
  if (chosen.length === 0 && !sheet) return null
  const off = chosen.length > MOST_AT_ONCE ? t('desk.bulk.tooMany', { most: MOST_AT_ONCE }) : spam.isPending ? t('inquiries.working') : undefined
  return (
    <div role="region" aria-label={t('desk.bulk.bar')} className="flex flex-wrap items-center gap-1.5 border-t border-control bg-raised px-3 py-2 shadow-lift max-md:sticky max-md:bottom-0 max-md:z-20" data-print="hide">
      <div className="flex w-full flex-wrap items-center gap-x-1">
        <p role="status" className="min-w-0 flex-1 text-sm font-bold">
          {t('desk.bulk.count', { count: chosen.length, total: formatCount(chosen.length, currentLanguage()) })}
        </p>
        <Button size="sm" look="plain" onClick={() => choosing.chooseLoaded(true)}>
          {t('desk.bulk.all')}
        </Button>
        <Button size="sm" look="plain" onClick={choosing.clear}>
          {t('desk.bulk.clear')}
        </Button>
      </div>
      {BULK_SHEETS.map((deed) => (
        <Button key={deed} size="sm" reason={off} onClick={() => setSheet(deed)}>
          {t(`desk.bulk.deed.${deed}`)}
        </Button>
      ))}
      <Button size="sm" reason={off} onClick={() => setAsksSpam(true)}>
        {t('desk.bulk.deed.spam')}
      </Button>
      {chosen.length > MOST_AT_ONCE && <p className="w-full text-sm">{off}</p>}
      {refused !== undefined && (
        <Band tone="warn" role="alert">
          {refused}
        </Band>
      )}
      <DeedFault error={spam.error} />
      <DeedQuestion
        title={t('desk.bulk.spamTitle', { count: chosen.length })}
        text={t('desk.bulk.spamText')}
        yes={t('desk.bulk.deed.spam')}
        no={t('desk.bulk.spamNo')}
        open={asksSpam}
        onNo={() => setAsksSpam(false)}
        onYes={() => {
          setAsksSpam(false)
          if (!spam.isPending) spam.mutate()
        }}
      />
      {sheet && <BulkSheet deed={sheet} items={chosen} onOutcomes={onOutcomes} onLeave={() => setSheet(undefined)} />}
    </div>
  )
}

function outcomeWord({ outcome, problems, missing }: BulkOutcome, t: TFunction): string {
  if (outcome === 'REFUSED') return t('desk.bulk.outcome.REFUSED', { why: problems.map(problemText).join(' ') })
  if (outcome === 'MISSING_FIELD') return t('desk.bulk.outcome.MISSING_FIELD', { names: missing.map((field) => t(`mergeField.${field}`)).join(t('app.separator')) })
  return t(`desk.bulk.outcome.${outcome}`)
}

/** It takes the focus when it appears: what was pressed is gone by then. */
export function BulkOutcomes({ results, onClose }: { results: BulkResults; onClose: () => void }) {
  const { t } = useTranslation()
  const box = useRef<HTMLElement>(null)
  useEffect(() => box.current?.focus(), [])
  const { outcomes } = results
  const done = outcomes.filter(({ outcome }) => outcome === 'DONE').length
  const isAll = done === outcomes.length
  const count = (number: number) => formatCount(number, currentLanguage())
  return (
    <section ref={box} tabIndex={-1} aria-labelledby="bulk-outcomes" className={`border-l-4 px-3 py-2 ${isAll ? 'border-good bg-good-bg' : 'border-warn bg-warn-bg'}`} data-print="hide">
      <div className="flex items-start gap-2">
        <Icon name={isAll ? 'check' : 'warning'} className={`mt-1.5 size-5 ${isAll ? 'text-good' : 'text-warn'}`} />
        <h2 id="bulk-outcomes" className="flex-1 py-1 text-sm">
          {t('desk.bulk.summary', { total: count(outcomes.length), done: count(done) })}
        </h2>
        <IconButton icon="close" label={t('desk.bulk.dismiss')} onClick={onClose} />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <ul aria-label={t('desk.bulk.outcomes')} tabIndex={0} className="max-h-44 overflow-auto text-sm leading-snug outline-offset-[-2px]">
        {outcomes.map((outcome) => (
          <li key={outcome.id} className="flex flex-col py-1">
            <Link from="/inquiries" to="/inquiries" search={(old) => ({ ...old, id: outcome.id })} className="line-clamp-2 min-h-6">
              <TypedText text={outcome.subject} />
            </Link>
            <span>
              <TypedText text={outcomeWord(outcome, t)} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
