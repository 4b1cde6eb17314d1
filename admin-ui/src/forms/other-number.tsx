// The number of another declaration, with whose it is while it is typed, and a warning when that is somebody of another name.
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { StarMark, StateChip } from '../components/chips'
import { useNameText } from '../components/name'
import { quickFindQuery } from '../graphql/declarations'
import { readFragment } from '../graphql/gql/fragment-masking'
import { type FactPartsFragment, RowPartsFragmentDoc } from '../graphql/gql/graphql'
import { isDeclarationNumber, plainNumber } from '../lib/declaration-number'
import { formatDeclarationNumber } from '../lib/format'
import { Band } from '../ui/band'
import { TextInput } from '../ui/field'
import { TypedText } from '../ui/typed-text'
import type { Bound } from './case-form'

/** The declaration with that number; undefined while it is typed or looked for, null when there is none. */
export function useOtherRecord(typed: string) {
  const number = plainNumber(typed)
  const isWhole = isDeclarationNumber(number)
  const { data, isPlaceholderData } = useQuery(quickFindQuery(isWhole ? number : ''))
  if (!isWhole || !data || isPlaceholderData) return undefined
  const rows = data.nodes.map((node) => readFragment(RowPartsFragmentDoc, node))
  return rows.find((row) => row.number === number) ?? null
}

interface Props {
  bound: Bound
  error: string | undefined
  label: string
  help?: string
  /** The declaration that the other one is compared with. */
  of: FactPartsFragment
}

export function OtherNumber({ bound, error, label, help, of }: Props) {
  const { t } = useTranslation()
  const found = useOtherRecord(bound.value ?? '')
  return (
    <div className="flex flex-col gap-2">
      <TextInput id={bound.name} name={bound.name} label={label} help={help ?? t('records.help.otherNumber')} error={error} required value={bound.value ?? ''} inputMode="numeric" autoComplete="off" className="num max-w-52" onBlur={bound.onBlur} onChange={(event) => bound.onChange(event.target.value)} />
      <div role="status" className="flex flex-col gap-2 empty:hidden">
        {found === null && <p className="text-sm text-muted">{t('records.other.none')}</p>}
        {found && <Found row={found} of={of} />}
      </div>
    </div>
  )
}

function Found({ row, of }: { row: NonNullable<ReturnType<typeof useOtherRecord>>; of: FactPartsFragment }) {
  const { t } = useTranslation()
  const nameText = useNameText()
  const theirs = nameText(row)
  const ours = nameText({ name: of.name, tradeName: of.tradeName?.typed })
  return (
    <>
      <p className="flex flex-wrap items-center gap-x-4 gap-y-1 rounded-md border border-line bg-surface px-4 py-2 text-sm">
        <span className="num">{formatDeclarationNumber(row.number)}</span>
        <span className="font-bold">
          <TypedText text={theirs} />
        </span>
        <StarMark star={row.star} />
        <StateChip state={row.state} />
      </p>
      {row.number !== of.number && theirs !== ours && (
        <Band tone="warn" role="note">
          <TypedText text={t('records.other.otherName', { ours, theirs })} />
        </Band>
      )}
    </>
  )
}
