// What the server says has changed is read again, wherever it is shown: the number beside the place, the inbox, an open request, a case.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { HOME_KEY, REQUESTS_KEY } from '../../graphql/cases'
import { ApprovalsChangedDocument } from '../../graphql/gql/graphql'
import { watch } from '../../graphql/live'
import { APPROVALS_KEY, openApprovalsQuery } from '../../graphql/open-approvals'

export default function Live() {
  const client = useQueryClient()
  useEffect(() => {
    const readAgain = () => {
      for (const queryKey of [APPROVALS_KEY, REQUESTS_KEY, HOME_KEY]) void client.invalidateQueries({ queryKey })
    }
    return watch(ApprovalsChangedDocument, {}, {
      change: ({ approvalsChanged: { ids, open } }) => {
        // The first word on a socket that has just been opened says how it stands: mostly as it is shown already.
        const isKnown = !ids && client.getQueryData(openApprovalsQuery.queryKey)?.length === open
        if (!isKnown) readAgain()
      },
      // Whether the session is over is said by the answer to a query, as everywhere.
      end: () => void client.invalidateQueries({ queryKey: openApprovalsQuery.queryKey }),
    })
  }, [client])
  return null
}
