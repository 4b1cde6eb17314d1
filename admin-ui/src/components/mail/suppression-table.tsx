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

const COLUMNS = ['address', 'class', 'reason', 'since', 'until', 'by', 'actions'] as const
const CELL = 'border-b border-line px-3 py-2 text-left align-top'

const addressWord = ({ address }: Suppression, t: TFunction) => (address.__typename === 'SuppressedAddress' ? address.address : t('suppression.unknownAddress'))
const classWord = (suppression: Suppression, t: TFunction) => (suppression.class ? t(`mailClass.${suppression.class}`) : t('suppression.allClasses'))

/** `rows`: undefined while they load. */
export function SuppressionTable({ rows, noRight }: { rows: Suppression[] | undefined; noRight: string | undefined }) {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<Suppression>()
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <div role="region" aria-label={t('suppression.list')} tabIndex={0} className="relative overflow-x-auto">
        <table aria-busy={!rows} className="w-full min-w-4xl border-collapse text-sm leading-normal">
          <thead>
            <tr>
              {COLUMNS.map((column) => (
                <th key={column} scope="col" className={`${CELL} bg-surface font-bold whitespace-nowrap`}>
                  {t(`suppression.${column}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows
              ? rows.map((row) => <Row key={row.id} row={row} noRight={noRight} onLift={() => setAsked(row)} />)
              : Array.from({ length: 5 }, (_, index) => (
                  <tr key={index}>
                    {COLUMNS.map((column) => (
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

function Row({ row, noRight, onLift }: { row: Suppression; noRight: string | undefined; onLift: () => void }) {
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
        {row.until ? <When at={row.until} /> : t('suppression.untilLifted')}
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
      <td className={CELL}>
        <Button size="sm" reason={noRight} aria-label={t('suppression.liftNamed', { address: addressWord(row, t) })} onClick={onLift}>
          {t('suppression.lift')}
        </Button>
      </td>
    </tr>
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
