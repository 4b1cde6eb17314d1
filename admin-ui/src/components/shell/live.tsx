// What the server says has changed is read again, wherever it is shown: the number beside the place, the inbox, an open request, a case.
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { HOME_KEY, REQUESTS_KEY } from '../../graphql/cases'
import { ApprovalsChangedDocument } from '../../graphql/gql/graphql'
import { watch } from '../../graphql/live'
import { APPROVALS_KEY, openApprovalsQuery } from '../../graphql/open-approvals'
import { sessionQuery } from '../../graphql/session'

export default function Live() {
  const client = useQueryClient()
  useEffect(() => {
    const readAgain = () => {
      for (const queryKey of [APPROVALS_KEY, REQUESTS_KEY, HOME_KEY]) void client.invalidateQueries({ queryKey })
    }
    let isFirst = true
    return watch(ApprovalsChangedDocument, {}, {
      change: ({ approvalsChanged: { ids, open } }) => {
        // The very first word says how it stands: mostly as it is shown already. Without ids any may have changed, whatever their number.
        const isKnown = isFirst && !ids && client.getQueryData(openApprovalsQuery.queryKey)?.length === open
        isFirst = false
        if (!isKnown) readAgain()
      },
      // Whether the session is over, or has this right no more, is said by the answer to a query, as everywhere.
      end: () => {
        for (const { queryKey } of [sessionQuery, openApprovalsQuery]) void client.invalidateQueries({ queryKey })
      },
    })
  }, [client])
  return null
}
