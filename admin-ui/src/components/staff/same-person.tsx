// Which other account is the same person's: neither agrees to what the other asks for.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type SubmitEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { execute } from '../../graphql/execute'
import { LinkPersonDocument } from '../../graphql/gql/graphql'
import { STAFF_KEY, type StaffRecord, staffAccountsQuery } from '../../graphql/staff'
import { useCommandId } from '../../lib/command-id'
import { problemText } from '../../lib/problem-text'
import { spelledOut } from '../../lib/typed-text'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { SelectInput } from '../../ui/field'
import { Box } from '../../ui/modal'
import { toast } from '../../ui/toast'
import { TypedText } from '../../ui/typed-text'
import { ProveFirst, useProof } from '../credentials/prove-again'
import { FaultBand } from '../fault'
import { DeedFault } from '../operations/deed'

export function SamePerson({ record, noRight }: { record: StaffRecord; noRight: string | undefined }) {
  const { t } = useTranslation()
  const { data, error, refetch } = useQuery(staffAccountsQuery)
  const [open, setOpen] = useState(false)
  const close = () => setOpen(false)
  const wordOf = (id: string) => {
    const other = data?.accounts.find((account) => account.id === id)
    return other ? t('samePerson.named', { name: other.name, login: other.login }) : t(data ? 'samePerson.unknown' : error ? 'samePerson.unnamed' : 'app.loading')
  }
  const words = record.samePerson.map(wordOf)
  return (
    <section aria-labelledby="same-person" className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <h2 id="same-person" className="w-fit text-base">
          {t('samePerson.title')}
        </h2>
        {noRight === undefined && (
          <Button size="sm" icon="edit" onClick={() => setOpen(true)}>
            {t('samePerson.change')}
          </Button>
        )}
      </div>
      {error && !data && <FaultBand error={error} lead={t('samePerson.noAccounts')} onRetry={() => void refetch()} />}
      {words.length === 0 && <p className="text-sm text-muted">{t('samePerson.none')}</p>}
      {words.map((word, index) => (
        <p key={record.samePerson[index]} className="text-sm break-all">
          <TypedText text={word} />
        </p>
      ))}
      <p className="text-sm text-muted">{t('samePerson.lead')}</p>
      <Box title={t('samePerson.changeTitle', { name: record.name })} open={open} onClose={close}>
        {open && <Choice record={record} onClose={close} onDone={close} />}
      </Box>
    </section>
  )
}

function Choice({ record, onClose, onDone }: { record: StaffRecord; onClose: () => void; onDone: () => void }) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const { data, error, refetch } = useQuery(staffAccountsQuery)
  const [chosen, setChosen] = useState(record.samePersonAs ?? '')
  const proof = useProof<void>()
  const [refused, setRefused] = useState<string>()
  const link = useMutation({
    mutationFn: async () => {
      const sameAs = chosen === '' ? null : chosen
      return (await execute(LinkPersonDocument, { commandId: commandId({ id: record.id, was: record.samePersonAs, sameAs }), staffId: record.id, sameAs })).linkPerson
    },
    onMutate: () => setRefused(undefined),
    onSuccess: async (result) => {
      if (result.__typename === 'FreshSignInNeeded') return proof.wait()
      if (result.__typename === 'InvalidInput') return setRefused(result.problems.map(problemText).join(' '))
      if (result.__typename === 'NotFound') return setRefused(t('staff.gone'))
      await client.invalidateQueries({ queryKey: STAFF_KEY })
      toast(t('samePerson.changed', { name: record.name }))
      onDone()
    },
  })
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (data && !link.isPending) link.mutate()
  }
  const others = data?.accounts.filter(({ id }) => id !== record.id) ?? []
  return (
    <>
      <form noValidate className="flex flex-col gap-4 overflow-auto p-5" onSubmit={submit}>
        <p>{t('samePerson.changeLead')}</p>
        <DeedFault error={link.error} />
        {error && !data && <FaultBand error={error} lead={t('samePerson.noAccounts')} onRetry={() => void refetch()} />}
        {refused && (
          <Band tone="bad" role="alert">
            {refused}
          </Band>
        )}
        <SelectInput id="same-person-as" label={t('samePerson.choose')} value={chosen} onChange={(event) => setChosen(event.target.value)}>
          <option value="">{t('samePerson.none')}</option>
          {chosen !== '' && !others.some(({ id }) => id === chosen) && <option value={chosen}>{t(data ? 'samePerson.unknown' : error ? 'samePerson.unnamed' : 'app.loading')}</option>}
          {others.map(({ id, name, login }) => (
            <option key={id} value={id}>
              {t('samePerson.named', { name: spelledOut(name), login })}
            </option>
          ))}
        </SelectInput>
        <div className="flex flex-wrap justify-end gap-2">
          <Button onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" look="primary" reason={link.isPending ? t('staff.working') : data ? undefined : t(error ? 'samePerson.noAccounts' : 'app.loading')}>
            {t('samePerson.save')}
          </Button>
        </div>
      </form>
      <ProveFirst proof={proof} goOn={() => link.mutate()} />
    </>
  )
}
