// An import, a bulk change or an export of which words were shown, as the way to it.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'

interface Props {
  kind: 'IMPORT' | 'BULK_CHANGE' | 'EXPORT'
  id: string
  className: string
  'data-row-link'?: string
}

export function WorkLink({ kind, id, ...rest }: Props) {
  const { t } = useTranslation()
  const words = t(`audit.work.${kind}`)
  if (kind === 'IMPORT')
    return (
      <Link to="/imports/$id" params={{ id }} search={{}} {...rest}>
        {words}
      </Link>
    )
  if (kind === 'EXPORT')
    return (
      <Link to="/exports/$id" params={{ id }} search={{}} {...rest}>
        {words}
      </Link>
    )
  return (
    <Link to="/bulk-changes/$id" params={{ id }} search={{}} {...rest}>
      {words}
    </Link>
  )
}
