// The files of an entry of the history: what each is called, how large it is, and the way to it.
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { HistoryPartsFragment } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { currentLanguage } from '../../i18n'
import { formatBytes } from '../../lib/format'
import { Icon } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { useSession } from '../session'
import { useTextWord } from '../declarations/text-result'

type Evidence = NonNullable<HistoryPartsFragment['evidence']>

export function EvidenceList({ evidence }: { evidence: Evidence }) {
  const { t } = useTranslation()
  const word = useTextWord()
  const session = useSession()
  return (
    <div>
      <span className="text-muted">{t('history.evidence')}: </span>
      {evidence.noDocument && (
        <span className="whitespace-pre-wrap">
          {t('history.noDocument')}
          {t('app.joint')}
          <TypedText text={word(evidence.noDocument)} />
        </span>
      )}
      {evidence.attachments.length > 0 && (
        <ul>
          {evidence.attachments.map((file) => (
            <li key={file.id} className="flex flex-wrap items-baseline gap-x-2">
              {file.name.__typename === 'OpenText' ? (
                // A file leaves the page as it is: the server says that it is to be saved, and under which name.
                <a href={`/attachments/${file.id}`} download className="inline-flex min-h-6 items-center gap-1 break-all touch:min-h-11">
                  <Icon name="download" className="size-4" />
                  <TypedText text={file.name.text} />
                </a>
              ) : (
                <TypedText text={word(file.name)} />
              )}
              <span className="num text-xs text-muted">{formatBytes(file.size, currentLanguage())}</span>
            </li>
          ))}
        </ul>
      )}
      {evidence.inquiryId && may(session, 'READ_INQUIRIES') && (
        <Link to="/inquiries" search={{ queue: 'ALL', id: evidence.inquiryId }} className="inline-flex min-h-6 items-center gap-1 touch:min-h-11">
          <Icon name="mail" className="size-4" />
          {t('history.inquiry')}
        </Link>
      )}
      {evidence.inquiryId && !may(session, 'READ_INQUIRIES') && t('history.inquiry')}
    </div>
  )
}
