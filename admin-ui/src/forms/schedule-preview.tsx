// What an expression would do, while it is typed: its sentence and the next five firings, or what is wrong with it.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { NextFirings } from '../components/operations/schedule-next'
import { timesWord } from '../components/operations/words'
import { previewQuery } from '../graphql/schedules'
import { currentLanguage } from '../i18n'
import { cronSentence } from '../lib/cron-text'
import { useDebounced } from '../lib/debounced'
import { problemText } from '../lib/problem-text'
import { Skeleton } from '../ui/loading'

const PAUSE_MS = 400
const FIRINGS = 5

/** In the width that expressions are written in: an input method that was left on is no mistake. */
export const plain = (text: string): string => text.normalize('NFKC').trim()

export interface Preview {
  expression: string
  zone: string
  /** Undefined while it is not known. */
  next: readonly string[] | undefined
  problems: { expression?: string; zone?: string }
  /** Something was typed that the answer does not know of yet. */
  behind: boolean
  failed: boolean
}

export function usePreview(typedExpression: string, typedZone: string): Preview {
  const expression = useDebounced(plain(typedExpression), PAUSE_MS)
  const zone = useDebounced(plain(typedZone), PAUSE_MS)
  const empty = expression === '' || zone === ''
  const { data, error, isPlaceholderData, isFetching } = useQuery(previewQuery(expression, zone))
  const behind = expression !== plain(typedExpression) || zone !== plain(typedZone) || isPlaceholderData || (isFetching && !data)
  const problemOf = (field: string) => {
    // Not of a text that somebody is still typing on.
    if (empty || behind || data?.__typename !== 'InvalidInput') return undefined
    return data.problems.filter((problem) => problem.field === field).map(problemText).join(' ') || undefined
  }
  return {
    expression,
    zone,
    next: !empty && data?.__typename === 'SchedulePreview' ? data.next : undefined,
    problems: { expression: problemOf('expression'), zone: problemOf('zone') },
    behind: behind && !empty,
    failed: error !== null && !data,
  }
}

/** As high with an answer as without, so that nothing below it moves while one types. */
export function PreviewBox({ preview }: { preview: Preview }) {
  const { t } = useTranslation()
  const { next, expression, zone, behind, failed, problems } = preview
  const empty = expression === '' || zone === ''
  const wrong = Boolean(problems.expression ?? problems.zone)
  const sentence = cronSentence(expression, currentLanguage())
  return (
    <section aria-labelledby="preview" className="min-h-48 rounded-md border border-line bg-surface px-4 py-3">
      <h3 id="preview" className="text-sm font-bold">
        {t('schedules.preview')}
      </h3>
      <div aria-live="polite" aria-busy={behind} className={behind && next ? 'opacity-60' : ''}>
        {empty && <p className="text-sm text-muted">{t('schedules.previewEmpty')}</p>}
        {!empty && failed && <p className="text-sm">{t('schedules.previewFault')}</p>}
        {!empty && !failed && next && next.length > 0 && (
          <>
            {sentence && <p className="mb-1 text-sm">{timesWord({ expression, zone }, t)}</p>}
            <NextFirings quiet next={next} zone={zone} />
          </>
        )}
        {!empty && !failed && next?.length === 0 && <p className="text-sm">{t('schedules.previewNone')}</p>}
        {!empty && !failed && wrong && <p className="text-sm text-muted">{t('schedules.previewProblem')}</p>}
        {!empty && !failed && !next && !wrong && (
          <div className="flex flex-col gap-1.5 pt-1">
            <span className="sr-only">{t('schedules.previewLoading')}</span>
            {Array.from({ length: FIRINGS }, (_, index) => (
              <Skeleton key={index} className="w-56" />
            ))}
          </div>
        )}
      </div>
    </section>
  )
}
