// Under the rows: how many there are, how far back was looked, and the way to older ones.
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '../../i18n'
import { formatInstant } from '../../lib/format'
import { Button } from '../../ui/button'
import { FaultBand } from '../fault'

interface Props {
  loaded: number
  /** Since when everything was looked at, where the last answer held nothing; it goes on at a word only: each step is a million reads. */
  lookedBackTo: string | undefined
  error: unknown
  busy: boolean
  hasMore: boolean
  onMore: () => void
  /** Looks further back; answers whether it can go on. */
  onFurther: () => Promise<boolean>
}

export function MoreReads({ loaded, lookedBackTo, error, busy, hasMore, onMore, onFurther }: Props) {
  const { t } = useTranslation()
  const told = useRef<HTMLParagraphElement>(null)
  const further = () => {
    // The button goes with the last step, and the focus must not go with it.
    void onFurther().then((goesOn) => goesOn || told.current?.focus())
  }
  return (
    <div className="flex flex-col gap-2">
      {error !== undefined && error !== null && <FaultBand error={error} onRetry={further} />}
      <div className="flex flex-wrap items-center gap-4">
        {hasMore && !error && (
          <span data-print="hide">
            <Button data-more onClick={lookedBackTo === undefined ? onMore : further} reason={busy ? t('app.loading') : undefined}>
              {t(lookedBackTo === undefined ? 'action.more' : 'audit.further')}
            </Button>
          </span>
        )}
        <p ref={told} tabIndex={-1} role="status" className="text-sm text-muted">
          {busy ? t('app.loading') : t('audit.loadedRows', { count: loaded })}
          {!busy && hasMore && lookedBackTo !== undefined && `${t('app.joint')}${t('audit.lookedBackTo', { when: formatInstant(lookedBackTo, currentLanguage()) })}`}
          {!busy && !hasMore && `${t('app.joint')}${t('audit.end')}`}
        </p>
      </div>
    </div>
  )
}
