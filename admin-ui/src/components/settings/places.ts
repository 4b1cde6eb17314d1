// What can be set, in the order of the navigation beside it. To add a place: a line here, its route, its words.
import type { Permission } from '../../graphql/gql/graphql'
import type { IconName } from '../../ui/icons'

export interface SettingsPlace {
  to: '/settings/calendar' | '/settings/schedules' | '/settings/jobs' | '/settings/mail' | '/settings/templates' | '/settings/staff' | '/settings/tokens'
  word: 'settings.calendar' | 'settings.schedules' | 'settings.jobs' | 'settings.mail' | 'settings.templates' | 'settings.staff' | 'settings.tokens'
  icon: IconName
  /** Who lacks it does not see the place. */
  right: Permission
}

export const SETTINGS_PLACES: readonly SettingsPlace[] = [
  { to: '/settings/calendar', word: 'settings.calendar', icon: 'calendar', right: 'READ_DECLARATIONS' },
  { to: '/settings/schedules', word: 'settings.schedules', icon: 'clock', right: 'READ_OPERATIONS' },
  { to: '/settings/jobs', word: 'settings.jobs', icon: 'list', right: 'READ_OPERATIONS' },
  { to: '/settings/mail', word: 'settings.mail', icon: 'mail', right: 'READ_OPERATIONS' },
  { to: '/settings/templates', word: 'settings.templates', icon: 'edit', right: 'READ_INQUIRIES' },
  { to: '/settings/staff', word: 'settings.staff', icon: 'user', right: 'READ_STAFF' },
  { to: '/settings/tokens', word: 'settings.tokens', icon: 'key', right: 'MANAGE_API_TOKENS' },
]
