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
  // Laid over the page, away from the buttons of forms: a network that comes and goes must not move or cover what somebody is about to press.
  return (
    <div role="status" className="fixed bottom-3 left-3 z-50 max-w-sm shadow-lift max-md:inset-x-0 max-md:top-0 max-md:bottom-auto max-md:max-w-none" data-print="hide">
      {!online && (
        <Band tone="warn" role="note" icon="offline">
          {t('fault.offline')}
        </Band>
      )}
    </div>
  )
}
