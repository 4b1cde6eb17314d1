// Only for those who may see who viewed what; for others nothing is asked of the server.
import type { ReactNode } from 'react'
import { Fault } from '../../graphql/execute'
import { may } from '../../graphql/session'
import { FaultPage } from '../fault'
import { useSession } from '../session'

export function AuditOnly({ children }: { children: ReactNode }) {
  return may(useSession(), 'READ_AUDIT') ? children : <FaultPage error={new Fault('FORBIDDEN', undefined, 'READ_AUDIT')} />
}
