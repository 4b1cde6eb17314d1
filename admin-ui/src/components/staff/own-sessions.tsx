// Where somebody is signed in, with a way to end what they do not know.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execute } from '../../graphql/execute'
import { EndOtherSessionsDocument, EndOwnSessionDocument } from '../../graphql/gql/graphql'
import { OWN_SESSIONS_KEY, type OwnSession, ownSessionsQuery } from '../../graphql/staff'
import { currentLanguage } from '../../i18n'
import { relativeTo, useNow } from '../../lib/relative'
import { Button } from '../../ui/button'
import { Chip } from '../../ui/chip'
import { LoadingBar, Skeleton } from '../../ui/loading'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { FaultBand } from '../fault'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { whenWord } from '../operations/words'
import { deviceWord } from './words'

/** Ends one session, or all others. */
function useEnd(onDone: () => void) {
  const { t } = useTranslation()
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (one: OwnSession | undefined) => {
      if (one) return (await execute(EndOwnSessionDocument, { id: one.id })).endOwnSession ? t('account.ended', { device: deviceWord(one.userAgent, t) }) : t('account.over')
      return t('account.endedOthers', { count: (await execute(EndOtherSessionsDocument, {})).endOtherSessions })
    },
    onSuccess: async (word) => {
      await client.invalidateQueries({ queryKey: OWN_SESSIONS_KEY })
      toast(word)
      onDone()
    },
  })
}

export function OwnSessions() {
  const { t } = useTranslation()
  const { data: sessions, error, isPending, refetch } = useQuery(ownSessionsQuery)
  const heading = useRef<HTMLHeadingElement>(null)
  const [asking, setAsking] = useState(false)
  // The button that was pressed is gone with its row, so the focus goes to where the row was.
  const end = useEnd(() => heading.current?.focus())
  const others = sessions?.filter((session) => !session.isThis).length ?? 0
  const busy = end.isPending ? t('account.ending') : undefined
  const close = () => setAsking(false)
  return (
    <section aria-labelledby="sessions" className="flex flex-col gap-2">
      <LoadingBar busy={isPending} />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id="sessions" ref={heading} tabIndex={-1} className="w-fit text-base">
          {t('account.sessions')}
        </h2>
        <Button size="sm" look="danger" reason={busy ?? (sessions ? (others === 0 ? t('account.onlyThis') : undefined) : t('app.loading'))} onClick={() => setAsking(true)}>
          {t('account.endOthers')}
        </Button>
      </div>
      <p className="text-sm text-muted">{t('account.sessionsLead')}</p>
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <DeedFault error={end.error} />
      {isPending && <SessionsSkeleton />}
      {sessions && (
        <ul className="border-t border-line text-sm">
          {/* This one first, where it is looked for. */}
          {sessions.toSorted((a, b) => Number(b.isThis) - Number(a.isThis)).map((session) => (
            <SessionItem key={session.id} session={session}>
              {!session.isThis && (
                <Button
                  size="sm"
                  aria-label={t('account.endFor', { device: deviceWord(session.userAgent, t), when: whenWord(session.createdAt) })}
                  reason={busy}
                  onClick={() => end.mutate(session)}
                >
                  {t('account.end')}
                </Button>
              )}
            </SessionItem>
          ))}
        </ul>
      )}
      {sessions && others === 0 && <p className="text-sm text-muted">{t('account.onlyThis')}</p>}
      <DeedQuestion
        danger
        title={t('account.endOthersTitle')}
        text={t('account.endOthersText', { count: others })}
        yes={t('account.endOthersYes')}
        no={t('account.endOthersNo')}
        open={asking}
        onNo={close}
        onYes={() => {
          close()
          if (!end.isPending) end.mutate(undefined)
        }}
      />
    </section>
  )
}

function SessionItem({ session, children }: { session: OwnSession; children: ReactNode }) {
  const { t } = useTranslation()
  const now = useNow()
  const { userAgent, address, createdAt, lastSeenAt, isThis, method } = session
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-1.5 border-b border-line px-2 py-2.5">
      <div className="flex min-w-0 flex-1 basis-56 flex-col items-start gap-0.5">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-bold break-words" title={userAgent ?? undefined}>
            <TypedText text={deviceWord(userAgent, t)} />
          </span>
          {isThis && (
            <Chip tone="good" icon="check">
              {t('account.this')}
            </Chip>
          )}
        </span>
        <span className="break-all text-muted">{address ? <TypedText text={t('account.address', { address })} /> : t('account.unknownAddress')}</span>
        {method && <span className="text-muted">{t('account.method', { how: t(`account.methods.${method}`) })}</span>}
      </div>
      <div className="num min-w-0 flex-1 basis-56 text-muted">
        <p>
          <time dateTime={createdAt}>{t('account.began', { when: whenWord(createdAt) })}</time>
        </p>
        <p>
          <time dateTime={lastSeenAt}>{t('account.lastSeen', { when: whenWord(lastSeenAt), ago: relativeTo(lastSeenAt, now, currentLanguage()) })}</time>
        </p>
      </div>
      {/* Its place is kept, so that the columns stand one below the other. */}
      <div className="flex min-w-16 justify-end max-sm:min-w-0">{children}</div>
    </li>
  )
}

const SessionsSkeleton = () => (
  <div className="flex flex-col gap-2" aria-busy="true">
    {Array.from({ length: 2 }, (_, index) => (
      <Skeleton key={index} className="h-14 w-full" />
    ))}
  </div>
)
