// A real identity provider beside the tests (a certified implementation of OpenID Connect), with a way to bend what it hands out: it
// signs whatever a test makes of a token with its own key, as no honest provider would.
import { createServer } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, decodeJwt } from 'jose'
import Provider from 'oidc-provider'

const CLIENT = { client_id: 'sengen', client_secret: 'a secret for tests only, thirty-two characters or more' }
export const CLIENT_SECRET = CLIENT.client_secret

/** Listens at once, so that its address is known; `serve` makes it answer. */
export async function openProvider() {
  let handle = (_request, response) => response.writeHead(503).end()
  const server = createServer((request, response) => handle(request, response))
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://localhost:${server.address().port}`
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const kid = 'first'
  const jwk = { ...(await exportJWK(privateKey)), kid, alg: 'RS256', use: 'sig' }
  const stranger = await generateKeyPair('RS256')
  /** Who is there: what they type is their subject. */
  const people = new Map()
  const state = { bend: undefined, caught: undefined, denies: false, seen: [] }

  /** The same token with other claims, by the provider's key unless the test wants another. */
  async function bent(token) {
    const { claims = {}, foreignKey = false, none = false } = state.bend
    const payload = { ...decodeJwt(token), ...claims }
    if (none) return `${btoa(JSON.stringify({ alg: 'none' })).replaceAll('=', '')}.${Buffer.from(JSON.stringify(payload)).toString('base64url')}.`
    return new SignJWT(payload).setProtectedHeader({ alg: 'RS256', kid, typ: 'JWT' }).sign(foreignKey ? stranger.privateKey : privateKey)
  }

  return {
    issuer,
    people,
    state,
    publicKey,
    serve(redirectUri) {
      const provider = new Provider(issuer, {
        clients: [{ ...CLIENT, redirect_uris: [redirectUri], grant_types: ['authorization_code'], response_types: ['code'] }],
        jwks: { keys: [jwk] },
        cookies: { keys: ['for tests only'] },
        claims: { openid: ['sub'], groups: ['groups'], email: ['email', 'email_verified'] },
        scopes: ['openid', 'groups', 'email'],
        conformIdTokenClaims: false,
        pkce: { required: () => true },
        features: { devInteractions: { enabled: true } },
        findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, email_verified: true, ...people.get(id) }) }),
        /** Everybody has agreed already. */
        loadExistingGrant: async ({ oidc }) => {
          const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId })
          grant.addOIDCScope('openid groups email')
          await grant.save()
          return grant
        },
        renderError: (ctx, out) => {
          ctx.body = out
        },
      })
      provider.use(async (ctx, next) => {
        await next()
        const back = ctx.response.get('location')
        if (state.caught && back?.startsWith(redirectUri)) {
          ctx.remove('location')
          ctx.status = 204
          state.caught(back)
        }
        // Its page would fetch letters from the Internet.
        if (typeof ctx.body === 'string') ctx.body = ctx.body.replaceAll(/@import url\([^)]*\);?/g, '')
        if (ctx.path === '/auth') state.seen.push(Object.fromEntries(new URL(ctx.url, issuer).searchParams))
        if (ctx.path === '/token' && state.bend && ctx.body?.id_token) ctx.body = { ...ctx.body, id_token: await bent(ctx.body.id_token) }
      })
      const callback = provider.callback()
      handle = (request, response) => {
        if (state.denies && request.url.startsWith('/auth')) {
          const asked = new URL(request.url, issuer).searchParams
          const back = new URL(asked.get('redirect_uri'))
          back.search = new URLSearchParams({ error: 'access_denied', state: asked.get('state'), iss: issuer })
          return response.writeHead(303, { location: back }).end()
        }
        return callback(request, response)
      }
    },
    /** From now on nobody is there. */
    close: () =>
      new Promise((resolve) => {
        server.close(resolve)
        server.closeAllConnections()
      }),
  }
}
