// The page of a policy that does not answer: which it is, what came back when, and the way to ask once more.
import { useTranslation } from 'react-i18next'
import { askPages, type PolicyPage } from '../../graphql/reviews'
import { may } from '../../graphql/session'
import { newId } from '../../lib/command-id'
import { Button } from '../../ui/button'
import { TypedText } from '../../ui/typed-text'
import { DeedFault } from '../operations/deed'
import { OperationFacts } from '../operations/facts'
import { whenWord } from '../operations/words'
import { useSession } from '../session'
import { isAsking, useSearch } from './search'

const Moment = ({ at }: { at: string }) => (
  <time dateTime={at} className="num">
    {whenWord(at)}
  </time>
)

function Since({ at, days }: { at: string; days: number }) {
  const { t } = useTranslation()
  return (
    <>
      <Moment at={at} /> <span className="num">{t('reviews.page.days', { total: days })}</span>
    </>
  )
}

/** The site must not learn from where somebody came. */
function Address({ address }: { address: string }) {
  return (
    <a href={address} target="_blank" rel="noopener noreferrer" referrerPolicy="no-referrer" className="break-all">
      <TypedText text={address} />
    </a>
  )
}

export function ReviewedPage({ id, page }: { id: string; page: PolicyPage }) {
  const { t } = useTranslation()
  const session = useSession()
  const noRight = may(session, 'RECORD_POLICY') ? undefined : t('sheet.noRight', { permission: t('permission.RECORD_POLICY') })
  const { find, busy } = useSearch(() => askPages(newId(), id), isAsking)
  const came = page.wrong ? t(`reviews.rule.${page.wrong}`) : t('reviews.page.answered')
  const facts = [
    { term: t('reviews.page.address'), value: <Address address={page.address} /> },
    { term: t('reviews.page.askedAt'), value: page.askedAt ? <Moment at={page.askedAt} /> : t('reviews.page.notAsked') },
    ...(page.askedAt ? [{ term: t('reviews.page.result'), value: page.status ? t('reviews.page.resultWithStatus', { result: came, status: page.status }) : came }] : []),
    ...(page.failingSince ? [{ term: t('reviews.page.failingSince'), value: <Since at={page.failingSince} days={page.failures} /> }] : []),
    ...(page.dueAt ? [{ term: t('reviews.page.dueAt'), value: <Moment at={page.dueAt} /> }] : []),
  ]
  return (
    <div className="flex min-w-0 flex-col gap-3">
      <OperationFacts id="page" title={t('reviews.page.title')} facts={facts} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2" data-print="hide">
        <Button size="sm" icon="search" reason={noRight ?? (busy ? t('reviews.searching') : undefined)} onClick={() => find.mutate()}>
          {t('reviews.page.again')}
        </Button>
        <p role="status" className="min-h-5 text-sm text-muted">
          {busy ? t('reviews.searching') : ''}
        </p>
      </div>
      <DeedFault error={find.error} />
    </div>
  )
}
