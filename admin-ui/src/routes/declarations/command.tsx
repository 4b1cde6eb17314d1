// One command of a declaration, in a sheet over it.
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AskedBy, useAskedBy, useLeaveRecord } from '../../components/declarations/asked-by'
import { CommandConflict } from '../../components/declarations/command-conflict'
import { GroundMoved } from '../../components/declarations/ground'
import { useNoCommand } from '../../components/declarations/record-head'
import { useAskUndo, UndoTarget } from '../../components/declarations/undo'
import { FaultBlock } from '../../components/fault'
import { FormSheet, FormSkeleton, useSheetSteps } from '../../components/form-sheet'
import { useNameText } from '../../components/name'
import { CaseForm } from '../../forms/case-form'
import { useEvidenceBeside } from '../../forms/evidence-beside'
import { MergeForm } from '../../forms/merge-declarations'
import { commandFields, typedText } from '../../forms/record-command-fields'
import { canBeUndone, type ConflictInfo, refreshDeclaration } from '../../graphql/changes'
import { declarationQuery, type DeclarationRecord } from '../../graphql/declaration'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { FactPartsFragmentDoc, HistoryPartsFragmentDoc } from '../../graphql/gql/graphql'
import { type Begun, requestNumber, sendCommand } from '../../graphql/record-commands'
import { COMMANDS, CONTACT_FIELDS, HANDED_OVER, nameOf, type RecordCommand, type Situation, whyNot } from '../../lib/record-commands'
import { FLAGS } from '../../lib/search-params'
import { buttonClass } from '../../ui/button'
import { toast } from '../../ui/toast'

const route = getRouteApi('/shell/declarations/$id/do/$command')

export default function CommandPage() {
  const { t } = useTranslation()
  const { id, command: asked } = route.useParams()
  const { entry } = route.useSearch()
  const leave = useLeaveRecord(id)
  const { data, error, refetch } = useQuery(declarationQuery(id))
  /** What was recorded here: the page behind points it out. */
  const recorded = useRef<string>(undefined)
  const record = data?.__typename === 'Declaration' ? data : undefined
  const command = COMMANDS.find((item) => item === asked)
  const refused = useNoCommand(true, command)
  const title = command === undefined ? t('command.title') : t(`command.name.${record ? nameOf(command, situationOf(record)) : command}`)
  return (
    <FormSheet title={title} onLeave={() => leave(recorded.current)}>
      {refused !== undefined && <p className="p-5">{refused}</p>}
      {refused === undefined && command === undefined && <NotNow id={id} why={t('fault.notFound')} />}
      {refused === undefined && command !== undefined && record && (
        <Possible
          key={`${id} ${command} ${entry}`}
          record={record}
          command={command}
          onRecorded={(position) => {
            recorded.current = position
          }}
        />
      )}
      {refused === undefined && command !== undefined && !record && (error ? <FaultBlock error={error} onRetry={() => void refetch()} /> : <FormSkeleton />)}
    </FormSheet>
  )
}

const situationOf = (record: DeclarationRecord): Situation => ({ facts: readFragment(FactPartsFragmentDoc, record), flags: record.flags })

interface Props {
  record: DeclarationRecord
  command: RecordCommand
  onRecorded: (position: string) => void
}

/** Judged by the record as the person found it: what comes in meanwhile takes no form away. */
function Possible({ record: newest, command, onRecorded }: Props) {
  const { t } = useTranslation()
  const { entry } = route.useSearch()
  const [record] = useState(newest)
  const permission = t('permission.READ_PERSONAL')
  if (command === 'undoMerge') {
    if (!record.history.some((masked) => isUndoableMerge(masked, entry))) return <NotNow id={record.id} why={t('records.undo.mergeOver')} />
  } else if (command === 'undo') {
    if (entry === undefined || !record.history.some(({ position }) => position === entry)) return <NotNow id={record.id} why={t('records.gone')} />
    if (!canBeUndone(record, entry)) return <NotNow id={record.id} why={t('records.undo.over')} />
  } else {
    const why = whyNot(command, situationOf(record))
    if (why !== undefined) return <NotNow id={record.id} why={t('records.stale', { reason: t(`records.not.${why}`, { permission }) })} />
  }
  if (command === 'merge') return <MergeForm record={record} />
  return <Form record={record} command={command} now={newest.version} onRecorded={onRecorded} />
}

