// The palette: go to a declaration by its number or name, or do something that is otherwise behind a menu.
import { useQuery } from '@tanstack/react-query'
import { type LinkProps, useNavigate } from '@tanstack/react-router'
import { useDeferredValue, useEffect, useRef } from 'react'
import { Autocomplete, Dialog, Header, Input, Label, Menu, MenuItem, MenuSection, Modal, ModalOverlay, TextField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import { declarationQuery } from '../../graphql/declaration'
import { quickFindQuery } from '../../graphql/declarations'
import { listViewsQuery } from '../../graphql/list-views'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { FactPartsFragmentDoc, type RowPartsFragment, RowPartsFragmentDoc } from '../../graphql/gql/graphql'
import { may } from '../../graphql/session'
import { setLanguage } from '../../i18n'
import { formatDeclarationNumber } from '../../lib/format'
import { isConverting } from '../../lib/ime'
import { deskSearchOf, searchOf } from '../../lib/list-view'
import { LISTED, nameOf, RIGHTS, whyNot } from '../../lib/record-commands'
import { setTheme, THEMES } from '../../lib/theme'
import { useMeantText } from '../../ui/meant-text'
import { TypedText } from '../../ui/typed-text'
import { StateChip } from '../chips'
import { useNameText } from '../name'
import { REVIEW_KINDS, slugOf } from '../reviews/words'
import { useSession } from '../session'
import { useSignOut } from './top-bar'

interface Command {
  id: string
  word: string
  run: () => void
}

/** The pages of the console, for whoever may open them; in the order of the rail. */
function usePages(): Command[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const session = useSession()
  const reads = may(session, 'READ_DECLARATIONS')
  const atDesk = may(session, 'READ_INQUIRIES')
  const views = useQuery({ ...listViewsQuery('DECLARATIONS'), enabled: reads }).data ?? []
  const deskViews = useQuery({ ...listViewsQuery('INQUIRIES'), enabled: atDesk }).data ?? []
  const operates = may(session, 'READ_OPERATIONS')
  const audits = may(session, 'READ_AUDIT')
  const page = (id: string, word: string, link: LinkProps, mayOpen = true) => (mayOpen ? [{ id, word, run: () => void navigate(link) }] : [])
  return [
    ...page('home', t('palette.home'), { to: '/' }),
    ...page('list', t('palette.list'), { to: '/declarations' }),
    ...page('inquiries', t('palette.inquiries'), { to: '/inquiries', search: {} }, atDesk),
    ...page('articles', t('palette.articles'), { to: '/articles', search: {} }, atDesk),
    ...page('numbers', t('palette.numbers'), { to: '/inquiries/numbers', search: {} }, atDesk),
    ...page('declare', t('palette.declare'), { to: '/declarations/new', search: {} }, may(session, 'DECLARE')),
    ...page('look-up', t('palette.lookUp'), { to: '/declarations/look-up', search: {} }, may(session, 'LOOK_UP_NUMBER')),
    ...deskViews.flatMap((view) => page(`view-${view.id}`, t('palette.deskView', { name: view.name }), { to: '/inquiries', search: deskSearchOf(view.question) })),
    ...views.flatMap((view) => page(`view-${view.id}`, t('palette.view', { name: view.name }), { to: '/declarations', search: searchOf(view.question) })),
    ...REVIEW_KINDS.flatMap((kind) => page(`reviews-${kind}`, t('palette.reviews', { kind: t(`reviews.kind.${kind}`) }), { to: '/reviews/$kind', params: { kind: slugOf(kind) }, search: {} }, reads)),
    ...page('bulk', t('palette.bulk'), { to: '/bulk-changes' }, reads),
    ...page('imports', t('palette.imports'), { to: '/imports' }, reads),
    ...page('new-import', t('palette.newImport'), { to: '/imports/new' }, may(session, 'IMPORT_DECLARATIONS')),
    ...page('exports', t('palette.exports'), { to: '/exports', search: {} }, may(session, 'EXPORT_DECLARATIONS') || audits),
    ...page('requests', t('palette.requests'), { to: '/requests' }, may(session, 'READ_PRIVACY_REQUESTS')),
    ...page('incidents', t('palette.incidents'), { to: '/incidents' }, may(session, 'READ_INCIDENTS')),
    ...page('status-check', t('palette.statusCheck'), { to: '/status-check' }, may(session, 'CHECK_STATUS')),
    ...page('figures', t('palette.figures'), { to: '/figures' }, reads),
    ...page('approvals', t('palette.approvals'), { to: '/approvals' }, may(session, 'READ_APPROVALS')),
    ...page('audit', t('palette.audit'), { to: '/audit' }, audits),
    ...page('exposure', t('palette.exposure'), { to: '/audit/exposure' }, audits),
    ...page('security', t('palette.security'), { to: '/audit/security' }, audits),
    ...page('calendar', t('palette.calendar'), { to: '/settings/calendar' }),
    ...page('schedules', t('palette.schedules'), { to: '/settings/schedules' }, operates),
    ...page('jobs', t('palette.jobs'), { to: '/settings/jobs' }, operates),
    ...page('mail', t('palette.mail'), { to: '/settings/mail' }, operates),
    ...page('suppressions', t('palette.suppressions'), { to: '/settings/mail/suppressions' }, operates),
    ...page('templates', t('palette.templates'), { to: '/settings/templates', search: {} }, atDesk),
    ...page('staff', t('palette.staff'), { to: '/settings/staff' }, may(session, 'READ_STAFF')),
    ...page('tokens', t('palette.tokens'), { to: '/settings/tokens' }, may(session, 'MANAGE_API_TOKENS')),
    ...page('account', t('palette.account'), { to: '/account' }),
  ]
}

function useCommands(onKeys: () => void): Command[] {
  const { t, i18n } = useTranslation()
  const signOut = useSignOut()
  return [
    ...usePages(),
    // Written in the language that it leads to.
    { id: 'language', word: i18n.language === 'en' ? '日本語で表示する' : 'Show in English', run: () => void setLanguage(i18n.language === 'en' ? 'ja' : 'en') },
    ...THEMES.map((theme) => ({ id: theme, word: t('palette.setTheme', { theme: t(`theme.${theme}`) }), run: () => setTheme(theme) })),
    { id: 'keys', word: t('palette.keys'), run: onKeys },
    { id: 'sign-out', word: t('top.signOut'), run: () => void signOut() },
  ]
}

/** What can be done now with the record that is open. */
function useRecordCommands(): Command[] {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const session = useSession()
  // The palette opens over one page and closes before there is another.
  const [, id = ''] = /^\/declarations\/([^/]+)/.exec(window.location.pathname) ?? []
  const { data } = useQuery({ ...declarationQuery(id), enabled: id !== '' })
  if (id === '' || data?.__typename !== 'Declaration') return []
  const of = { facts: readFragment(FactPartsFragmentDoc, data), flags: data.flags }
  return LISTED.filter((command) => may(session, RIGHTS[command]) && whyNot(command, of) === undefined).map((command) => ({
    id: `record-${command}`,
    word: t(`command.name.${nameOf(command, of)}`),
    run: () => void navigate({ to: '/declarations/$id/do/$command', params: { id, command }, search: {}, resetScroll: false }),
  }))
}

/**
 * A number is typed and sent off faster than it is found: that Enter is for the answer, not for what the letters before had found.
 * Typing on takes it back.
 */
function useEarlyEnter(behind: boolean, take: () => void) {
  const sent = useRef(false)
  useEffect(() => {
    if (!sent.current || behind) return
    sent.current = false
    take()
  })
  return {
    enter: () => {
      if (behind) sent.current = true
      else take()
    },
    forget: () => {
      sent.current = false
    },
  }
}

const ITEM = 'flex min-h-10 cursor-pointer items-center gap-3 rounded-md px-3 py-1 outline-none data-focused:bg-selected'

function RecordItem({ row, onShow }: { row: RowPartsFragment; onShow: () => void }) {
  const name = useNameText()(row)
  return (
    <MenuItem id={row.id} textValue={name} className={ITEM} onAction={onShow}>
      <span className="num text-sm text-muted">{formatDeclarationNumber(row.number)}</span>
      <span className="min-w-0 flex-1 truncate">
        <TypedText text={name} />
      </span>
      <StateChip state={row.state} />
    </MenuItem>
  )
}

function Commands({ word, commands }: { word: string; commands: readonly Command[] }) {
  return (
    <MenuSection>
      <Header className="px-3 pt-1 text-xs text-muted">{word}</Header>
      {commands.map((command) => (
        <MenuItem key={command.id} id={command.id} textValue={command.word} className={ITEM} onAction={command.run}>
          {command.word}
        </MenuItem>
      ))}
    </MenuSection>
  )
}

export default function Palette({ onClose, onKeys }: { onClose: () => void; onKeys: () => void }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { meant, autocomplete, field, input } = useMeantText()
  const wanted = useDeferredValue(meant.trim())
  const found = useQuery(quickFindQuery(wanted))
  const records = wanted === '' ? [] : (found.data?.nodes ?? []).map((node) => readFragment(RowPartsFragmentDoc, node))
  const isMeant = ({ word }: Command) => word.toLowerCase().includes(meant.trim().toLowerCase())
  const ofRecord = useRecordCommands().filter(isMeant)
  const commands = useCommands(onKeys).filter(isMeant)
  const show = (id: string) => void navigate({ to: '/declarations/$id', params: { id } })

  const menu = useRef<HTMLDivElement>(null)
  const behind = meant.trim() !== wanted || found.isLoading || found.isPlaceholderData
  const early = useEarlyEnter(behind, () => {
    const [record, command] = [records[0], ofRecord[0] ?? commands[0]]
    if (record ?? command) onClose()
    if (record) show(record.id)
    else command?.run()
  })
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className="fixed inset-0 z-40 flex items-start justify-center bg-backdrop p-4 pt-[10vh]" data-print="hide">
      <Modal className="w-full max-w-2xl rounded-lg border border-line bg-bg text-text shadow-lift">
        <Dialog data-modal aria-label={t('palette.title')} className="flex max-h-[70dvh] flex-col outline-none">
          <Autocomplete
            {...autocomplete}
            onInputChange={(value) => {
              early.forget()
              autocomplete.onInputChange(value)
            }}
          >
            <TextField
              autoFocus
              className="flex flex-wrap items-center gap-x-3 border-b border-line p-3"
              {...field}
            >
              <Label className="text-sm font-bold">{t('palette.input')}</Label>
              <Input
                className="control min-w-0 flex-1 basis-60"
                onKeyDownCapture={(event) => {
                  if (event.key !== 'Enter' || isConverting(event) || (!behind && menu.current?.querySelector('[data-focused]'))) return
                  event.preventDefault()
                  event.stopPropagation()
                  early.enter()
                }}
                {...input}
              />
            </TextField>
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
            <div role="region" aria-label={t('palette.results')} tabIndex={0} className="min-h-40 overflow-auto outline-offset-[-2px]">
              <Menu
                ref={menu}
                aria-label={t('palette.results')}
                className="p-2 outline-none"
                onClose={onClose}
                renderEmptyState={() => <p className="p-3 text-muted">{t('palette.none')}</p>}
              >
                {records.length > 0 && (
                  <MenuSection>
                    <Header className="px-3 pt-1 text-xs text-muted">{t('palette.records')}</Header>
                    {records.map((row) => (
                      <RecordItem key={row.id} row={row} onShow={() => show(row.id)} />
                    ))}
                  </MenuSection>
                )}
                {ofRecord.length > 0 && <Commands word={t('palette.thisRecord')} commands={ofRecord} />}
                {commands.length > 0 && <Commands word={t('palette.commands')} commands={commands} />}
              </Menu>
            </div>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
