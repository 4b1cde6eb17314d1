// Passkeys: one's own, and proving by one who one is. Loaded when it is needed: whoever signs in by a password needs none of it.
import { queryOptions } from '@tanstack/react-query'
import { PasskeyElsewhere, PasskeyGivenUp, PasskeyKnown, makePasskey, signByPasskey } from '../lib/web-authn'
import { execute } from './execute'
import { readFragment } from './gql/fragment-masking'
import {
  AddPasskeyDocument, AskedForPasskeyFragmentDoc, type AskedForPasskeyFragment, BeginPasskeyDocument, BeginPasskeyRefreshDocument, BeginPasskeySignInDocument, CompletePasskeySignInDocument,
  type EnteredByPasskeyFragment, EnteredByPasskeyFragmentDoc, OwnPasskeysDocument, type PasskeyOutcomeFragment, PasskeyOutcomeFragmentDoc, type PasskeyPartsFragment, PasskeyPartsFragmentDoc,
  ProofWaysDocument, RefreshByPasskeyDocument, RemovePasskeyDocument, RenamePasskeyDocument,
} from './gql/graphql'

export type OwnPasskey = PasskeyPartsFragment

export const OWN_PASSKEYS_KEY = ['own-passkeys'] as const

export const ownPasskeysQuery = queryOptions({
  queryKey: OWN_PASSKEYS_KEY,
  queryFn: async ({ signal }) => {
    const { signInWays, ownPasskeys } = await execute(OwnPasskeysDocument, {}, signal)
    return { here: signInWays.passkeys, passkeys: ownPasskeys.map((one): OwnPasskey => readFragment(PasskeyPartsFragmentDoc, one)) }
  },
})

/** What somebody who is signed in can prove once more with. */
export const proofWaysQuery = queryOptions({
  queryKey: ['proof-ways'],
  queryFn: async ({ signal }) => {
    const { session, signInWays, ownPasskeys } = await execute(ProofWaysDocument, {}, signal)
    return {
      login: session?.staff.login,
      asksForCode: session?.secondFactor === 'TOTP',
      hasPasskey: signInWays.passkeys === 'AVAILABLE' && ownPasskeys.some((one) => !one.isSuspected),
    }
  },
  staleTime: 0,
})

/** What became of asking for a passkey. */
export type Proof =
  | { kind: 'entered'; staffId: string }
  | { kind: 'refused'; retryAfterSeconds?: number | null }
  | { kind: 'givenUp' | 'elsewhere' }
  | { kind: 'problem'; code: string; message: string }

async function proved(asked: AskedForPasskeyFragment, complete: (credential: string) => Promise<EnteredByPasskeyFragment>): Promise<Proof> {
  if (asked.__typename === 'SignInRefused') return { kind: 'refused', retryAfterSeconds: asked.retryAfterSeconds }
  if (asked.__typename === 'InvalidInput') return { kind: 'problem', code: asked.problems[0]?.code ?? '', message: asked.problems[0]?.message ?? '' }
  try {
    const entered = await complete(await signByPasskey(asked.options))
    if (entered.__typename === 'Session') return { kind: 'entered', staffId: entered.staff.id }
    return { kind: 'refused', retryAfterSeconds: entered.retryAfterSeconds }
  } catch (cause) {
    if (cause instanceof PasskeyElsewhere) return { kind: 'elsewhere' }
    if (cause instanceof PasskeyGivenUp || cause instanceof PasskeyKnown) return { kind: 'givenUp' }
    throw cause
  }
}

/** Signs in, without a name being typed. */
export async function signInByPasskey(): Promise<Proof> {
  const asked = readFragment(AskedForPasskeyFragmentDoc, (await execute(BeginPasskeySignInDocument, {})).beginPasskeySignIn)
  return proved(asked, async (credential) => readFragment(EnteredByPasskeyFragmentDoc, (await execute(CompletePasskeySignInDocument, { credential })).completePasskeySignIn))
}

/** Makes the session fresh. */
export async function refreshByPasskey(): Promise<Proof> {
  const asked = readFragment(AskedForPasskeyFragmentDoc, (await execute(BeginPasskeyRefreshDocument, {})).beginPasskeyRefresh)
  return proved(asked, async (credential) => readFragment(EnteredByPasskeyFragmentDoc, (await execute(RefreshByPasskeyDocument, { credential })).refreshByPasskey))
}

/** What became of a change of one's passkeys. */
export type PasskeyChange = { kind: 'changed'; passkeys: OwnPasskey[] } | { kind: 'notFresh' } | { kind: 'problem'; field: string; code: string; message: string } | { kind: 'givenUp' | 'elsewhere' | 'known' }

function outcome(result: PasskeyOutcomeFragment): PasskeyChange {
  if (result.__typename === 'PasskeysChanged') return { kind: 'changed', passkeys: result.passkeys.map((one): OwnPasskey => readFragment(PasskeyPartsFragmentDoc, one)) }
  if (result.__typename === 'FreshSignInNeeded') return { kind: 'notFresh' }
  return { kind: 'problem', ...(result.problems[0] ?? { field: '', code: '', message: '' }) }
}

/** Asks the device for a passkey and keeps it. */
export async function addPasskey(name: string): Promise<PasskeyChange> {
  const { beginPasskey: asked } = await execute(BeginPasskeyDocument, {})
  if (asked.__typename === 'FreshSignInNeeded') return { kind: 'notFresh' }
  if (asked.__typename === 'InvalidInput') return { kind: 'problem', ...(asked.problems[0] ?? { field: '', code: '', message: '' }) }
  try {
    const credential = await makePasskey(asked.options)
    return outcome(readFragment(PasskeyOutcomeFragmentDoc, (await execute(AddPasskeyDocument, { input: { credential, name } })).addPasskey))
  } catch (cause) {
    if (cause instanceof PasskeyElsewhere) return { kind: 'elsewhere' }
    if (cause instanceof PasskeyKnown) return { kind: 'known' }
    if (cause instanceof PasskeyGivenUp) return { kind: 'givenUp' }
    throw cause
  }
}

export async function renamePasskey(id: string, name: string): Promise<PasskeyChange> {
  return outcome(readFragment(PasskeyOutcomeFragmentDoc, (await execute(RenamePasskeyDocument, { id, name })).renamePasskey))
}

export async function removePasskey(id: string): Promise<PasskeyChange> {
  return outcome(readFragment(PasskeyOutcomeFragmentDoc, (await execute(RemovePasskeyDocument, { id })).removePasskey))
}
