// Addresses to which nothing is sent, why, until when, and the way to take one off.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { TFunction } from 'i18next'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execute } from '../../graphql/execute'
import { LiftSuppressionDocument, type SuppressionPartsFragment } from '../../graphql/gql/graphql'
import { RefusedQuestion } from '../../graphql/declarations'
import { SUPPRESSIONS_KEY } from '../../graphql/mail'
import { useCommandId } from '../../lib/command-id'
import { currentLanguage } from '../../i18n'
import { dayOf, formatDate, formatInstant } from '../../lib/format'
import { isPast } from '../../lib/mail'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { Chip } from '../../ui/chip'
import { Skeleton } from '../../ui/loading'
import { Box } from '../../ui/modal'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { DecideFault } from './verdict-box'
import { actorWord, ClosedNote, When } from './words'

type Suppression = SuppressionPartsFragment

const FACTS = ['address', 'class', 'reason', 'since', 'until', 'by'] as const
const CELL = 'border-b border-line px-3 py-2 text-left align-top'

const addressWord = ({ address }: Suppression, t: TFunction) => (address.__typename === 'SuppressedAddress' ? address.address : t('suppression.unknownAddress'))
const classWord = (suppression: Suppression, t: TFunction) => (suppression.class ? t(`mailClass.${suppression.class}`) : t('suppression.allClasses'))

/** `rows`: undefined while they load. `liftable`: whether the reader may lift them. */
export function SuppressionTable({ rows, liftable }: { rows: Suppression[] | undefined; liftable: boolean }) {
  const { t } = useTranslation()
  const columns = liftable ? ([...FACTS, 'actions'] as const) : FACTS
  const [asked, setAsked] = useState<Suppression>()
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <div role="region" aria-label={t('suppression.list')} tabIndex={0} className="relative overflow-x-auto">
        <table aria-busy={!rows} className="w-full min-w-4xl border-collapse text-sm leading-normal">
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column} scope="col" className={`${CELL} bg-surface font-bold whitespace-nowrap`}>
                  {t(`suppression.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows
              ? rows.map((row) => <Row key={row.id} row={row} onLift={liftable ? () => setAsked(row) : undefined} />)
              : Array.from({ length: 5 }, (_, index) => (
                  <tr key={index}>
                    {columns.map((column) => (
                      <td key={column} className={`${CELL} h-12`}>
                        <Skeleton className="w-4/5" />
                      </td>
                    ))}
                  </tr>
                ))}
          </tbody>
        </table>
      </div>
      <LiftQuestion suppression={asked} onClose={() => setAsked(undefined)} />
    </>
  )
}

function Row({ row, onLift }: { row: Suppression; onLift: (() => void) | undefined }) {
  const { t } = useTranslation()
  const over = Boolean(row.until && isPast(row.until))
  return (
    <tr>
      <th scope="row" className={`${CELL} min-w-48 font-bold`}>
        {row.address.__typename === 'SuppressedAddress' ? <TypedText text={row.address.address} /> : <ClosedNote closed={row.address} />}
      </th>
      <td className={CELL}>{classWord(row, t)}</td>
      <td className={CELL}>{t(`suppression.reasonWord.${row.reason}`)}</td>
      <td className={CELL}>
        <When at={row.since} />
      </td>
      <td className={CELL}>
        {row.until ? <LastDay until={row.until} /> : t('suppression.untilLifted')}
        {over && (
          <span className="ml-2">
            <Chip tone="quiet" icon="clock">
              {t('suppression.over')}
            </Chip>
          </span>
        )}
      </td>
      <td className={CELL}>
        <TypedText text={actorWord(row.by, t)} />
      </td>
      {onLift && (
        <td className={CELL}>
          <Button size="sm" aria-label={t('suppression.liftNamed', { address: addressWord(row, t) })} onClick={onLift}>
            {t('suppression.lift')}
          </Button>
        </td>
      )}
    </tr>
  )
}

/** Until midnight means: nothing goes on the day before it, either. */
function LastDay({ until }: { until: string }) {
  const language = currentLanguage()
  const last = dayOf(new Date(Date.parse(until) - 1).toISOString())
  return (
    <time dateTime={until} title={formatInstant(until, language)} className="num">
      {formatDate(last, language)}
    </time>
  )
}

const CAUTIONS = { OPT_OUT: 'suppression.liftOptOut', COMPLAINT: 'suppression.liftComplaint', UNREACHABLE: 'suppression.liftUnreachable', STAFF: undefined } as const

function LiftQuestion({ suppression, onClose }: { suppression: Suppression | undefined; onClose: () => void }) {
  const { t } = useTranslation()
  return (
    <Box title={t('suppression.liftTitle')} role="alertdialog" open={suppression !== undefined} onClose={onClose}>
      {suppression && <Lift suppression={suppression} onClose={onClose} />}
    </Box>
  )
}

function Lift({ suppression, onClose }: { suppression: Suppression; onClose: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const { id, reason } = suppression
  const address = addressWord(suppression, t)
  const lift = useMutation({
    mutationFn: async () => {
      const { liftSuppression } = await execute(LiftSuppressionDocument, { input: { commandId: commandId(id), id } })
      if (liftSuppression.__typename === 'InvalidInput') throw new RefusedQuestion(liftSuppression.problems)
      return liftSuppression
    },
    onSuccess: async (result) => {
      await client.invalidateQueries({ queryKey: SUPPRESSIONS_KEY })
      if (result.__typename !== 'SuppressionLifted') return
      toast(t('suppression.lifted', { address }))
      onClose()
    },
  })
  const gone = lift.data?.__typename === 'NotFound'
  const caution = CAUTIONS[reason]
  return (
    <div className="flex flex-col gap-4 overflow-auto p-5">
      <DecideFault error={lift.error} />
      {gone && (
        <Band tone="warn" role="alert">
          {t('suppression.gone')}
        </Band>
      )}
      <p>{t('suppression.liftText', { address, reason: t(`suppression.reasonWord.${reason}`), class: classWord(suppression, t) })}</p>
      {caution && <p className="font-bold">{t(caution)}</p>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button look="primary" onClick={onClose}>
          {t(gone ? 'action.close' : 'suppression.liftNo')}
        </Button>
        {!gone && (
          <Button look="danger" reason={lift.isPending ? t('suppression.lifting') : undefined} onClick={() => lift.mutate()}>
            {t(lift.isPending ? 'suppression.lifting' : 'suppression.liftYes')}
          </Button>
        )}
      </div>
    </div>
  )
}
