// Saving what a list shows as a view, and keeping the views there are: renaming, beginning with one, deleting.
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execute } from '../graphql/execute'
import { MakeListViewDefaultDocument, type Permission, RemoveListViewDocument, SaveListViewDocument, type ViewedList } from '../graphql/gql/graphql'
import { type ListView, viewsKey } from '../graphql/list-views'
import { may } from '../graphql/session'
import { useCommandId } from '../lib/command-id'
import { blockConversionEnter } from '../lib/ime'
import { problemText } from '../lib/problem-text'
import { Button } from '../ui/button'
import { TextInput } from '../ui/field'
import { Sheet } from '../ui/modal'
import { toast } from '../ui/toast'
import { FaultBand } from './fault'
import { useSession } from './session'

/** What a list shows now. */
export interface Shown {
  list: ViewedList
  /** As it is saved. */
  question: string
  /** In words. */
  conditions: readonly string[]
  /** Whether something is searched for, which is not saved. */
  isSearched: boolean
}

interface Props {
  shown: Shown
  views: readonly ListView[]
  /** The view that the list shows now. */
  current: ListView | undefined
  onClose: () => void
}

/** Who keeps the shared ones. */
const SHARE: Record<ViewedList, Permission> = { DECLARATIONS: 'SHARE_VIEWS', INQUIRIES: 'MANAGE_INQUIRIES' }

/** What a form of a view sends: of a new one without an id. */
type Saving = { id?: string; revision?: number; name: string; isShared: boolean; question: string }

function useSave(list: ViewedList, onSaved: () => void) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const [problem, setProblem] = useState<string>()
  const save = useMutation({
    mutationFn: async (saving: Saving) => (await execute(SaveListViewDocument, { input: { commandId: commandId(saving), list, ...saving } })).saveListView,
    onMutate: () => setProblem(undefined),
    onSuccess: async (result, { name }) => {
      await client.invalidateQueries({ queryKey: viewsKey(list) })
      if (result.__typename === 'InvalidInput') return setProblem(result.problems.map(problemText).join(' '))
      if (result.__typename === 'NotFound') return setProblem(t('views.gone'))
      toast(t('views.saved', { name: name.trim() }))
      onSaved()
    },
  })
  return { save, problem }
}

function ShareChoice({ list, checked, onChange }: { list: ViewedList; checked: boolean; onChange: (checked: boolean) => void }) {
  const { t } = useTranslation()
  const allowed = may(useSession(), SHARE[list])
  return (
    <div>
      <label className="flex min-h-8 items-center gap-2">
        <input
          type="checkbox"
          className="size-5 accent-accent"
          checked={checked}
          aria-disabled={!allowed || undefined}
          aria-describedby="share-help"
          onChange={(event) => allowed && onChange(event.target.checked)}
        />
        {t('views.shared')}
      </label>
      <p id="share-help" className="text-sm text-muted">
        {t(allowed ? `views.sharedHelp.${list}` : `views.sharedNoRight.${list}`)}
      </p>
    </div>
  )
}

function NewView({ shown: { list, question, conditions, isSearched } }: Pick<Props, 'shown'>) {
  const { t } = useTranslation()
  const [name, setName] = useState('')
  const [isShared, setShared] = useState(false)
  const { save, problem } = useSave(list, () => setName(''))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!save.isPending) save.mutate({ name, isShared, question })
  }
  return (
    <form noValidate onSubmit={submit} onKeyDown={blockConversionEnter} className="flex flex-col gap-4 border-b border-line pb-5">
      <h3 className="text-base">{t('views.saveTitle')}</h3>
      <p className="text-sm">{t('list.printConditions', { conditions: conditions.length > 0 ? conditions.join(' / ') : t('list.printAll') })}</p>
      <p className="text-sm text-muted">{t(`views.kept.${list}`)}</p>
      {isSearched && <p className="text-sm text-muted">{t('views.notSearch')}</p>}
      {save.error && <FaultBand error={save.error} />}
      <TextInput label={t('views.name')} required value={name} maxLength={40} autoComplete="off" error={problem} onChange={(event) => setName(event.target.value)} />
      <ShareChoice list={list} checked={isShared} onChange={setShared} />
      <Button type="submit" look="primary" className="self-start" reason={save.isPending ? t('app.loading') : undefined}>
        {t('views.save')}
      </Button>
    </form>
  )
}

