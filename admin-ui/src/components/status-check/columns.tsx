// Which column holds what, as it was guessed, with the first rows under it; a person corrects the guess and asks again.
import { useTranslation } from 'react-i18next'
import { type Column, COLUMNS, type Mapping, type Sheet } from '../../graphql/status-check'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { canBeAsked, columnLetter, dataRows, headingsOf } from '../../lib/status-sheet'
import { Button } from '../../ui/button'
import { SelectInput } from '../../ui/field'
import { TypedText } from '../../ui/typed-text'

/** Rows that are shown of it. */
const SHOWN = 3
const CELL = 'max-w-60 truncate border-b border-line px-2 py-1 text-left align-top'

export interface Reading {
  sheet: Sheet
  mapping: Mapping
  hasHeadings: boolean
  /** The name of the file; none of what was pasted. */
  file: string | undefined
}

interface Props {
  reading: Reading
  busy: string | undefined
  onMap: (column: Column, place: number | undefined) => void
  onHeadings: (hasHeadings: boolean) => void
  onAsk: () => void
}

export function Columns({ reading: { sheet, mapping, hasHeadings, file }, busy, onMap, onHeadings, onAsk }: Props) {
  const { t } = useTranslation()
  const headings = headingsOf(sheet, hasHeadings)
  const rows = dataRows(sheet, hasHeadings)
  const places = Array.from({ length: sheet.width }, (_, place) => place)
  const word = (place: number) => {
    const heading = headings?.[place]?.trim()
    const letter = t('statusCheck.column', { letter: columnLetter(place) })
    return heading ? `${letter} ${heading.slice(0, 40)}` : letter
  }
  return (
    <section aria-labelledby="columns" className="flex flex-col gap-3 rounded-md border border-line p-4" data-print="hide">
      <div className="flex flex-wrap items-baseline gap-x-4">
        <h2 id="columns" className="text-base">
          {t('statusCheck.columns')}
        </h2>
        <p className="num text-sm whitespace-normal text-muted">
          <TypedText text={[file, t('statusCheck.rows', { count: rows.length, shown: formatCount(rows.length, currentLanguage()) })].filter(Boolean).join(t('app.joint'))} />
        </p>
      </div>
      <div className="grid grid-cols-1 gap-x-4 gap-y-3 *:min-w-0 sm:grid-cols-2 xl:grid-cols-4">
        {COLUMNS.map((column) => (
          <SelectInput
            key={column}
            id={`column-${column}`}
            label={t(`statusCheck.what.${column}`)}
            value={mapping[column] ?? ''}
            onChange={(event) => onMap(column, event.target.value === '' ? undefined : Number(event.target.value))}
          >
            <option value="">{t('statusCheck.noColumn')}</option>
            {places.map((place) => (
              <option key={place} value={place}>
                {word(place)}
              </option>
            ))}
          </SelectInput>
        ))}
      </div>
      <label className="flex min-h-8 items-center gap-2 text-sm touch:min-h-11">
        <input type="checkbox" checked={hasHeadings} onChange={(event) => onHeadings(event.target.checked)} className="size-4" />
        {t('statusCheck.hasHeadings')}
      </label>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <div role="region" aria-label={t('statusCheck.preview')} tabIndex={0} className="overflow-x-auto outline-offset-[-2px]">
        <table aria-label={t('statusCheck.preview')} className="text-sm">
          <thead>
            <tr>
              {places.map((place) => (
                <th key={place} scope="col" className={`${CELL} bg-surface font-bold whitespace-nowrap`}>
                  <TypedText text={word(place)} />
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, SHOWN).map((row) => (
              <tr key={row.line}>
                {places.map((place) => (
                  <td key={place} className={CELL}>
                    <TypedText text={(row.cells[place] ?? '').slice(0, 100)} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div>
        <Button icon="search" reason={busy ?? (canBeAsked(mapping) ? undefined : t('statusCheck.noKey'))} onClick={onAsk}>
          {t('statusCheck.askAgain')}
        </Button>
        {!canBeAsked(mapping) && <p className="mt-1 text-sm font-bold text-bad">{t('statusCheck.noKey')}</p>}
      </div>
    </section>
  )
}
