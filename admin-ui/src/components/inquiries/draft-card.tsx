// At the end of the thread: the answer that somebody is writing. A colleague can go on with it, agree with it, or throw it away.
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { changeInquiryDraft, type InquiryRecord } from '../../graphql/inquiries'
import type { InquiryDraftChangeInput } from '../../graphql/gql/graphql'
import { useCommandId } from '../../lib/command-id'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { useSession } from '../session'
import { freshReply, goOnWith } from './begin'
import { changeDesk, deskKey, deskOf } from './desk-state'
import { isUnsaved } from './drafts'
import { DraftStateChip } from './draft-state'
import { useRefusal, useSettle } from './work'
import { ClosedWords, whenShort } from './words'

interface DraftDeed {
  change: InquiryDraftChangeInput
  told: string
}

function useDraftDeed(record: InquiryRecord) {
  const commandId = useCommandId()
  const settle = useSettle(record)
  const refusal = useRefusal()
  const [refused, setRefused] = useState<string>()
  const deed = useMutation({
    mutationFn: ({ change }: DraftDeed) => changeInquiryDraft(commandId([record.version, change]), record, change),
    onMutate: () => setRefused(undefined),
    onSuccess: (outcome, { told }) => {
      setRefused(refusal(outcome))
      settle(outcome)
      if ('done' in outcome) toast(told)
    },
  })
  return { deed, refused }
}

function Deeds({ record }: { record: InquiryRecord }) {
  const { t } = useTranslation()
  const { staff } = useSession()
  const { deed, refused } = useDraftDeed(record)
  const [asks, setAsks] = useState(false)
  const { draft } = record
  if (!draft) return null
  const key = deskKey(staff.id, record.id)
  const goOn = () => {
    const { reply: before } = deskOf(key)
    const next = goOnWith(draft, freshReply(record))
    if (!next) return
    changeDesk(key, { writes: 'reply', reply: next })
    if (before && isUnsaved(before)) toast(t('desk.draft.replaced', { name: draft.by }), { word: t('inquiries.undo'), run: () => changeDesk(key, { writes: 'reply', reply: before }) })
  }
  const off = deed.isPending ? t('inquiries.working') : undefined
  return (
    <div className="flex flex-wrap items-center gap-2" data-print="hide">
      {draft.words.__typename === 'DraftWords' && (
        <Button size="sm" look="primary" icon="edit" reason={off} onClick={goOn}>
          {t('desk.draft.goOn')}
        </Button>
      )}
      {draft.state === 'FOR_REVIEW' && draft.byId !== staff.id && draft.words.__typename === 'DraftWords' && (
        <Button size="sm" icon="check" reason={off} onClick={() => deed.mutate({ change: { agree: true }, told: t('desk.draft.agreed') })}>
          {t('desk.draft.agree')}
        </Button>
      )}
      <Button size="sm" look="plain" reason={off} onClick={() => setAsks(true)}>
        {t('desk.draft.discard')}
      </Button>
      {refused !== undefined && (
        <Band tone="warn" role="alert">
          <TypedText text={refused} />
        </Band>
      )}
      <DeedFault error={deed.error} />
      <DeedQuestion
        danger
        title={t('desk.draft.discardTitle', { name: draft.by })}
        text={t('desk.draft.discardText')}
        yes={t('desk.draft.discard')}
        no={t('desk.draft.discardNo')}
        open={asks}
        onNo={() => setAsks(false)}
        onYes={() => {
          setAsks(false)
          deed.mutate({ change: { discard: true }, told: t('desk.draft.discarded') })
        }}
      />
    </div>
  )
}

/** Not while it is open for writing: its words are there then. */
export function DraftCard({ record, mayReply }: { record: InquiryRecord; mayReply: boolean }) {
  const { t } = useTranslation()
  const { staff } = useSession()
  const { draft } = record
  if (!draft) return null
  const { words } = draft
  const name = draft.byId === staff.id ? t('desk.draft.own') : t('desk.draft.of', { name: draft.by })
  return (
    <section data-card aria-label={name} className="ml-4 flex min-w-0 flex-col gap-2 rounded-md border border-dashed border-accent/60 bg-bg px-3.5 py-2.5 sm:ml-10">
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1 text-sm">
        <Icon name="edit" className="size-4" />
        <span className="font-bold">
          <TypedText text={name} />
        </span>
        <DraftStateChip state={draft.state} />
        <span className="text-xs text-muted">{t('desk.draft.notSent')}</span>
        <time dateTime={draft.savedAt} className="num ml-auto text-muted">
          {whenShort(draft.savedAt)}
        </time>
      </div>
      {words.__typename === 'DraftWords' ? (
        <>
          {words.to !== '' && (
            <p className="text-sm">
              <TypedText text={t('inquiries.to', { address: words.to })} />
            </p>
          )}
          <p className="max-w-[48rem] break-words whitespace-pre-wrap">
            <TypedText text={words.text} />
          </p>
        </>
      ) : (
        <p>
          <ClosedWords closed={words} />
        </p>
      )}
      {mayReply && <Deeds record={record} />}
    </section>
  )
}
