// A request of a data subject or an incident by its kind: cases have no numbers that people know.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { ReadRow } from '../../graphql/audit'

interface Props {
  found: ReadRow['cases'][number]
  /** What tells it from others in the same row. */
  nth?: string
  className?: string
  'data-row-link'?: string | undefined
}

export function CaseLink({ found, nth = '', ...look }: Props) {
  const { t } = useTranslation()
  if (!found.request)
    return (
      <Link to="/incidents/$id" params={{ id: found.id }} {...look}>
        {t('audit.incidentLink')}
        {nth}
      </Link>
    )
  return (
    <Link to="/requests/$id" params={{ id: found.id }} {...look}>
      {t('audit.requestLink', { kind: t(`audit.requestKind.${found.request}`) })}
      {nth}
    </Link>
  )
}