/** Whether this is the entry of a merge that can be taken back. */
function isUndoableMerge(masked: DeclarationRecord['history'][number], position: string | undefined): boolean {
  const entry = readFragment(HistoryPartsFragmentDoc, masked)
  return entry.position === position && entry.canUndoMerge
}

/** Why it cannot be done, and what can. */
function NotNow({ id, why }: { id: string; why: string }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-col items-start gap-4 p-5">
      <p>{why}</p>
      <Link to="/declarations/$id/do" params={{ id }} search={{}} resetScroll={false} className={buttonClass()}>
        {t('records.others')}
      </Link>
    </div>
  )
}

function Form({ record, command, now, onRecorded }: Props & { now: string }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const steps = useSheetSteps()
  const nameText = useNameText()
  const undo = useAskUndo()
  const { entry, flag: asked } = route.useSearch()
  const { facts, flags } = situationOf(record)
  const flag = FLAGS.find((item) => item === asked && flags.includes(item))
  const fields = useMemo(() => commandFields(command, facts, flags, t, { flag, id: record.id }), [command, facts, flags, t, flag, record.id])
  const word = t(`command.name.${nameOf(command, { facts, flags })}`)
  const before = (field: (typeof CONTACT_FIELDS)[number]) => typedText(facts, field)
  const begun: Begun = { contact: { CONTACT_NAME: before('CONTACT_NAME'), CONTACT_DEPARTMENT: before('CONTACT_DEPARTMENT'), CONTACT_EMAIL: before('CONTACT_EMAIL'), CONTACT_PHONE: before('CONTACT_PHONE') }, position: entry, handedOver: Object.fromEntries(HANDED_OVER.map((field) => [field, typedText(facts, field)])) }
  const inquiry = useAskedBy()
  const { evidence, beside } = useEvidenceBeside(record.id, inquiry === undefined)
  const saved = async (position: string) => {
    // It waits for a second person: nothing of the record has changed.
    if (position === '') {
      toast(t('records.done.requested'))
      return steps.done()
    }
    const changed = await refreshDeclaration(client, record.id, position)
    // It may have been about another record, too.
    void client.invalidateQueries({ queryKey: ['declaration'], predicate: ({ queryKey }) => queryKey[1] !== record.id, refetchType: 'none' })
    const name = nameText({ name: facts.name, tradeName: facts.tradeName?.typed })
    const text = changed ? t(`records.done.${command}`, { name }) : t('records.done.slow')
    // The last event may be in another record: here the newest entry tells of it.
    const isHere = changed?.history.some((masked) => masked.position === position) ?? true
    const own = isHere ? position : (changed?.history.at(-1)?.position ?? position)
    toast(text, changed && canBeUndone(changed, own) ? { word: t('command.name.undo'), run: () => undo(record.id, own) } : undefined)
    onRecorded(own)
    steps.done()
  }
  return (
    <CaseForm<string, ConflictInfo>
      fields={fields}
      word={word}
      lead={
        <>
          <GroundMoved since={record.version} now={now} />
          <AskedBy registeredOnly={command === 'lookUp'} />
          {command === 'undo' || command === 'undoMerge' ? <UndoTarget record={record} position={entry} lead={command === 'undoMerge' ? t('records.leadOf.undoMerge') : t('records.undo.lead')} /> : <p className="text-sm text-muted">{t(`records.leadOf.${command}`)}</p>}
        </>
      }
      send={(commandId, values, over) => {
        const target = { commandId, declarationId: record.id, expectedVersion: over?.version ?? record.version }
        return values['sentTo'] === 'elsewhere' ? requestNumber(target, values) : sendCommand(command, target, values, { ...begun, inquiry, evidence: evidence.sent() })
      }}
      beside={command === 'handOver' ? beside : undefined}
      renderConflict={(again) => <CommandConflict again={again} word={word} before={command === 'contact' ? before : undefined} />}
      onDone={saved}
    />
  )
}
