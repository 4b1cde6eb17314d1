// The browser's side of passkeys: what the server asks, as JSON, to what the device answers, as JSON. Done by hand, because the
// browsers of some years ago have passkeys and not yet these two functions.

/** What nothing can be done about but to try again or otherwise: the person changed their mind, or the device has none of ours. */
export class PasskeyGivenUp extends Error {}

/** The page is at another address than passkeys are for. */
export class PasskeyElsewhere extends Error {}

/** The device has a passkey of this account already. */
export class PasskeyKnown extends Error {}

interface Descriptor {
  id: string
  type: 'public-key'
  transports?: AuthenticatorTransport[]
}

function bytes(base64: string): Uint8Array<ArrayBuffer> {
  const plain = atob(base64.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, (character) => character.charCodeAt(0))
}

function text(buffer: ArrayBuffer): string {
  const plain = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join('')
  return btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

const descriptors = (list: Descriptor[] | undefined) => list?.map((one) => ({ ...one, id: bytes(one.id) }))

function told(cause: unknown): Error {
  const name = cause instanceof DOMException ? cause.name : ''
  if (name === 'SecurityError') return new PasskeyElsewhere()
  if (name === 'InvalidStateError') return new PasskeyKnown()
  return new PasskeyGivenUp()
}

const answer = (credential: PublicKeyCredential, response: object) => JSON.stringify({ id: credential.id, rawId: text(credential.rawId), type: credential.type, response, clientExtensionResults: {} })

/** Makes a passkey on the device that the person chooses. */
export async function makePasskey(options: string): Promise<string> {
  const asked = JSON.parse(options)
  const publicKey: PublicKeyCredentialCreationOptions = {
    ...asked,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: descriptors(asked.excludeCredentials),
  }
  const credential = await navigator.credentials.create({ publicKey }).catch((cause: unknown) => Promise.reject(told(cause)))
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyGivenUp()
  const response = credential.response as AuthenticatorAttestationResponse
  return answer(credential, {
    attestationObject: text(response.attestationObject),
    clientDataJSON: text(response.clientDataJSON),
    transports: response.getTransports?.(),
  })
}

/** Lets the person sign with a passkey of ours. */
export async function signByPasskey(options: string): Promise<string> {
  const asked = JSON.parse(options)
  const publicKey: PublicKeyCredentialRequestOptions = { ...asked, challenge: bytes(asked.challenge), allowCredentials: descriptors(asked.allowCredentials) }
  const credential = await navigator.credentials.get({ publicKey }).catch((cause: unknown) => Promise.reject(told(cause)))
  if (!(credential instanceof PublicKeyCredential)) throw new PasskeyGivenUp()
  const response = credential.response as AuthenticatorAssertionResponse
  return answer(credential, {
    authenticatorData: text(response.authenticatorData),
    clientDataJSON: text(response.clientDataJSON),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : null,
  })
}
