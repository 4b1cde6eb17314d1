// One's own passkeys: seeing, adding, renaming and removing them.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { OWN_PASSKEYS_KEY, type OwnPasskey, type PasskeyChange, addPasskey, ownPasskeysQuery, removePasskey, renamePasskey } from '../../graphql/passkeys'
import { hasPasskeys } from '../../graphql/session'
import { blockConversionEnter } from '../../lib/ime'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { Chip } from '../../ui/chip'
import { TextInput } from '../../ui/field'
import { LoadingBar, Skeleton } from '../../ui/loading'
import { Box } from '../../ui/modal'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { ProveFirst, useProof } from '../credentials/prove-again'
import { FaultBand } from '../fault'
import { DeedFault, DeedQuestion } from '../operations/deed'
import { whenWord } from '../operations/words'

/** What is to be done to one's passkeys. */
type Deed = { what: 'add'; name: string } | { what: 'rename'; one: OwnPasskey; name: string } | { what: 'remove'; one: OwnPasskey }

const NAME_MOST = 40
/** Why there is nothing to keep. */
const GIVEN_UP = { givenUp: 'passkeys.givenUp', elsewhere: 'signIn.passkeyElsewhere', known: 'passkeys.known' } as const

const carryOut = (deed: Deed): Promise<PasskeyChange> => {
  if (deed.what === 'add') return addPasskey(deed.name)
  return deed.what === 'rename' ? renamePasskey(deed.one.id, deed.name) : removePasskey(deed.one.id)
}

/** Carries something out, asks first who one is where that is needed, and says why it did not work. */
function useDeed(onDone: () => void) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const proof = useProof<Deed>()
  const [problem, setProblem] = useState<string>()
  const run = useMutation({
    mutationFn: carryOut,
    onMutate: () => setProblem(undefined),
    onSuccess: async (change, deed) => {
      if (change.kind === 'notFresh') return proof.wait(deed)
      if (change.kind === 'changed') {
        await client.invalidateQueries({ queryKey: OWN_PASSKEYS_KEY })
        toast(t(`passkeys.done.${deed.what}`, { name: deed.what === 'remove' ? deed.one.name : deed.name }))
        return onDone()
      }
      if (change.kind === 'problem') return setProblem(problemText(change))
      return setProblem(t(GIVEN_UP[change.kind]))
    },
  })
  const question = (
    <ProveFirst proof={proof} goOn={run.mutate} />
  )
  return { run, problem, question }
}

/** `onChanged`: one was added, renamed or removed. */
export function Passkeys({ onChanged }: { onChanged?: () => void }) {
  const { t } = useTranslation()
  const { data, error, isPending, refetch } = useQuery(ownPasskeysQuery)
  const heading = useRef<HTMLHeadingElement>(null)
  const [naming, setNaming] = useState<OwnPasskey | 'new'>()
  const [removing, setRemoving] = useState<OwnPasskey>()
  // The button that was pressed may be gone with its row, so the focus goes to where the row was.
  const { run, problem, question } = useDeed(() => (onChanged ? onChanged() : heading.current?.focus()))
  const missing = data && (data.here !== 'AVAILABLE' ? t(`passkeys.here.${data.here}`) : hasPasskeys() ? undefined : t('passkeys.noBrowser'))
  const busy = run.isPending ? t('passkeys.waiting') : undefined
  return (
    <section aria-labelledby="passkeys" className="flex flex-col gap-2">
      <LoadingBar busy={isPending} />
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id="passkeys" ref={heading} tabIndex={-1} className="w-fit text-base">
          {t('passkeys.title')}
        </h2>
        {data && !missing && (
          <Button size="sm" icon="plus" reason={busy} onClick={() => setNaming('new')}>
            {t('passkeys.add')}
          </Button>
        )}
      </div>
      <p className="text-sm text-muted">{t('passkeys.lead')}</p>
      {missing && (
        <Band tone="info" role="note">
          {missing}
        </Band>
      )}
      {error && <FaultBand error={error} onRetry={() => void refetch()} />}
      <DeedFault error={run.error} />
      {problem && (
        <Band tone="bad" role="alert">
          {problem}
        </Band>
      )}
      {isPending && (
        <div aria-busy="true">
          <Skeleton className="h-14 w-full" />
        </div>
      )}
      {data && data.passkeys.length > 0 && (
        <ul className="border-t border-line text-sm">
          {data.passkeys.map((one) => (
            <PasskeyItem key={one.id} one={one} busy={busy} onRename={() => setNaming(one)} onRemove={() => setRemoving(one)} />
          ))}
        </ul>
      )}
      {data && data.passkeys.length === 0 && <p className="text-sm text-muted">{t('passkeys.none')}</p>}
      <NameBox
        naming={naming}
        onClose={() => setNaming(undefined)}
        onNamed={(name) => {
          setNaming(undefined)
          if (naming) run.mutate(naming === 'new' ? { what: 'add', name } : { what: 'rename', one: naming, name })
        }}
      />
      <DeedQuestion
        danger
        title={t('passkeys.removeTitle')}
        text={t('passkeys.removeText', { name: removing?.name })}
        yes={t('passkeys.removeYes')}
        no={t('passkeys.removeNo')}
        open={removing !== undefined}
        onNo={() => setRemoving(undefined)}
        onYes={() => {
          setRemoving(undefined)
          if (removing) run.mutate({ what: 'remove', one: removing })
        }}
      />
      {question}
    </section>
  )
}

