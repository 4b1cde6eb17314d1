// The frame of all settings: where one is, and what else can be set.
import { Link, Outlet } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { SETTINGS_PLACES } from '../../components/settings/places'
import { useSession } from '../../components/session'
import { may } from '../../graphql/session'
import { Icon } from '../../ui/icons'

export default function SettingsLayout() {
  const { t } = useTranslation()
  const session = useSession()
  const places = SETTINGS_PLACES.filter((place) => may(session, place.right))
  return (
    <div className="flex flex-col">
      <nav aria-label={t('settings.places')} className="border-b border-line px-4 lg:px-6" data-print="hide">
        <ul className="flex flex-wrap gap-1">
          {places.map((place) => (
            <li key={place.to}>
              <Link
                to={place.to}
                className="flex min-h-11 items-center gap-1.5 border-b-2 border-transparent px-3 text-sm text-text no-underline hover:bg-hover aria-[current=page]:border-accent aria-[current=page]:font-bold aria-[current=page]:text-link"
              >
                <Icon name={place.icon} />
                {t(place.word)}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <Outlet />
    </div>
  )
}
