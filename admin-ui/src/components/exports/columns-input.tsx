// Which columns a file has: those that the list shows, all, or chosen ones; and what follows from them.
import { useTranslation } from 'react-i18next'
import type { Bound } from '../../forms/case-form'
import type { ExportColumn } from '../../graphql/gql/graphql'
import { columnsText, isPersonal, PERSON_COLUMNS, readColumns, REGISTER_COLUMNS } from '../../lib/export-columns'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { FieldError, RequiredMark } from '../../ui/field'

interface Props {
  bound: Bound
  error: string | undefined
  /** Those that show what the list shows. */
  shown: readonly ExportColumn[]
  /** Whether columns about persons are offered. */
  mayPersons: boolean
  /** Why a second person has to agree, with these columns; undefined when nobody has. */
  approval: (personal: boolean) => string | undefined
}

export function ColumnsInput({ bound, error, shown, mayPersons, approval }: Props) {
  const { t } = useTranslation()
  const chosen = readColumns(bound.value ?? '')
  const put = (columns: readonly ExportColumn[]) => bound.onChange(columnsText(columns))
  const toggle = (column: ExportColumn, on: boolean) => put(on ? [...chosen, column] : chosen.filter((other) => other !== column))
  const personal = chosen.some(isPersonal)
  const why = approval(personal)
  const group = (columns: readonly ExportColumn[], first: boolean) => (
    <ul className="grid grid-cols-1 gap-x-4 sm:grid-cols-2">
      {columns.map((column, index) => (
        <li key={column}>
          <label className="flex min-h-8 items-center gap-2 text-sm touch:min-h-11">
            <input id={first && index === 0 ? bound.name : undefined} type="checkbox" className="size-5 shrink-0" checked={chosen.includes(column)} onChange={(event) => toggle(column, event.target.checked)} />
            {t(`exports.column.${column}`)}
          </label>
        </li>
      ))}
    </ul>
  )
  return (
    <div className="flex flex-col gap-2">
      <fieldset className="flex flex-col gap-2" aria-describedby={[error && `${bound.name}-error`, `${bound.name}-help`].filter(Boolean).join(' ')}>
        <legend className="flex items-center gap-2 font-bold">
          {t('exports.columns')}
          <RequiredMark required />
        </legend>
        <p id={`${bound.name}-help`} className="text-sm text-muted">
          {t('exports.columnsHelp', { chosen: chosen.length })}
        </p>
        <div className="flex flex-wrap gap-2">
          <Button size="sm" onClick={() => put(shown)}>
            {t('exports.columnsShown')}
          </Button>
          <Button size="sm" onClick={() => put(REGISTER_COLUMNS)}>
            {t('exports.columnsAll')}
          </Button>
        </div>
        {group(REGISTER_COLUMNS, true)}
        {mayPersons && (
          <fieldset className="flex flex-col gap-1 rounded-md border border-line p-3">
            <legend className="px-1 text-sm font-bold">{t('exports.persons')}</legend>
            <p className="text-sm text-muted">{t('exports.personsHelp')}</p>
            {group(PERSON_COLUMNS, false)}
          </fieldset>
        )}
        <FieldError id={`${bound.name}-error`} error={error} />
      </fieldset>
      <div role="status" className="flex flex-col gap-2 empty:hidden">
        {personal && (
          <Band tone="warn" role="note">
            {t('exports.isPersonal')}
          </Band>
        )}
        {why !== undefined && (
          <Band tone="info" role="note">
            {why}
          </Band>
        )}
      </div>
    </div>
  )
}
