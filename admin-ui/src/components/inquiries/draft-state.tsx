// Under the answer that is being written: whether the office keeps it, whose draft stands in its place, and how far its review is.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { deskSettingsQuery, type InquiryDraft, type InquiryRecord } from '../../graphql/inquiries'
import { currentLanguage } from '../../i18n'
import { relativeTo, useNow } from '../../lib/relative'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { Chip, type Tone } from '../../ui/chip'
import type { IconName } from '../../ui/icons'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { useSession } from '../session'
import { freshReply, goOnWith } from './begin'
import { changeDesk, type ReplyDraft } from './desk-state'
import { isOthers, reviewOf } from './drafts'
import type { Keeping } from './keep-draft'
import { whenShort } from './words'

const LOOKS: Record<InquiryDraft['state'], { tone: Tone; icon: IconName }> = {
  OPEN: { tone: 'quiet', icon: 'edit' },
  FOR_REVIEW: { tone: 'warn', icon: 'approval' },
  AGREED: { tone: 'good', icon: 'check' },
}

export function DraftStateChip({ state }: Pick<InquiryDraft, 'state'>) {
  const { t } = useTranslation()
  return (
    <Chip {...LOOKS[state]} title={t(`desk.draft.stateHelp.${state}`)}>
      {t(`desk.draft.state.${state}`)}
    </Chip>
  )
}

interface Props {
  deskKey: string
  record: InquiryRecord
  reply: ReplyDraft
  keeping: Keeping
}

/** A colleague has kept another draft meanwhile: neither is lost, and one of the two is gone on with. */
export function TheirDraft({ deskKey: key, record, reply, keeping }: Props) {
  const { t } = useTranslation()
  const { staff } = useSession()
  const { draft } = record
  if (!draft || !isOthers(record, reply, staff.id)) return null
  const useTheirs = () => {
    const theirs = goOnWith(draft, freshReply(record))
    if (!theirs) return
    changeDesk(key, { reply: { ...theirs, seen: reply.seen } })
    toast(t('desk.draft.replaced', { name: draft.by }), { word: t('inquiries.undo'), run: () => changeDesk(key, { reply }) })
  }
  const actions = (
    <>
      <Button size="sm" onClick={useTheirs}>
        {t('desk.draft.useTheirs')}
      </Button>
      <Button size="sm" reason={keeping.stand === 'saving' ? t('desk.draft.saving') : undefined} onClick={() => void keeping.keep({ over: true })}>
        {t('desk.draft.useMine')}
      </Button>
    </>
  )
  return (
    <Band tone="warn" role="alert" actions={actions}>
      <p className="font-bold">
        <TypedText text={t('desk.draft.theirs', { name: draft.by })} />
      </p>
      <p className="text-sm">{t('desk.draft.theirsHelp')}</p>
    </Band>
  )
}

/** Whether it is kept, in a line. Only what went wrong is said aloud: a pause in typing is no news. */
export function KeepingLine({ record: { draft }, keeping: { stand, why } }: Pick<Props, 'record' | 'keeping'>) {
  const { t } = useTranslation()
  const now = useNow()
  if (stand === 'failed' || stand === 'refused')
    return (
      <p role="status" className="min-h-10 content-center text-xs font-bold text-bad">
        {stand === 'failed' ? t('desk.draft.failed') : t('desk.draft.refused', { why })}
      </p>
    )
  const saved = draft ? t('desk.draft.saved', { when: relativeTo(draft.savedAt, now, currentLanguage()) }) : t('desk.draft.unsaved')
  return (
    <p title={draft ? whenShort(draft.savedAt) : undefined} className="ml-auto flex min-h-10 flex-wrap items-center gap-x-2 text-xs text-muted">
      {stand === 'saving' ? t('desk.draft.saving') : stand === 'unsaved' ? t('desk.draft.unsaved') : saved}
      {draft && stand === 'saved' && <DraftStateChip state={draft.state} />}
    </p>
  )
}

/** Why it cannot be sent until a colleague agrees; undefined where nobody has to. */
export function useReviewReason(record: InquiryRecord, reply: ReplyDraft): string | undefined {
  const { t } = useTranslation()
  const { data } = useQuery(deskSettingsQuery)
  if (!data?.fourEyes) return undefined
  const stand = reviewOf(record, reply)
  return stand === 'agreed' ? undefined : t(`desk.draft.${stand}`)
}

export function AskReview({ record, reply, keeping }: Pick<Props, 'record' | 'reply' | 'keeping'>) {
  const { t } = useTranslation()
  const stand = reviewOf(record, reply)
  const said = { waitsReview: t('desk.draft.alreadyAsked'), agreed: t('desk.draft.alreadyAgreed'), needsReview: undefined, changedSince: undefined }[stand]
  const off = reply.text.trim() === '' ? t('inquiries.textMissing') : keeping.stand === 'saving' ? t('desk.draft.saving') : said
  const ask = async () => {
    const outcome = await keeping.keep({ askReview: true })
    if (outcome && 'done' in outcome) toast(t('desk.draft.askedReview'))
  }
  return (
    <Button icon="approval" reason={off} onClick={() => void ask()}>
      {t('desk.draft.askReview')}
    </Button>
  )
}
