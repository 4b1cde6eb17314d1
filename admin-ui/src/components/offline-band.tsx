// Says when the browser knows that it has no network.
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Band } from '../ui/band'

function subscribe(listener: () => void) {
  window.addEventListener('online', listener)
  window.addEventListener('offline', listener)
  return () => {
    window.removeEventListener('online', listener)
    window.removeEventListener('offline', listener)
  }
}

export function OfflineBand() {
  const { t } = useTranslation()
  const online = useSyncExternalStore(subscribe, () => navigator.onLine)
  // Laid over the page: a network that comes and goes must not move what somebody is about to click.
  return (
    <div role="status" className="fixed inset-x-0 bottom-0 z-50" data-print="hide">
      {!online && (
        <Band tone="warn" role="note" icon="offline">
          {t('fault.offline')}
        </Band>
      )}
    </div>
  )
}
