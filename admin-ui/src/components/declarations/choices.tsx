// The choices of one condition, each with how many records it would leave.
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '../../i18n'
import { formatCount, formatEstimate } from '../../lib/format'
import type { Option } from './filter-words'

interface Props {
  options: Option[]
  estimated: boolean
  chosen: string[]
  onChange: (chosen: string[]) => void
  columns?: boolean
}

export function Choices({ options, estimated, chosen, onChange, columns = false }: Props) {
  const { t } = useTranslation()
  return (
    <>
      {estimated && <p className="px-2 pb-1 text-xs text-muted">{t('list.facetsEstimated')}</p>}
      <ul className={columns ? 'sm:columns-2' : ''}>
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
              {option.count !== undefined && (
                <span className="num text-muted">
                  {estimated && option.count > 0 ? t('list.about', { total: formatEstimate(option.count, currentLanguage()) }) : formatCount(option.count, currentLanguage())}
                </span>
              )}
            </label>
          </li>
        ))}
      </ul>
    </>
  )
}
