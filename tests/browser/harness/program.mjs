// The real binary: a command that runs to its end, or a server that runs until it is stopped.
import { execFile, spawn } from 'node:child_process'
import { chmod, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const PROGRAM = process.env.SENGEN_TEST_BINARY ?? fileURLToPath(new URL('../../../target/debug/sengen', import.meta.url))
const STARTS_WITHIN_MS = 60_000

/** Settings of the person who runs the tests must not reach the program. */
function environment(extra) {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('SENGEN_'))
  return { ...Object.fromEntries(own), ...extra }
}

// So that a run that is told to stop takes its servers along.
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

/** Runs a command to its end and answers what it printed. `input`: what it reads. */
export async function run(folder, args, extra = {}, input = undefined) {
  const running = promisify(execFile)(PROGRAM, args, { cwd: folder, env: environment(extra) })
  if (input !== undefined) running.child.stdin.end(input)
  const { stdout } = await running
  return stdout
}

/**
 * The program as it is where nobody has built the console: a copy in `folder` that looks for it in a place where nothing is.
 * A debug build reads the console's files when it runs, from the folder that stands in it.
 */
export async function programWithoutConsole(folder) {
  const bytes = await readFile(PROGRAM)
  const [there, nowhere] = ['admin-ui/dist', 'admin-ui/none']
  let found = 0
  for (let place = bytes.indexOf(there); place >= 0; place = bytes.indexOf(there, place)) {
    bytes.write(nowhere, place)
    found += 1
  }
  if (found === 0) throw new Error(`${PROGRAM} carries its console inside: this needs a debug build`)
  const copy = join(folder, 'sengen-without-console')
  await writeFile(copy, bytes)
  await chmod(copy, 0o755)
  return copy
}

/** Starts the server and answers once it has printed something that matches `until`: the match, and how to stop it. */
export function serve(folder, { listen = '127.0.0.1:0', until, extra = {}, program = PROGRAM }) {
  const child = spawn(program, ['serve', '--listen', listen], { cwd: folder, env: environment(extra), stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((resolve) => child.once('exit', resolve))
  const stop = async () => {
    child.kill('SIGTERM')
    await ended
  }
  // A run that is cut short must not leave a server behind.
  process.once('exit', () => child.kill('SIGKILL'))
  let output = ''
  return new Promise((resolve, reject) => {
    const fail = (why) => reject(new Error(`sengen serve ${why}:\n${output}`))
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      fail('said nothing of its address')
    }, STARTS_WITHIN_MS)
    child.once('exit', (code) => {
      clearTimeout(late)
      fail(`ended with ${code}`)
    })
    const read = (chunk) => {
      output += chunk
      const said = until.exec(output)
      if (!said) return
      clearTimeout(late)
      resolve({ said, stop })
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
  })
}
