// What can be decided about an open request, by those who may: agree, not agree, take it back, or in an emergency do without.
import type { TFunction } from 'i18next'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApprovalRecord, Decision } from '../../graphql/approvals'
import { may } from '../../graphql/session'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { TypedText } from '../../ui/typed-text'
import { ProveAgain } from '../credentials/prove-again'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { useSession } from '../session'
import { rolesWord } from '../staff/words'
import type { useDecide } from './decide'
import { ReasonBox } from './reason-box'
import { mergeNumbers, nameWord, numberWord } from './words'

type Deciding = ReturnType<typeof useDecide>

interface Asking {
  deed: Decision['deed']
  /** As it was shown when the button was pressed: exactly that is agreed to. */
  seen: ApprovalRecord
}

export function ApprovalDeeds({ record, deciding }: { record: ApprovalRecord; deciding: Deciding }) {
  const { t } = useTranslation()
  const session = useSession()
  const { act } = deciding
  const [asking, setAsking] = useState<Asking>()
  const open = record.summary.status === 'OPEN'
  // With the decision the buttons go: the focus goes to the heading, not to nowhere.
  useEffect(() => {
    if (deciding.decided && !open) document.querySelector<HTMLElement>('main h1')?.focus({ preventScroll: true })
  }, [deciding.decided, open])
  const busy = act.isPending ? t('approvals.working') : undefined
  const gone = record.content.__typename === 'ContentGone' ? t('approvals.goneReason') : undefined
  const ask = (deed: Decision['deed']) => {
    deciding.forget()
    setAsking({ deed, seen: record })
  }
  const approver = may(session, 'APPROVE')
  const { isMine } = record.summary
  const own = isMine ? t('approvals.ownRequest') : undefined
  if (!open) return deciding.decided ? null : <Problems deciding={deciding} />
  return (
    <>
      <div className="flex flex-wrap gap-2 empty:hidden" data-print="hide">
        {approver && (
          <>
            <Button look="primary" icon="check" reason={busy ?? own ?? gone} onClick={() => ask('approve')}>
              {t('approvals.approve')}
            </Button>
            <Button look="danger" icon="stop" reason={busy ?? own} onClick={() => ask('reject')}>
              {t('approvals.reject')}
            </Button>
          </>
        )}
        {isMine && (
          <Button icon="close" reason={busy} onClick={() => ask('withdraw')}>
            {t('approvals.withdraw')}
          </Button>
        )}
        {isMine && may(session, 'BYPASS_APPROVAL') && (
          <Button look="danger" icon="warning" reason={busy ?? gone} onClick={() => ask('bypass')}>
            {t('approvals.bypassDo')}
          </Button>
        )}
      </div>
      <div className="flex w-full flex-col gap-2 empty:hidden">
        {!approver && <p className="text-sm text-muted">{t('approvals.onlyApprovers')}</p>}
        {approver && own && <p className="text-sm text-muted">{own}</p>}
        {gone && <p className="text-sm text-muted">{gone}</p>}
        {!asking && <Problems deciding={deciding} />}
      </div>
      <ProveAgain open={deciding.unproved} onClose={deciding.giveUp} onProved={deciding.proved} />
      <Questions asking={asking} deciding={deciding} onClose={() => setAsking(undefined)} />
    </>
  )
}

function Problems({ deciding: { act, refused } }: { deciding: Deciding }) {
  const { t } = useTranslation()
  return (
    <>
      <DeedFault error={act.error} />
      {refused && (
        <Band tone="bad" role="alert">
          <p className="font-bold">{t('operations.notDone')}</p>
          <p>
            <TypedText text={refused} />
          </p>
        </Band>
      )}
    </>
  )
}

function Questions({ asking, deciding, onClose }: { asking: Asking | undefined; deciding: Deciding; onClose: () => void }) {
  const { t } = useTranslation()
  const { act } = deciding
  const deed = asking?.deed
  const forgets = asking?.seen.content.__typename === 'ForgetPersonContent'
  const run = (decision: Decision) => {
    onClose()
    if (!act.isPending) act.mutate(decision)
  }
  // What needs a reason stays open until it has an answer, so that a lost line loses no words.
  const keep = (decision: Decision) => act.mutate(decision, { onSuccess: (result) => result.__typename !== 'InvalidInput' && onClose() })
  const problems = act.error || deciding.refused ? <Problems deciding={deciding} /> : undefined
  return (
    <>
      <DeedQuestion
        danger={forgets}
        title={t(forgets ? 'approvals.approveForgetTitle' : 'approvals.approveTitle')}
        text={asking ? approveText(asking.seen, t) : ''}
        yes={t(forgets ? 'approvals.approveForgetYes' : 'approvals.approve')}
        no={t('action.cancel')}
        open={deed === 'approve'}
        onNo={onClose}
        onYes={() => asking && run({ deed: 'approve', contentHash: asking.seen.contentHash })}
      />
      <DeedQuestion danger title={t('approvals.withdrawTitle')} text={t('approvals.withdrawText')} yes={t('approvals.withdraw')} no={t('approvals.withdrawNo')} open={deed === 'withdraw'} onNo={onClose} onYes={() => run({ deed: 'withdraw' })} />
      <ReasonBox
        title={t('approvals.rejectTitle')}
        label={t('approvals.rejectReason')}
        yes={t('approvals.reject')}
        open={deed === 'reject'}
        busy={act.isPending}
        onClose={onClose}
        onYes={(reason) => keep({ deed: 'reject', reason })}
        fault={problems}
      >
        <p>{t('approvals.rejectText')}</p>
      </ReasonBox>
      <ReasonBox
        firm
        title={t('approvals.bypassTitle')}
        label={t('approvals.bypassReason')}
        yes={t('approvals.bypassYes')}
        open={deed === 'bypass'}
        busy={act.isPending}
        onClose={onClose}
        onYes={(reason) => keep({ deed: 'bypass', reason })}
        fault={problems}
      >
        <Band tone="bad" role="note" icon="warning">
          <ul className="list-disc pl-5 font-bold">
            <li>{t('approvals.bypassWarning')}</li>
            <li>{t('approvals.bypassForever')}</li>
          </ul>
        </Band>
        <p>{t('approvals.bypassText')}</p>
      </ReasonBox>
    </>
  )
}

function approveText({ content }: ApprovalRecord, t: TFunction): string {
  switch (content.__typename) {
    case 'ChangeRolesContent':
      return t('approvals.approveText', { name: nameWord(content.name, t), roles: rolesWord(content.roles, t) })
    case 'ForgetPersonContent':
      return t('approvals.approveForget', { number: numberWord(content.number, t), person: t(`person.${content.person}`) })
    case 'ChangeManyContent':
      return t('approvals.approveBulk', { name: t(`history.bulkAction.${content.action}`), total: formatCount(content.count, currentLanguage()) })
    case 'ImportContent':
      return t('approvals.approveImport', { total: formatCount(content.count, currentLanguage()) })
    case 'ExportViewContent':
      return t(content.asksForPersons ? 'approvals.approveExportPersonal' : 'approvals.approveExport', { total: formatCount(content.count, currentLanguage()) })
    case 'SendNumberContent':
      return t('approvals.approveNumber', { number: numberWord(content.number, t) })
    case 'MergeContent':
      return content.comparison ? t('approvals.approveMerge', mergeNumbers(content.comparison, t)) : t('approvals.approveTextPlain')
    default:
      return t('approvals.approveTextPlain')
  }
}