function PasskeyItem({ one, busy, onRename, onRemove }: { one: OwnPasskey; busy: string | undefined; onRename: () => void; onRemove: () => void }) {
  const { t } = useTranslation()
  const { name, createdAt, lastUsedAt, isSuspected } = one
  return (
    <li className="flex flex-wrap items-center gap-x-6 gap-y-1.5 border-b border-line px-2 py-2.5">
      <div className="flex min-w-0 flex-1 basis-56 flex-col items-start gap-0.5">
        <span className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-bold break-words">
            <TypedText text={name} />
          </span>
          {isSuspected && (
            <Chip tone="bad" icon="warning">
              {t('passkeys.suspected')}
            </Chip>
          )}
        </span>
        {isSuspected && <span className="text-muted">{t('passkeys.suspectedHelp')}</span>}
      </div>
      <div className="num min-w-0 flex-1 basis-64 text-muted">
        <p>
          <time dateTime={createdAt}>{t('passkeys.added', { when: whenWord(createdAt) })}</time>
        </p>
        <p>{lastUsedAt ? <time dateTime={lastUsedAt}>{t('passkeys.lastUsed', { when: whenWord(lastUsedAt) })}</time> : t('passkeys.neverUsed')}</p>
      </div>
      <div className="flex flex-wrap justify-end gap-2">
        <Button size="sm" icon="edit" aria-label={t('passkeys.renameFor', { name })} reason={busy} onClick={onRename}>
          {t('passkeys.rename')}
        </Button>
        <Button size="sm" look="danger" aria-label={t('passkeys.removeFor', { name })} reason={busy} onClick={onRemove}>
          {t('passkeys.remove')}
        </Button>
      </div>
    </li>
  )
}

interface NameProps {
  naming: OwnPasskey | 'new' | undefined
  onClose: () => void
  onNamed: (name: string) => void
}

function NameBox({ naming, onClose, onNamed }: NameProps) {
  const { t } = useTranslation()
  return (
    <Box title={t(naming === 'new' ? 'passkeys.addTitle' : 'passkeys.renameTitle')} open={naming !== undefined} onClose={onClose}>
      {naming && <NameForm naming={naming} onClose={onClose} onNamed={onNamed} />}
    </Box>
  )
}

function NameForm({ naming, onClose, onNamed }: NameProps & { naming: OwnPasskey | 'new' }) {
  const { t } = useTranslation()
  const [name, setName] = useState(naming === 'new' ? '' : naming.name)
  const [tried, setTried] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const error = name.trim() === '' ? t('passkeys.nameMissing') : [...name.trim()].length > NAME_MOST ? t('passkeys.nameLong') : undefined
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    setTried(true)
    if (error) input.current?.focus()
    else onNamed(name.trim())
  }
  return (
    <form noValidate className="flex flex-col gap-4 overflow-auto p-5" onKeyDown={blockConversionEnter} onSubmit={submit}>
      {naming === 'new' && <p>{t('passkeys.addText')}</p>}
      <TextInput
        ref={input}
        label={t('passkeys.name')}
        help={t('passkeys.nameHelp')}
        name="passkey-name"
        autoComplete="off"
        value={name}
        error={tried ? error : undefined}
        onChange={(event) => setName(event.target.value)}
      />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('action.cancel')}</Button>
        <Button type="submit" look="primary">
          {t(naming === 'new' ? 'passkeys.addYes' : 'passkeys.renameYes')}
        </Button>
      </div>
    </form>
  )
}
