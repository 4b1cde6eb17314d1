// The conditions of the list: a button each for those that are asked most, one for all others, and what is chosen of those.
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { facetsQuery, type ListQuestion } from '../../graphql/declarations'
import { type ChoiceName, chosenOf, chosenPart, FIRST, MORE, NO_CONDITIONS, SPAN_KEYS, SPANS } from '../../lib/list-filters'
import type { DeclarationListSearch } from '../../lib/search-params'
import { Button, IconButton } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { Choices } from './choices'
import { type Option, spanWords, useOptions } from './filter-words'
import { MoreFilters } from './more-filters'

export type Change = (part: Partial<DeclarationListSearch>) => void

interface FilterProps {
  name: ChoiceName
  options: Option[]
  estimated: boolean
  chosen: string[]
  onChange: (chosen: string[]) => void
}

function Filter({ name, options, estimated, chosen, onChange }: FilterProps) {
  const { t } = useTranslation()
  const label = t(`filter.${name}`)
  const words = options.filter((option) => chosen.includes(option.value)).map((option) => option.word)
  const active = words.length > 0
  const many = options.length > 15
  return (
    <div className={`flex min-w-0 items-center rounded-md border ${active ? 'border-accent bg-selected' : 'border-control'}`}>
      <DialogTrigger>
        <AriaButton className="flex min-h-8 min-w-0 items-center gap-1 rounded-md px-2.5 text-sm data-hovered:bg-hover touch:min-h-11">
          <span className="min-w-0 max-w-72 truncate">
            {label}
            {active && `: ${words.length > 2 ? `${words.slice(0, 2).join(t('app.separator'))} +${words.length - 2}` : words.join(t('app.separator'))}`}
          </span>
          <Icon name="down" className="size-3.5" />
        </AriaButton>
        <Popover className={`max-h-[70dvh] ${many ? 'w-md' : 'w-72'} max-w-[calc(100vw-1rem)] overflow-auto rounded-lg border border-line bg-raised text-text shadow-lift`} placement="bottom start">
          <Dialog aria-label={t('list.options', { name: label })} className="p-2 outline-none">
            <Choices {...{ options, estimated, chosen, onChange }} columns={many} />
          </Dialog>
        </Popover>
      </DialogTrigger>
      {active && <IconButton icon="close" label={t('list.removeFilter', { name: label })} className="size-7" onClick={() => onChange([])} />}
    </div>
  )
}

/** A condition that was typed. */
function Typed({ label, words, onRemove }: { label: string; words: string; onRemove: () => void }) {
  const { t } = useTranslation()
  return (
    <span className="flex min-h-8 min-w-0 items-center rounded-md border border-accent bg-selected pl-2.5 text-sm">
      <span className="max-w-72 truncate">{t('list.printCondition', { name: label, words })}</span>
      <IconButton icon="close" label={t('list.removeFilter', { name: label })} className="size-7" onClick={onRemove} />
    </span>
  )
}

function TypedFilters({ search, change }: { search: ListQuestion; change: Change }) {
  const { t } = useTranslation()
  return (
    <>
      {search.city && <Typed label={t('filter.city')} words={search.city} onRemove={() => change({ city: undefined })} />}
      {SPANS.map((span) => {
        const [from, to] = SPAN_KEYS[span]
        const words = spanWords(search[from], search[to], t('list.spanJoint'))
        return words && <Typed key={span} label={t(`filter.${span}`)} words={words} onRemove={() => change({ [from]: undefined, [to]: undefined })} />
      })}
    </>
  )
}

export function FilterBar({ search }: { search: ListQuestion }) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/declarations' })
  const facets = useQuery(facetsQuery(search)).data
  const optionsOf = useOptions(facets)
  const change: Change = (part) => void navigate({ search: (old) => ({ ...old, ...part, peek: undefined, shown: undefined }), replace: true })
  const names = [...FIRST, ...MORE.filter((name) => chosenOf(search, name).length > 0)]
  const conditions = Object.keys(NO_CONDITIONS).filter((key) => search[key as keyof ListQuestion] !== undefined).length
  return (
    <div role="group" aria-label={t('list.filters')} className="flex min-w-0 flex-wrap items-center gap-2" data-print="hide">
      {search.q && (
        <span className="flex min-w-0 items-center rounded-md border border-accent bg-selected pl-2.5 text-sm">
          <span className="max-w-60 truncate">{t('list.searchChip', { text: search.q })}</span>
          <IconButton icon="close" label={t('list.removeSearch')} className="size-7" onClick={() => change({ q: undefined })} />
        </span>
      )}
      {names.map((name) => (
        <Filter key={name} name={name} {...optionsOf(name)} chosen={chosenOf(search, name)} onChange={(chosen) => change(chosenPart(name, chosen))} />
      ))}
      <TypedFilters search={search} change={change} />
      <MoreFilters search={search} optionsOf={optionsOf} facets={facets} change={change} />
      {/* One condition has a button of its own; without this one a search does not move the table down at 1280 px. */}
      {conditions > 1 && (
        <Button look="plain" size="sm" onClick={() => change(NO_CONDITIONS)}>
          {t('action.clear')}
        </Button>
      )}
    </div>
  )
}
