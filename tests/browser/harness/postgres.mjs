// A database of its own in the cluster that the test run brings, named by SENGEN_TEST_POSTGRES.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const ADMIN = process.env.SENGEN_TEST_POSTGRES
const sql = (statement) => promisify(execFile)('psql', ['--quiet', '--no-psqlrc', '--set=ON_ERROR_STOP=1', `--dbname=${ADMIN}`, `--command=${statement}`])

/** Why there is none, or undefined. */
export const noPostgres = ADMIN ? undefined : 'SENGEN_TEST_POSTGRES is not set: run scripts/with-postgres.sh --fast node --test …'

/** Creates the database; answers its address and how to drop it. */
export async function database() {
  const name = `browser_${process.pid}`
  await sql(`CREATE DATABASE ${name}`)
  const url = new URL(ADMIN)
  url.pathname = `/${name}`
  return { url: url.href, drop: () => sql(`DROP DATABASE ${name} WITH (FORCE)`) }
}
