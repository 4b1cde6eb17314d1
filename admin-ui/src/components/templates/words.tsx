// How templates are told: their languages, and whether they can still be used.
import { useTranslation } from 'react-i18next'
import type { ReplyTemplate } from '../../graphql/reply-templates'
import { may } from '../../graphql/session'
import { Chip } from '../../ui/chip'
import { useSession } from '../session'

export function EnglishOlder() {
  const { t } = useTranslation()
  return (
    <Chip tone="warn" icon="warning" title={t('templates.englishOlderHelp')}>
      {t('templates.englishOlder')}
    </Chip>
  )
}

export function Retired() {
  const { t } = useTranslation()
  return (
    <Chip tone="quiet" icon="stop" title={t('templates.retiredHelp')}>
      {t('templates.retired')}
    </Chip>
  )
}

export function Languages({ template: { en, isEnglishOlder } }: { template: Pick<ReplyTemplate, 'en' | 'isEnglishOlder'> }) {
  const { t } = useTranslation()
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      {t(en ? 'templates.both' : 'templates.onlyJa')}
      {isEnglishOlder && <EnglishOlder />}
    </span>
  )
}

/** Why the reader may not write them; undefined when they may. */
export function useNoTemplateRight(): string | undefined {
  const { t } = useTranslation()
  return may(useSession(), 'MANAGE_INQUIRIES') ? undefined : t('sheet.noRight', { permission: t('permission.MANAGE_INQUIRIES') })
}
