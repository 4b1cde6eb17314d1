import { Outlet } from '@tanstack/react-router'
import { I18nProvider } from 'react-aria-components/I18nProvider'
import { useTranslation } from 'react-i18next'
import { ToastRegion } from '../ui/toast'
import { OfflineBand } from './offline-band'

/** React Aria's own words follow the console too, not the browser. */
export function Root() {
  const { i18n } = useTranslation()
  return (
    <I18nProvider locale={i18n.language === 'en' ? 'en-GB' : 'ja-JP'}>
      <OfflineBand />
      <Outlet />
      <ToastRegion />
    </I18nProvider>
  )
}
