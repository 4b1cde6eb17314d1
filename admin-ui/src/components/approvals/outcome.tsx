// What became of a request, for whoever opens it: the first thing they want to know.
import { useTranslation } from 'react-i18next'
import type { ApprovalRecord } from '../../graphql/approvals'
import { Band } from '../../ui/band'
import { TypedText } from '../../ui/typed-text'
import { actorWord } from '../operations/words'
import { voidWord } from './words'

/** `fresh`: it has become so by what the reader did just now. */
export function ApprovalOutcome({ record, fresh }: { record: ApprovalRecord; fresh: boolean }) {
  const { t } = useTranslation()
  const { status, isBypass, decidedBy } = record.summary
  const who = decidedBy ? actorWord(decidedBy, t) : undefined
  if (isBypass) {
    return (
      <Band tone="bad" role="note" icon="warning">
        <p className="font-bold">{t('approvals.outcome.bypassTitle')}</p>
        <p>
          <TypedText text={who ? t('approvals.outcome.bypassText_by', { who }) : t('approvals.outcome.bypassText')} />
        </p>
      </Band>
    )
  }
  switch (status) {
    case 'OPEN':
      return null
    case 'VOIDED': {
      const why = record.history.findLast((entry) => entry.void)?.void
      return (
        <Band tone="warn" role={fresh ? 'alert' : 'note'}>
          <p className="font-bold">{t('approvals.outcome.VOIDED')}</p>
          {why && <p>{voidWord(why, record.summary.kind, t)}</p>}
          <p>{t('approvals.outcome.voidLead')}</p>
        </Band>
      )
    }
    case 'CARRIED_OUT':
    case 'REJECTED':
      return (
        <Band tone={status === 'REJECTED' ? 'warn' : 'info'} role="note" icon={status === 'REJECTED' ? undefined : 'check'}>
          <TypedText text={who ? t(`approvals.outcome.${status}_by`, { who }) : t(`approvals.outcome.${status}`)} />
        </Band>
      )
    default:
      return (
        <Band tone="info" role="note">
          {t(`approvals.outcome.${status === 'BYPASSED' ? 'APPROVED' : status}`)}
        </Band>
      )
  }
}
