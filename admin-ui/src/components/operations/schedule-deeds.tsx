// What can be done to a schedule: run it now, let it rest, let it go on, change it, remove it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { SchedulePartsFragmentDoc, type SchedulePartsFragment } from '../../graphql/gql/graphql'
import { JOBS_KEY } from '../../graphql/jobs'
import { doToSchedule, type ScheduleDeed, SCHEDULES_KEY } from '../../graphql/schedules'
import { currentLanguage } from '../../i18n'
import { useCommandId } from '../../lib/command-id'
import { formatInstant } from '../../lib/format'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button, buttonClass } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { DeedFault, DeedQuestion } from './deed'
import { scheduleText } from './words'

/** What the page says of what was done last, or could not be. */
interface Outcome {
  ran?: string
  refused?: string
  faster?: { text: string; by?: { name: string } | null; at?: string | null }
}

const DONE_WORDS = { run: 'schedules.ran', pause: 'schedules.paused', resume: 'schedules.resumed', remove: 'schedules.removed' } as const

function useDeed(schedule: SchedulePartsFragment) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const navigate = useNavigate()
  const commandId = useCommandId()
  // What was done is done: the same again is another command, also where the version has stayed.
  const round = useRef(0)
  const [outcome, setOutcome] = useState<Outcome>({})
  const deed = useMutation({
    mutationFn: (kind: ScheduleDeed) => {
      const content = { id: schedule.id, expectedVersion: schedule.version }
      return doToSchedule(kind, { commandId: commandId({ kind, round: round.current, ...content }), ...content })
    },
    onMutate: () => setOutcome({}),
    onSuccess: async (result, kind) => {
      round.current += 1
      await Promise.all([client.invalidateQueries({ queryKey: SCHEDULES_KEY }), client.invalidateQueries({ queryKey: JOBS_KEY })])
      if (result.__typename === 'ScheduleChanged') {
        // Of a run the page itself says so, with the way to its job.
        if (result.jobId) setOutcome({ ran: result.jobId })
        else toast(t(DONE_WORDS[kind], { name: schedule.name }))
        if (kind === 'remove') void navigate({ to: '/settings/schedules' })
      }
      if (result.__typename === 'ScheduleConflict') {
        const theirs = readFragment(SchedulePartsFragmentDoc, result.schedule)
        setOutcome({ faster: { text: scheduleText(theirs, t), by: result.by, at: result.at } })
      }
      if (result.__typename === 'InvalidInput') setOutcome({ refused: result.problems.map(problemText).join(' ') })
      if (result.__typename === 'NotFound') setOutcome({ refused: t('schedules.gone') })
    },
  })
  return { deed, outcome }
}

/** The buttons of the page's head, and under them what came of the last. */
export function ScheduleDeeds({ schedule }: { schedule: SchedulePartsFragment }) {
  const { t } = useTranslation()
  const { deed, outcome } = useDeed(schedule)
  const [asking, setAsking] = useState<'run' | 'remove'>()
  const busy = deed.isPending ? t('schedules.running') : undefined
  const act = (kind: ScheduleDeed) => {
    setAsking(undefined)
    if (!deed.isPending) deed.mutate(kind)
  }
  const { id, name, state } = schedule
  return (
    <>
      <div className="flex flex-wrap gap-2" data-print="hide">
        <Button look="primary" icon="play" onClick={() => setAsking('run')} reason={busy ?? (state === 'OVER' ? t('schedules.runOver') : undefined)}>
          {t('schedules.run')}
        </Button>
        <Link to="/settings/schedules/$id/change" params={{ id }} resetScroll={false} className={buttonClass('secondary')}>
          <Icon name="edit" />
          {t('schedules.edit')}
        </Link>
        {state === 'PAUSED' ? (
          <Button icon="play" onClick={() => act('resume')} reason={busy}>
            {t('schedules.resume')}
          </Button>
        ) : (
          state === 'ACTIVE' && (
            <Button icon="pause" onClick={() => act('pause')} reason={busy}>
              {t('schedules.pause')}
            </Button>
          )
        )}
        <Button look="danger" onClick={() => setAsking('remove')} reason={busy}>
          {t('schedules.remove')}
        </Button>
      </div>
      <div className="flex w-full flex-col gap-2 empty:hidden">
        <DeedFault error={deed.error} />
        <OutcomeBand outcome={outcome} name={name} />
      </div>
      <DeedQuestion title={t('schedules.runTitle')} text={t('schedules.runText', { name })} yes={t('schedules.runYes')} no={t('schedules.runNo')} open={asking === 'run'} onNo={() => setAsking(undefined)} onYes={() => act('run')} />
      <DeedQuestion danger title={t('schedules.removeTitle')} text={t('schedules.removeText', { name })} yes={t('schedules.removeYes')} no={t('schedules.removeNo')} open={asking === 'remove'} onNo={() => setAsking(undefined)} onYes={() => act('remove')} />
    </>
  )
}

function OutcomeBand({ outcome: { ran, refused, faster }, name }: { outcome: Outcome; name: string }) {
  const { t } = useTranslation()
  if (faster) {
    return (
      <Band tone="warn" role="alert">
        <p className="font-bold">{t('schedules.conflict')}</p>
        {faster.by && faster.at && <p>{t('sheet.conflictBy', { who: faster.by.name, when: formatInstant(faster.at, currentLanguage()) })}</p>}
        <p>
          <TypedText text={t('sheet.conflictNow', { text: faster.text })} />
        </p>
        <p>{t('schedules.conflictLead')}</p>
      </Band>
    )
  }
  if (refused) {
    return (
      <Band tone="bad" role="alert">
        <p className="font-bold">{t('operations.notDone')}</p>
        <p>
          <TypedText text={refused} />
        </p>
      </Band>
    )
  }
  if (!ran) return null
  return (
    <Band
      tone="info"
      role="status"
      actions={
        <Link to="/settings/jobs/$id" params={{ id: ran }} className={buttonClass('secondary', false, 'sm')}>
          {t('schedules.openJob')}
        </Link>
      }
    >
      {t('schedules.ran', { name })}
    </Band>
  )
}
