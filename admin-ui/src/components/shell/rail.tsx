// The places of the console. A place appears when it exists and the reader may go there.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { Icon } from '../../ui/icons'

export function Rail() {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('nav.main')} className="shrink-0 border-line bg-surface max-md:border-b md:w-24 md:border-r" data-print="hide">
      <ul className="flex gap-1 p-1 md:sticky md:top-14 md:flex-col md:p-1.5">
        <li>
          <Link
            to="/declarations"
            className="flex min-h-11 items-center justify-center gap-1.5 rounded-md px-3 text-sm leading-tight md:text-xs text-text no-underline hover:bg-hover aria-[current=page]:bg-selected aria-[current=page]:font-bold aria-[current=page]:text-link md:min-h-16 md:flex-col md:gap-1 md:px-0"
          >
            <Icon name="declaration" className="size-5 md:size-6" />
            {t('nav.declarations')}
          </Link>
        </li>
      </ul>
    </nav>
  )
}
