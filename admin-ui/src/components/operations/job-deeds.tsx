// What can be done to a job: stop it while it waits or runs, and give it another chance when it was given up or cancelled.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execute } from '../../graphql/execute'
import { CancelJobDocument, type JobPartsFragment, type JobState, ResumeJobDocument } from '../../graphql/gql/graphql'
import { JOBS_KEY } from '../../graphql/jobs'
import { SCHEDULES_KEY } from '../../graphql/schedules'
import { useCommandId } from '../../lib/command-id'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { DeedFault, DeedQuestion } from './deed'
import { commandWord } from './words'

type Deed = 'cancel' | 'resume'

function useJobDeed(job: JobPartsFragment) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  // A job can be cancelled and resumed again and again: each time is a command of its own.
  const round = useRef(0)
  const [refused, setRefused] = useState<{ state?: JobState; text?: string }>()
  const deed = useMutation({
    mutationFn: async (kind: Deed) => {
      const input = { commandId: commandId({ kind, round: round.current, id: job.id }), id: job.id }
      return kind === 'cancel' ? (await execute(CancelJobDocument, { input })).cancelJob : (await execute(ResumeJobDocument, { input })).resumeJob
    },
    onMutate: () => setRefused(undefined),
    onSuccess: async (result, kind) => {
      round.current += 1
      await Promise.all([client.invalidateQueries({ queryKey: JOBS_KEY }), client.invalidateQueries({ queryKey: SCHEDULES_KEY })])
      if (result.__typename === 'JobTouched') toast(t(kind === 'cancel' ? 'jobs.cancelled' : 'jobs.resumed', { name: commandWord(job.command, t) }))
      if (result.__typename === 'JobOtherState') setRefused({ state: result.job.state })
      if (result.__typename === 'InvalidInput') setRefused({ text: result.problems.map(problemText).join(' ') })
      if (result.__typename === 'NotFound') setRefused({ text: t('jobs.gone') })
    },
  })
  return { deed, refused }
}

export function JobDeeds({ job }: { job: JobPartsFragment }) {
  const { t } = useTranslation()
  const { deed, refused } = useJobDeed(job)
  const [asking, setAsking] = useState(false)
  const busy = deed.isPending ? t('schedules.running') : undefined
  const act = (kind: Deed) => {
    setAsking(false)
    if (!deed.isPending) deed.mutate(kind)
  }
  const underWay = job.state === 'READY' || job.state === 'RUNNING'
  const again = job.state === 'DEAD' || job.state === 'CANCELLED'
  const name = commandWord(job.command, t)
  return (
    <>
      <div className="flex flex-wrap gap-2 empty:hidden" data-print="hide">
        {underWay && (
          <Button look="danger" icon="stop" onClick={() => setAsking(true)} reason={busy ?? (job.cancelRequested ? t('jobs.stopping') : undefined)}>
            {t('jobs.cancel')}
          </Button>
        )}
        {again && (
          <Button look="primary" icon="play" onClick={() => act('resume')} reason={busy}>
            {t('jobs.resume')}
          </Button>
        )}
      </div>
      <div className="flex w-full flex-col gap-2 empty:hidden">
        <DeedFault error={deed.error} />
        {refused?.state && (
          <Band tone="warn" role="alert">
            <p className="font-bold">{t('jobs.otherState')}</p>
            <p>{t('jobs.otherStateLead', { state: t(`jobs.state.${refused.state}`) })}</p>
          </Band>
        )}
        {refused?.text && (
          <Band tone="bad" role="alert">
            <p className="font-bold">{t('operations.notDone')}</p>
            <p>
              <TypedText text={refused.text} />
            </p>
          </Band>
        )}
      </div>
      <DeedQuestion
        danger
        title={t('jobs.cancelTitle')}
        text={t(job.state === 'RUNNING' ? 'jobs.cancelRunning' : 'jobs.cancelReady', { name })}
        yes={t('jobs.cancelYes')}
        no={t('jobs.cancelNo')}
        open={asking}
        onNo={() => setAsking(false)}
        onYes={() => act('cancel')}
      />
    </>
  )
}
