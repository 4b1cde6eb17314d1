// What a token lets a program read, as boxes to tick, each with one sentence.
import { useTranslation } from 'react-i18next'
import type { ApiTokenScope } from '../../graphql/gql/graphql'
import { SCOPES } from '../../graphql/tokens'
import { FieldError, RequiredMark } from '../../ui/field'

interface Props {
  chosen: readonly ApiTokenScope[]
  onChange: (scopes: ApiTokenScope[]) => void
  error?: string
}

export function ScopeChoice({ chosen, onChange, error }: Props) {
  const { t } = useTranslation()
  return (
    <fieldset className="flex min-w-0 flex-col gap-2" aria-describedby={error && 'scopes-error'}>
      <legend className="font-bold">
        <span className="inline-flex items-center gap-2">
          {t('tokenIssue.scopes')}
          <RequiredMark required />
        </span>
      </legend>
      {SCOPES.map((scope) => (
        <label key={scope} className="flex cursor-pointer gap-3 rounded-md border border-control px-4 py-2.5 has-checked:border-accent has-checked:bg-selected">
          <input
            id={`scope-${scope}`}
            type="checkbox"
            checked={chosen.includes(scope)}
            aria-labelledby={`scope-${scope}-word`}
            aria-describedby={`scope-${scope}-help`}
            className="mt-1 size-5 shrink-0 accent-accent"
            onChange={(event) => onChange(SCOPES.filter((item) => (item === scope ? event.target.checked : chosen.includes(item))))}
          />
          <span className="min-w-0">
            <span id={`scope-${scope}-word`} className="block font-bold">
              {t(`tokens.scope.${scope}`)}
            </span>
            <span id={`scope-${scope}-help`} className="block text-sm text-muted">
              {t(`tokenIssue.what.${scope}`)}
            </span>
          </span>
        </label>
      ))}
      <FieldError id="scopes-error" error={error} />
    </fieldset>
  )
}
