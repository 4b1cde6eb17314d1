// All conditions that have no button of their own, in a sheet: choices act at once, what is typed when it is sent off.
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Facets, ListQuestion } from '../../graphql/declarations'
import { readDay } from '../../lib/date-text'
import { blockConversionEnter } from '../../lib/ime'
import { type ChoiceName, chosenOf, chosenPart, MORE, SPAN_KEYS, SPANS, type SpanName } from '../../lib/list-filters'
import { Button } from '../../ui/button'
import { DayInput } from '../../ui/day-input'
import { TextInput } from '../../ui/field'
import { Icon } from '../../ui/icons'
import { Sheet } from '../../ui/modal'
import { Choices } from './choices'
import type { Change } from './filter-bar'
import type { useOptions } from './filter-words'

interface Props {
  search: ListQuestion
  optionsOf: ReturnType<typeof useOptions>
  facets: Facets | null | undefined
  change: Change
}

type Days = Record<SpanName, [string, string]>

const daysOf = (search: ListQuestion): Days => ({
  declared: [search.from ?? '', search.until ?? ''],
  changed: [search.cfrom ?? '', search.cto ?? ''],
})

/** Empty is no limit; `null`: what was typed is no day. */
const readOrNone = (text: string) => (text.trim() === '' ? undefined : (readDay(text) ?? null))

/** City and days: sent off together, so that no half-typed day is asked for. */
function TypedForm({ search, change }: Pick<Props, 'search' | 'change'>) {
  const { t } = useTranslation()
  const [city, setCity] = useState(search.city ?? '')
  const [days, setDays] = useState(() => daysOf(search))
  const [tried, setTried] = useState(false)
  const problemOf = (span: SpanName, place: 0 | 1) => {
    const [from, to] = days[span].map(readOrNone)
    if ([from, to][place] === null) return t('day.unreadable')
    return place === 1 && from && to && to < from ? t('list.spanReversed') : undefined
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (SPANS.some((span) => problemOf(span, 0) ?? problemOf(span, 1))) return
    const read = (span: SpanName, place: 0 | 1) => readOrNone(days[span][place]) ?? undefined
    change({
      city: city.trim() === '' ? undefined : city.trim(),
      from: read('declared', 0),
      until: read('declared', 1),
      cfrom: read('changed', 0),
      cto: read('changed', 1),
    })
  }
  const setDay = (span: SpanName, place: 0 | 1, text: string) =>
    setDays((old) => ({ ...old, [span]: old[span].map((day, at) => (at === place ? text : day)) as [string, string] }))
  return (
    <form noValidate onSubmit={submit} onKeyDown={blockConversionEnter} className="flex flex-col gap-4 border-b border-line pb-5">
      <TextInput label={t('filter.city')} help={t('list.cityHelp')} value={city} maxLength={40} autoComplete="off" onChange={(event) => setCity(event.target.value)} />
      {SPANS.map((span) => (
        <fieldset key={span} className="flex flex-wrap gap-x-6 gap-y-3">
          <legend className="mb-1 font-bold">{t(`filter.${span}`)}</legend>
          {([0, 1] as const).map((place) => (
            <DayInput
              key={place}
              id={`span-${SPAN_KEYS[span][place]}`}
              label={t(place === 0 ? 'list.spanFrom' : 'list.spanTo')}
              value={days[span][place]}
              onChange={(text) => setDay(span, place, text)}
              error={tried ? problemOf(span, place) : undefined}
            />
          ))}
        </fieldset>
      ))}
      <Button type="submit" className="self-start">
        {t('list.applyTyped')}
      </Button>
    </form>
  )
}

/** Where prefectures are chosen: their cities, of which one can be chosen instead of typing how it begins. */
function Cities({ search, facets, change }: Pick<Props, 'search' | 'facets' | 'change'>) {
  const { t } = useTranslation()
  if (!facets || facets.cities.length === 0) return null
  const chosen = search.city ? [search.city] : []
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-bold">{t('filter.city')}</legend>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <div role="region" aria-label={t('filter.city')} tabIndex={0} className="max-h-64 overflow-auto">
        <Choices
          options={facets.cities.map(({ city, count }) => ({ value: city, word: city, count }))}
          estimated={facets.estimated.includes('CITIES')}
          chosen={chosen}
          onChange={(cities) => change({ city: cities.at(-1) })}
          columns
        />
      </div>
    </fieldset>
  )
}

function ChoiceGroup({ name, search, optionsOf, change }: Omit<Props, 'facets'> & { name: ChoiceName }) {
  const { t } = useTranslation()
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-bold">{t(`filter.${name}`)}</legend>
      <Choices {...optionsOf(name)} chosen={chosenOf(search, name)} onChange={(chosen) => change(chosenPart(name, chosen))} columns={name === 'ind'} />
    </fieldset>
  )
}

export function MoreFilters(props: Props) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button size="sm" onClick={() => setOpen(true)} aria-haspopup="dialog">
        <Icon name="plus" className="size-3.5" />
        {t('list.moreFilters')}
      </Button>
      <Sheet title={t('list.moreFilters')} open={open} onClose={() => setOpen(false)}>
        {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
        <div role="region" aria-label={t('list.filters')} tabIndex={0} className="flex flex-1 flex-col gap-5 overflow-auto p-5 outline-offset-[-2px]">
          {/* A city that is chosen below stands in the input, too. */}
          <TypedForm key={props.search.city} search={props.search} change={props.change} />
          <Cities {...props} />
          {MORE.map((name) => (
            <ChoiceGroup key={name} name={name} search={props.search} optionsOf={props.optionsOf} change={props.change} />
          ))}
        </div>
        <footer className="flex justify-end gap-3 border-t border-line p-4">
          <Button look="primary" onClick={() => setOpen(false)}>
            {t('list.showRows')}
          </Button>
        </footer>
      </Sheet>
    </>
  )
}
