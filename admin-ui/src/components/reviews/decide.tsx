// Working on a suspicion: claim it, choose a verdict, say why, and go on to the next one. Each has a key.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ReviewVerdict } from '../../graphql/gql/graphql'
import { claimNextReview, claimReview, decideReview, releaseReview, type ReviewRecord, REVIEWS_KEY } from '../../graphql/reviews'
import { useCommandId } from '../../lib/command-id'
import { blockConversionEnter } from '../../lib/ime'
import { useKeys } from '../../lib/keys'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { TextArea } from '../../ui/field'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { DeedFault } from '../operations/deed'
import { actorWord } from '../operations/words'
import { slugOf } from './words'

const MOST_CHARACTERS = 1000

/** What only has to be looked at needs no words. */
const needsReason = (verdict: ReviewVerdict) => verdict !== 'LOOKED_AT'

type Outcome = Awaited<ReturnType<typeof claimReview>>

/** Everything that can be done with it. */
function useWork(record: ReviewRecord) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const commandId = useCommandId()
  const [refused, setRefused] = useState<string>()
  const { id, kind } = record.summary
  // A verdict may do something to its declarations, and their pages say what is suspected of them.
  const again = () => Promise.all([REVIEWS_KEY, ['declaration'], ['declarations']].map((queryKey) => client.invalidateQueries({ queryKey })))
  const told = (outcome: Outcome): boolean => {
    if (outcome.__typename === 'ReviewTouched') return true
    if (outcome.__typename === 'InvalidInput') setRefused(outcome.problems.map(problemText).join(' '))
    else if (outcome.__typename === 'ReviewTaken') setRefused(outcome.claim ? t('reviews.takenBy', { name: actorWord(outcome.claim.by, t) }) : t('reviews.taken'))
    else if (outcome.__typename === 'ReviewOver') setRefused(t(outcome.state === 'DECIDED' ? 'reviews.over.DECIDED' : 'reviews.over.GONE'))
    else setRefused(t('reviews.notFound'))
    return false
  }
  const begin = () => setRefused(undefined)
  const next = useMutation({
    mutationFn: () => claimNextReview(kind, id),
    onMutate: begin,
    onSuccess: async (found) => {
      await again()
      if (found) return navigate({ to: '/reviews/$kind/$id', params: { kind: slugOf(kind), id: found } })
      toast(t('reviews.noNext'))
      return navigate({ to: '/reviews/$kind', params: { kind: slugOf(kind) }, search: {} })
    },
  })
  const claim = useMutation({
    mutationFn: () => claimReview(id),
    onMutate: begin,
    onSuccess: async (outcome) => {
      told(outcome)
      await again()
    },
  })
  const release = useMutation({
    mutationFn: () => releaseReview(id),
    onMutate: begin,
    onSuccess: async (outcome) => {
      told(outcome)
      await again()
    },
  })
  const decide = useMutation({
    mutationFn: ({ verdict, reason }: { verdict: ReviewVerdict; reason: string; goOn: boolean }) => decideReview(commandId({ id, verdict, reason }), id, verdict, reason),
    onMutate: begin,
    onSuccess: async (outcome, { goOn }) => {
      const done = told(outcome)
      if (done) toast(t('reviews.decided'))
      await again()
      if (done && goOn) next.mutate()
    },
  })
  return { next, claim, release, decide, refused }
}

interface VerdictsProps {
  id: string
  record: ReviewRecord
  chosen: ReviewVerdict | undefined
  isMissing: boolean
  onChoose: (verdict: ReviewVerdict) => void
}

/** What can be decided, each with its key. */
function Verdicts({ id, record: { summary, verdicts }, chosen, isMissing, onChoose }: VerdictsProps) {
  const { t } = useTranslation()
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby={isMissing ? `${id}-none` : undefined}>
      <legend className="mb-1 font-bold">{t('reviews.choose')}</legend>
      {verdicts.map((item, index) => (
        <label key={item} className={`flex min-h-11 items-start gap-2.5 rounded-md border px-3 py-2 ${chosen === item ? 'border-accent bg-selected' : 'border-control hover:bg-hover'}`}>
          <input type="radio" id={`${id}-${index}`} name="verdict" className="mt-0.5 size-5 shrink-0 accent-accent" checked={chosen === item} onChange={() => onChoose(item)} />
          <span className="min-w-0 flex-1">
            <span className="block font-bold">{t(`reviews.verdict.${item}`)}</span>
            <span className="block text-sm text-muted">{t(summary.kind === 'CONTACT_BOUNCED' && item === 'FLAGGED' ? 'reviews.verdictHelp.FLAGGED_CONTACT' : `reviews.verdictHelp.${item}`)}</span>
          </span>
          <kbd aria-hidden="true" className="rounded-sm border border-control px-1.5 text-sm max-md:hidden">
            {index + 1}
          </kbd>
        </label>
      ))}
      {isMissing && (
        <p id={`${id}-none`} className="text-sm font-bold text-bad">
          {t('reviews.chooseOne')}
        </p>
      )}
    </fieldset>
  )
}

