// For whoever has to set a second factor up before anything else: the office asks for one.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useRouter } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { SetUpSecondFactor } from '../components/credentials/set-up'
import { Passkeys } from '../components/staff/passkeys'
import { OutsideFrame } from '../components/outside-frame'
import { execute } from '../graphql/execute'
import { SignOutDocument } from '../graphql/gql/graphql'
import { sessionQuery } from '../graphql/session'
import { paths } from '../lib/paths'
import { Button } from '../ui/button'

const route = getRouteApi('/second-factor')

export default function SecondFactorPage() {
  const { t } = useTranslation()
  const { to } = route.useSearch()
  const router = useRouter()
  const client = useQueryClient()
  const session = useQuery(sessionQuery).data
  const [started, setStarted] = useState(false)
  const leave = (path: string) => {
    client.removeQueries({ queryKey: sessionQuery.queryKey })
    router.history.replace(path)
  }
  const signOut = useMutation({ mutationFn: () => execute(SignOutDocument, {}), onSuccess: () => leave(paths.signIn()) })
  return (
    <OutsideFrame title={t('secondFactorFirst.title')}>
      {started && session ? (
        <SetUpSecondFactor login={session.staff.login} onCodes={() => {}} onCancel={() => setStarted(false)} onDone={() => leave(to ?? paths.declarations())} />
      ) : (
        <div className="flex flex-col gap-4">
          <p>{t('secondFactorFirst.lead')}</p>
          <section aria-labelledby="code" className="flex flex-col gap-2 border-t border-line pt-4">
            <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
              <h2 id="code" className="text-base">
                {t('secondFactor.title')}
              </h2>
              <Button size="sm" icon="plus" onClick={() => setStarted(true)}>
                {t('secondFactor.setUp')}
              </Button>
            </div>
            <p className="text-sm text-muted">{t('secondFactorFirst.help')}</p>
          </section>
          <div className="border-t border-line pt-4">
            <Passkeys onChanged={() => leave(to ?? paths.declarations())} />
          </div>
          <div className="flex justify-end border-t border-line pt-4">
            <Button onClick={() => signOut.mutate()}>{t('top.signOut')}</Button>
          </div>
        </div>
      )}
    </OutsideFrame>
  )
}
