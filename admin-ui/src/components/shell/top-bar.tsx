// The bar over every page: search, palette, keys, language, colours, the person.
import { useQueryClient } from '@tanstack/react-query'
import { Link, useRouter } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { execute } from '../../graphql/execute'
import { type SessionInfo } from '../../graphql/session'
import { SignOutDocument } from '../../graphql/gql/graphql'
import { LANGUAGES, type Language, setLanguage } from '../../i18n'
import { useMedia } from '../../lib/media'
import { setTheme, type Theme, THEMES, useTheme } from '../../lib/theme'
import { Button, buttonClass, IconButton } from '../../ui/button'
import { Icon } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { SearchBox } from './search-box'

/** Leaves nothing of the person behind, whether or not the server could be told. */
export function useSignOut() {
  const client = useQueryClient()
  const router = useRouter()
  return async () => {
    await execute(SignOutDocument, {}).catch(() => undefined)
    client.clear()
    router.history.push('/sign-in')
  }
}

function Choice<T extends string>(props: { label: string; value: T; values: readonly T[]; word: (value: T) => string; onChange: (value: T) => void; className: string }) {
  return (
    <label className={props.className}>
      <span className="max-lg:text-sm lg:sr-only">{props.label}</span>
      <select
        value={props.value}
        onChange={(event) => props.onChange(event.target.value as T)}
        className="min-h-8 rounded-md border border-transparent bg-transparent px-1 text-sm hover:border-control max-lg:w-full max-lg:border-control touch:min-h-11 [&>option]:bg-bg"
      >
        {props.values.map((value) => (
          <option key={value} value={value}>
            {props.word(value)}
          </option>
        ))}
      </select>
    </label>
  )
}

function Preferences({ className }: { className: string }) {
  const { t, i18n } = useTranslation()
  const theme = useTheme()
  return (
    <>
      <Choice<Language>
        label={t('top.language')}
        value={i18n.language === 'en' ? 'en' : 'ja'}
        values={LANGUAGES}
        word={(value) => t(`language.${value}`)}
        onChange={(language) => void setLanguage(language)}
        className={className}
      />
      <Choice<Theme> label={t('top.theme')} value={theme} values={THEMES} word={(value) => t(`theme.${value}`)} onChange={setTheme} className={className} />
    </>
  )
}

export function TopBar({ session, onPalette, onKeys }: { session: SessionInfo; onPalette: () => void; onKeys: () => void }) {
  const { t } = useTranslation()
  const signOut = useSignOut()
  // One place for each choice: in the bar where there is room, else in the person's menu.
  const wide = useMedia('(min-width: 64rem)')
  return (
    <header className="sticky top-0 z-30 flex min-h-14 flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-bg px-3 py-1.5 max-md:static" data-print="hide">
      <Link to="/declarations" className="flex min-h-8 w-21 items-center justify-center font-bold text-text no-underline max-md:w-auto" aria-label={t('app.product')}>
        Sengen
      </Link>
      <SearchBox />
      <div className="ml-auto flex items-center gap-0.5">
        <IconButton icon="command" label={t('top.palette')} title={`${t('top.palette')} (Ctrl+K)`} onClick={onPalette} />
        <IconButton icon="keyboard" label={t('top.help')} title={`${t('top.help')} (?)`} onClick={onKeys} />
        {wide && <Preferences className="" />}
        <button
          type="button"
          popoverTarget="me"
          className="flex min-h-8 items-center gap-1.5 rounded-md px-2 text-sm hover:bg-hover touch:min-h-11"
          aria-label={t('top.me', { name: session.staff.name })}
        >
          <Icon name="user" />
          <span className="max-w-40 truncate max-sm:hidden">
            <TypedText text={session.staff.name} />
          </span>
          <Icon name="down" className="size-3.5" />
        </button>
        <div
          id="me"
          popover="auto"
          role="group"
          aria-label={t('top.me', { name: session.staff.name })}
          className="fixed inset-auto top-13 right-3 m-0 w-64 max-w-[calc(100vw-1.5rem)] rounded-lg border border-line bg-raised p-4 text-text shadow-lift"
        >
          <p className="font-bold">
            <TypedText text={session.staff.name} />
          </p>
          <p className="text-sm break-all text-muted">{t('top.login', { login: session.staff.login })}</p>
          <p className="text-sm text-muted">{session.staff.roles.map((role) => t(`role.${role}`)).join(t('app.separator'))}</p>
          {!wide && (
            <div className="mt-3 flex flex-col gap-2">
              <Preferences className="flex flex-col" />
            </div>
          )}
          <Link to="/account" className={`${buttonClass()} mt-3 w-full`} onClick={() => document.getElementById('me')?.hidePopover()}>
            {t('top.account')}
          </Link>
          <Button className="mt-2 w-full" onClick={() => void signOut()}>
            {t('top.signOut')}
          </Button>
        </div>
      </div>
    </header>
  )
}