function Renaming({ list, view, onDone }: { list: ViewedList; view: ListView; onDone: () => void }) {
  const { t } = useTranslation()
  const [name, setName] = useState(view.name)
  const [isShared, setShared] = useState(view.isShared)
  const { save, problem } = useSave(list, onDone)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!save.isPending) save.mutate({ id: view.id, revision: view.revision, name, isShared, question: view.question })
  }
  return (
    <form noValidate onSubmit={submit} onKeyDown={blockConversionEnter} className="flex flex-col gap-3 py-2">
      {save.error && <FaultBand error={save.error} />}
      <TextInput autoFocus label={t('views.name')} required value={name} maxLength={40} autoComplete="off" error={problem} onChange={(event) => setName(event.target.value)} />
      <ShareChoice list={list} checked={isShared} onChange={setShared} />
      <div className="flex gap-2">
        <Button type="submit" look="primary" size="sm">
          {t('views.saveName')}
        </Button>
        <Button size="sm" onClick={onDone}>
          {t('action.cancel')}
        </Button>
      </div>
    </form>
  )
}

/** What else is done with a view: it is no fact of the register, so nothing is asked but before it is gone. */
function useDeeds(list: ViewedList) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const refresh = () => client.invalidateQueries({ queryKey: viewsKey(list) })
  const begin = useMutation({
    mutationFn: async (view: ListView) => (await execute(MakeListViewDefaultDocument, { id: view.isDefault ? null : view.id, list })).makeListViewDefault,
    onSuccess: refresh,
  })
  const remove = useMutation({
    mutationFn: async (view: ListView) => (await execute(RemoveListViewDocument, { id: view.id, list })).removeListView,
    onSuccess: async (_, { name }) => {
      await refresh()
      toast(t('views.removed', { name }))
    },
  })
  return { begin, remove, error: begin.error ?? remove.error }
}

function ViewItem({ view, shown: { list, question }, current, deeds }: { view: ListView; shown: Shown; current: boolean; deeds: ReturnType<typeof useDeeds> }) {
  const { t } = useTranslation()
  const [renaming, setRenaming] = useState(false)
  const [asking, setAsking] = useState(false)
  const { save, problem } = useSave(list, () => undefined)
  const reason = view.mayChange ? undefined : t(`views.noRight.${list}`)
  const named = { name: view.name }
  return (
    <li className="border-b border-line py-2">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="min-w-0 flex-1 font-medium">
          {view.name}
          <span className="ml-2 text-sm font-normal text-muted">
            {t(view.isShared ? 'views.isShared' : 'views.isOwn')}
            {view.isDefault && `${t('app.separator')}${t('views.isDefault')}`}
          </span>
        </span>
        <Button size="sm" onClick={() => deeds.begin.mutate(view)} aria-label={t(view.isDefault ? 'views.endDefaultOf' : 'views.makeDefaultOf', named)}>
          {t(view.isDefault ? 'views.endDefault' : 'views.makeDefault')}
        </Button>
        {!current && (
          <Button
            size="sm"
            reason={reason}
            aria-label={t('views.overwriteOf', named)}
            onClick={() => save.mutate({ id: view.id, revision: view.revision, name: view.name, isShared: view.isShared, question })}
          >
            {t('views.overwrite')}
          </Button>
        )}
        <Button size="sm" reason={reason} aria-label={t('views.renameOf', named)} onClick={() => setRenaming(true)}>
          {t('views.rename')}
        </Button>
        <Button size="sm" look="danger" reason={reason} aria-label={t('views.removeOf', named)} onClick={() => setAsking(true)}>
          {t('views.remove')}
        </Button>
      </div>
      {(problem ?? save.error) && <p role="alert" className="text-sm text-bad">{problem ?? t('views.notSaved')}</p>}
      {renaming && <Renaming list={list} view={view} onDone={() => setRenaming(false)} />}
      {asking && (
        <div role="group" aria-label={t('views.removeOf', named)} className="flex flex-wrap items-center gap-2 py-2 text-sm">
          <p className="min-w-0 flex-1">{t(view.isShared ? 'views.removeShared' : 'views.removeOwn', named)}</p>
          <Button autoFocus size="sm" onClick={() => setAsking(false)}>
            {t('views.keep')}
          </Button>
          <Button size="sm" look="danger" onClick={() => deeds.remove.mutate(view)}>
            {t('views.removeYes')}
          </Button>
        </div>
      )}
    </li>
  )
}

export function SavedViews({ shown, views, current, onClose }: Props) {
  const { t } = useTranslation()
  const deeds = useDeeds(shown.list)
  return (
    <Sheet title={t('views.title')} open onClose={onClose}>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
      <div role="region" aria-label={t('views.title')} tabIndex={0} className="flex flex-1 flex-col gap-5 overflow-auto p-5 outline-offset-[-2px]">
        <NewView shown={shown} />
        {deeds.error && <FaultBand error={deeds.error} />}
        <section>
          <h3 className="text-base">{t('views.known')}</h3>
          {views.length === 0 ? (
            <p className="text-sm text-muted">{t('views.none')}</p>
          ) : (
            <ul>
              {views.map((view) => (
                <ViewItem key={view.id} {...{ view, shown, deeds }} current={view.id === current?.id} />
              ))}
            </ul>
          )}
        </section>
      </div>
    </Sheet>
  )
}