export function ReviewWork({ record }: { record: ReviewRecord }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { next, claim, release, decide, refused } = useWork(record)
  const { summary, mayDecide, verdicts } = record
  const reasonId = useId()
  const [verdict, setVerdict] = useState<ReviewVerdict>()
  const [reason, setReason] = useState('')
  const [tried, setTried] = useState(false)
  const noRight = mayDecide ? undefined : t('reviews.noRight')
  const mine = summary.claim?.mine === true
  const others = summary.claim !== null && summary.claim !== undefined && !mine
  const open = summary.state === 'OPEN'
  const busy = next.isPending || claim.isPending || release.isPending || decide.isPending
  const off = noRight ?? (busy ? t('reviews.working') : undefined)
  const text = reason.trim()
  const wrongReason = verdict && needsReason(verdict) && text === '' ? t('reviews.reasonMissing') : [...text].length > MOST_CHARACTERS ? t('reviews.reasonLong') : undefined
  const send = (goOn: boolean) => {
    setTried(true)
    if (!verdict || wrongReason !== undefined) {
      document.getElementById(verdict ? reasonId : `${reasonId}-0`)?.focus()
      return
    }
    if (off === undefined) decide.mutate({ verdict, reason: text, goOn })
  }
  const begin = () => {
    if (open && !others && off === undefined) claim.mutate()
  }
  useKeys({
    c: begin,
    n: () => off === undefined && next.mutate(),
    u: () => void navigate({ to: '/reviews/$kind', params: { kind: slugOf(summary.kind) }, search: {} }),
    ...Object.fromEntries(verdicts.map((item, index) => [`${index + 1}`, () => open && mine && setVerdict(item)])),
    'mod+enter': () => open && mine && send(true),
  })
  return (
    <section aria-labelledby="work" className="flex min-w-0 flex-col gap-4" data-print="hide">
      <h2 id="work" className="border-b border-line pb-1 text-base">
        {t('reviews.work')}
      </h2>
      {refused !== undefined && (
        <Band tone="warn" role="alert">
          <TypedText text={refused} />
        </Band>
      )}
      <DeedFault error={decide.error ?? claim.error ?? release.error ?? next.error} />
      {open && mine && (
        <form
          noValidate
          className="flex flex-col gap-4"
          onKeyDown={blockConversionEnter}
          onSubmit={(event) => {
            event.preventDefault()
            send(true)
          }}
        >
          <Verdicts id={reasonId} record={record} chosen={verdict} isMissing={tried && !verdict} onChoose={setVerdict} />
          <TextArea id={reasonId} label={t('reviews.reason')} help={t('reviews.reasonHelp')} required={!verdict || needsReason(verdict)} optional={verdict !== undefined && !needsReason(verdict)} error={tried ? wrongReason : undefined} value={reason} onChange={(event) => setReason(event.target.value)} />
          <div className="flex flex-wrap gap-2">
            <Button type="submit" look="primary" icon="check" reason={off}>
              {t('reviews.decideNext')}
            </Button>
            <Button reason={off} onClick={() => send(false)}>
              {t('reviews.decideOnly')}
            </Button>
          </div>
        </form>
      )}
      <div className="flex flex-wrap gap-2">
        {open && !mine && (
          <Button look="primary" icon="user" reason={off ?? (others && summary.claim ? t('reviews.takenBy', { name: actorWord(summary.claim.by, t) }) : undefined)} onClick={begin}>
            {t('reviews.claim')}
          </Button>
        )}
        {open && mine && (
          <Button reason={off} onClick={() => release.mutate()}>
            {t('reviews.release')}
          </Button>
        )}
        <Button look={open ? 'secondary' : 'primary'} icon="right" reason={off} onClick={() => next.mutate()}>
          {t('reviews.next')}
        </Button>
      </div>
      <p className="text-sm text-muted max-md:hidden">{t('reviews.keys')}</p>
    </section>
  )
}
