// Which column of a file is which column of a register: suggested by name or as it was chosen the last time, with the first rows below it.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IMPORT_KEY, type ImportRecord, mapImport, type Sheet } from '../../graphql/import'
import { useCommandId } from '../../lib/command-id'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { ErrorSummary } from '../../ui/error-summary'
import { FieldError, RequiredMark, SelectInput } from '../../ui/field'
import { TypedText } from '../../ui/typed-text'
import { DeedFault } from '../operations/deed'
import { rowsWord } from './words'

const NONE = ''

interface Props {
  record: ImportRecord
  sheets: readonly Sheet[]
  /** Why nothing can be chosen. */
  off: string | undefined
  onMapped: () => void
}

export function MappingForm({ record, sheets, off, onMapped }: Props) {
  const { t } = useTranslation()
  const first = sheets.find(({ place }) => place === record.reading?.sheet) ?? sheets[0]
  const [place, setPlace] = useState(first?.place ?? 0)
  const sheet = sheets.find((item) => item.place === place) ?? first
  if (!sheet) return null
  return (
    <section aria-labelledby="mapping" className="flex min-w-0 flex-col gap-3">
      <h2 id="mapping" className="border-b border-line pb-1 text-base">
        {t('imports.mapping')}
      </h2>
      <p className="text-sm text-muted">{t('imports.mappingLead')}</p>
      {sheets.length > 1 && (
        <div className="max-w-80">
          <SelectInput id="sheet" label={t('imports.sheet')} value={place} onChange={(event) => setPlace(Number(event.target.value))}>
            {sheets.map((item) => (
              <option key={item.place} value={item.place}>
                {t('imports.sheetOption', { name: item.name, rows: rowsWord(item.rows, t) })}
              </option>
            ))}
          </SelectInput>
        </div>
      )}
      <Columns key={sheet.place} {...{ record, sheet, off, onMapped }} />
    </section>
  )
}

function Columns({ record, sheet, off, onMapped }: Omit<Props, 'sheets'> & { sheet: Sheet }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const before = record.reading?.sheet === sheet.place ? record.reading.places : sheet.suggested
  const [places, setPlaces] = useState<readonly (number | null)[]>(before.map((it) => it ?? null))
  const [attempt, setAttempt] = useState(0)
  const map = useMutation({
    // A trial that failed is begun anew by the same choice.
    mutationFn: () => mapImport(commandId({ places, sheet: sheet.place, trial: record.trial?.id }), record.id, sheet.place, [...places]),
    onSuccess: async (result) => {
      setAttempt((count) => count + 1)
      await client.invalidateQueries({ queryKey: IMPORT_KEY })
      if (result.__typename === 'ImportTouched') onMapped()
    },
  })
  const result = map.data
  const problems = result?.__typename === 'InvalidInput' ? result.problems : []
  const errorOf = (column: number) => problems.filter(({ field }) => field === `places.${column}`).map((it) => problemText(it))[0]
  const moved = result?.__typename === 'ImportOtherState' || result?.__typename === 'NotFound'
  const known = new Set(places)
  const unused = sheet.headings.filter((_, index) => !known.has(index))
  return (
    <form
      noValidate
      className="flex min-w-0 flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        if (off === undefined && !map.isPending) map.mutate()
      }}
    >
      <ErrorSummary attempt={attempt} problems={problems.map((problem) => ({ target: problem.field.replace('.', '-'), message: problemText(problem) }))} />
      <DeedFault error={map.error} />
      {moved && (
        <Band tone="warn" role="alert">
          {t('batch.otherState')}
        </Band>
      )}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <div role="region" aria-label={t('imports.mapping')} tabIndex={0} className="relative min-w-0 overflow-x-auto outline-offset-[-2px]">
        <table className="w-full border-separate border-spacing-0 text-sm leading-normal">
          <thead>
            <tr>
              {(['column', 'source', 'sample'] as const).map((name) => (
                <th key={name} scope="col" className="border-b border-control bg-surface px-2 py-1.5 text-left font-bold">
                  {t(`imports.map.${name}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {record.columns.map(({ heading, required }, column) => (
              <Column key={heading} {...{ heading, required, column, sheet }} chosen={places[column] ?? null} error={errorOf(column)} onChoose={(place) => setPlaces(places.map((it, index) => (index === column ? place : it)))} />
            ))}
          </tbody>
        </table>
      </div>
      {unused.length > 0 && <p className="text-sm text-muted">{t('imports.map.unused', { names: unused.slice(0, 10).join(t('app.separator')) })}</p>}
      <p>
        <Button type="submit" look="primary" icon="play" reason={off ?? (map.isPending ? t('imports.working') : undefined)}>
          {t('imports.try')}
        </Button>
      </p>
    </form>
  )
}

interface ColumnProps {
  heading: string
  required: boolean
  column: number
  sheet: Sheet
  /** Which column of the file; null: none. */
  chosen: number | null
  error: string | undefined
  onChoose: (place: number | null) => void
}

function Column({ heading, required, column, sheet, chosen, error, onChoose }: ColumnProps) {
  const { t } = useTranslation()
  const id = `places-${column}`
  return (
    <tr>
      <th scope="row" className="border-b border-line px-2 py-1.5 text-left align-top font-normal whitespace-nowrap">
        {heading} <RequiredMark required={required} />
      </th>
      <td className="w-[22rem] min-w-56 border-b border-line px-2 py-1.5 align-top">
        <select
          id={id}
          className="control w-full"
          aria-label={t('imports.map.of', { heading })}
          aria-required={required || undefined}
          aria-invalid={error === undefined ? undefined : true}
          aria-describedby={error === undefined ? undefined : `${id}-error`}
          value={chosen ?? NONE}
          onChange={(event) => onChoose(event.target.value === NONE ? null : Number(event.target.value))}
        >
          <option value={NONE}>{t('imports.map.none')}</option>
          {sheet.headings.map((name, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- columns of a file may have the same name
            <option key={index} value={index}>
              {t('imports.map.option', { place: index + 1, name })}
            </option>
          ))}
        </select>
        <FieldError id={`${id}-error`} error={error} />
      </td>
      <td className="border-b border-line px-2 py-1.5 align-top text-muted">{chosen === null ? '—' : <Sample sheet={sheet} place={chosen} />}</td>
    </tr>
  )
}

function Sample({ sheet, place }: { sheet: Sheet; place: number }) {
  const { t } = useTranslation()
  return (
    <ul className="flex flex-wrap gap-x-4">
      {sheet.sample.map((row, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- rows of a file have nothing else
        <li key={index} className="max-w-48 truncate">
          <TypedText text={row[place] || t('imports.map.empty')} />
        </li>
      ))}
    </ul>
  )
}
