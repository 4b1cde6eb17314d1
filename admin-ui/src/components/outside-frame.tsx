// The frame of the pages that one sees before being signed in.
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { LANGUAGES, setLanguage } from '../i18n'
import { PageHeading, useWindowTitle } from './page'

export function OutsideFrame({ title, children }: { title: string; children: ReactNode }) {
  const { t, i18n } = useTranslation()
  useWindowTitle(title)
  return (
    <main className="flex min-h-dvh flex-col items-center bg-surface px-4 pt-[8vh] pb-10">
      <div className="w-full max-w-md">
        <div className="mb-4 flex flex-wrap items-center justify-between gap-2">
          <p className="text-lg font-bold">{t('app.product')}</p>
          <div role="group" aria-label={t('top.language')} className="flex gap-1">
            {LANGUAGES.map((language) => (
              <button
                key={language}
                type="button"
                lang={language}
                aria-pressed={i18n.language === language}
                onClick={() => void setLanguage(language)}
                className="min-h-8 rounded-md px-2 text-sm text-link underline aria-pressed:font-bold aria-pressed:text-text aria-pressed:no-underline touch:min-h-11"
              >
                {t(`language.${language}`)}
              </button>
            ))}
          </div>
        </div>
        <div className="rounded-lg border border-line bg-bg p-6">
          <PageHeading className="mb-4 text-2xl">{title}</PageHeading>
          {children}
        </div>
      </div>
    </main>
  )
}
