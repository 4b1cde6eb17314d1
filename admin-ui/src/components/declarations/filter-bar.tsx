// The conditions of the list: one button each that opens the choices with counts, and shows what is chosen.
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { prefecturesQuery } from '../../graphql/declarations'
import type { DeclarationListQuery } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { type DeclarationListSearch, FLAGS, STARS, STATES } from '../../lib/search-params'
import { Button, IconButton } from '../../ui/button'
import { Icon } from '../../ui/icons'

type Facets = NonNullable<Extract<DeclarationListQuery['declarations'], { __typename: 'DeclarationConnection' }>['facets']>
type Name = 'state' | 'star' | 'pref' | 'flag'

interface Option {
  value: string
  word: string
  count?: number
}

function useOptions(facets: Facets | undefined): Record<Name, Option[]> {
  const { t } = useTranslation()
  const prefectures = useQuery(prefecturesQuery).data ?? []
  const counted = facets && facets.states.length > 0
  const countOf = (found: { count: number } | undefined) => (counted ? (found?.count ?? 0) : undefined)
  return {
    state: STATES.map((value) => ({ value, word: t(`state.${value}`), count: countOf(facets?.states.find((item) => item.state === value)) })),
    star: STARS.map((value) => ({ value, word: t(`star.${value}`), count: countOf(facets?.stars.find((item) => item.star === value)) })),
    pref: prefectures.map((item) => ({
      value: item.code,
      word: item.name,
      count: countOf(facets?.prefectures.find((found) => found.prefecture.code === item.code)),
    })),
    flag: FLAGS.map((value) => ({ value, word: t(`flag.${value}`), count: countOf(facets?.flags.find((item) => item.flag === value)) })),
  }
}

function Filter({ name, options, chosen, onChange }: { name: Name; options: Option[]; chosen: string[]; onChange: (chosen: string[]) => void }) {
  const { t } = useTranslation()
  const label = t(`filter.${name}`)
  const words = options.filter((option) => chosen.includes(option.value)).map((option) => option.word)
  const active = words.length > 0
  return (
    <div className={`flex min-w-0 items-center rounded-md border ${active ? 'border-accent bg-selected' : 'border-control'}`}>
      <DialogTrigger>
        <AriaButton className="flex min-h-8 min-w-0 items-center gap-1 rounded-md px-2.5 text-sm data-hovered:bg-hover touch:min-h-11">
          <span className="min-w-0 truncate">
            {label}
            {active && `: ${words.length > 2 ? `${words.slice(0, 2).join(t('app.separator'))} +${words.length - 2}` : words.join(t('app.separator'))}`}
          </span>
          <Icon name="down" className="size-3.5" />
        </AriaButton>
        <Popover className={`max-h-[70dvh] ${options.length > 20 ? 'w-md' : 'w-72'} max-w-[calc(100vw-1rem)] overflow-auto rounded-lg border border-line bg-raised text-text shadow-lift`} placement="bottom start">
          <Dialog aria-label={t('list.options', { name: label })} className="p-2 outline-none">
            {options[0]?.count === undefined && <p className="px-2 pb-1 text-xs text-muted">{t('list.facetsOff')}</p>}
            <ul className={options.length > 20 ? 'sm:columns-2' : ''}>
              {options.map((option) => (
                <li key={option.value} className="break-inside-avoid">
                  <label className="flex min-h-8 items-center gap-2 rounded-sm px-2 text-sm hover:bg-hover touch:min-h-11">
                    <input
                      type="checkbox"
                      className="size-4.5 accent-accent"
                      checked={chosen.includes(option.value)}
                      onChange={(event) => onChange(event.target.checked ? [...chosen, option.value] : chosen.filter((value) => value !== option.value))}
                    />
                    <span className="flex-1">{option.word}</span>
                    {option.count !== undefined && <span className="num text-muted">{formatCount(option.count, currentLanguage())}</span>}
                  </label>
                </li>
              ))}
            </ul>
          </Dialog>
        </Popover>
      </DialogTrigger>
      {active && <IconButton icon="close" label={t('list.removeFilter', { name: label })} className="size-7" onClick={() => onChange([])} />}
    </div>
  )
}

const NAMES: readonly Name[] = ['state', 'star', 'pref', 'flag']

export function FilterBar({ search, facets }: { search: DeclarationListSearch; facets: Facets | undefined }) {
  const { t } = useTranslation()
  const navigate = useNavigate({ from: '/declarations' })
  const options = useOptions(facets)
  const change = (part: Partial<DeclarationListSearch>) => void navigate({ search: (old) => ({ ...old, ...part, peek: undefined, shown: undefined }), replace: true })
  const conditions = NAMES.filter((name) => search[name]).length + (search.q ? 1 : 0)
  return (
    <div role="group" aria-label={t('list.filters')} className="flex min-w-0 flex-wrap items-center gap-2" data-print="hide">
      {search.q && (
        <span className="flex min-w-0 items-center rounded-md border border-accent bg-selected pl-2.5 text-sm">
          <span className="max-w-60 truncate">{t('list.searchChip', { text: search.q })}</span>
          <IconButton icon="close" label={t('list.removeSearch')} className="size-7" onClick={() => change({ q: undefined })} />
        </span>
      )}
      {NAMES.map((name) => (
        <Filter
          key={name}
          name={name}
          options={options[name]}
          chosen={search[name] ?? []}
          onChange={(chosen) => change({ [name]: chosen.length > 0 ? chosen : undefined })}
        />
      ))}
      {/* One condition has a button of its own; without this one a search does not move the table down at 1280 px. */}
      {conditions > 1 && (
        <Button look="plain" size="sm" onClick={() => change({ q: undefined, state: undefined, star: undefined, pref: undefined, flag: undefined })}>
          {t('action.clear')}
        </Button>
      )}
    </div>
  )
}
