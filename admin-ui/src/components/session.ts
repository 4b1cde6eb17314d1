// Who is signed in, for everything inside the frame.
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { type SessionInfo, sessionQuery } from '../graphql/session'

const shell = getRouteApi('/shell')

/** The newest answer of the server, else the one with which the frame was opened. */
export function useSession(): SessionInfo {
  const opened = shell.useRouteContext({ select: (context) => context.session })
  return useQuery(sessionQuery).data ?? opened
}
