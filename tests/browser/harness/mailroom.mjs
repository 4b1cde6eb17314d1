// Where mail comes from and goes to: a real Dovecot with one mailbox, and an SMTP server that keeps what it is given. Their configuration
// file is for the program.
import { execFileSync, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { SMTPServer } from 'smtp-server'

const USER = 'office@example.jp'
const PASSWORD = 'himitsu'
const ATTEMPTS = 20

const isRoot = process.getuid() === 0
/** Dovecot reads no mail as root. */
const OWNER = isRoot ? { user: 'nobody', group: 'nogroup' } : { user: execFileSync('id', ['-un'], { encoding: 'utf8' }).trim(), group: execFileSync('id', ['-gn'], { encoding: 'utf8' }).trim() }

const settings = (folder, port) => `base_dir = ${folder}/run
state_dir = ${folder}/run
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
default_login_user = ${OWNER.user}
default_internal_user = ${OWNER.user}
default_internal_group = ${OWNER.group}
first_valid_uid = 1
first_valid_gid = 1
mail_fsync = never
mail_location = maildir:${folder}/mail/%u
passdb {
  driver = passwd-file
  args = username_format=%u ${folder}/users
}
userdb {
  driver = static
  args = uid=${OWNER.user} gid=${OWNER.group} home=${folder}/mail/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
`

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

/** Starts Dovecot on a port; undefined where somebody else has taken that. */
function tryStart(folder) {
  const child = spawn(existsSync('/usr/sbin/dovecot') ? '/usr/sbin/dovecot' : 'dovecot', ['-F', '-c', join(folder, 'dovecot.conf')], { stdio: ['ignore', 'ignore', 'pipe'], detached: true })
  // Its helpers end with it, also when a run is cut short.
  const kill = () => {
    try {
      process.kill(-child.pid, 'SIGKILL')
    } catch {
      // It is gone.
    }
  }
  process.once('exit', kill)
  let said = ''
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => (said.includes('already in use') ? resolve(undefined) : reject(new Error(`Dovecot does not start:\n${said}`))))
    child.stderr.on('data', (chunk) => {
      said += chunk
      if (said.includes('starting up for imap')) resolve(kill)
    })
  })
}

class Mailroom {
  received = []
  #waiting = []
  #delivered = 0

  /** The next message that the program sends: to whom, and its text. */
  async sent() {
    while (this.received.length === 0) await new Promise((resolve) => this.#waiting.push(resolve))
    return this.received.shift()
  }

  take(message) {
    this.received.push(message)
    for (const resolve of this.#waiting.splice(0)) resolve()
  }

  /** Puts a message into the mailbox, as a mail server does: whole, by a change of its name. */
  async arrives(message) {
    const name = `${(this.#delivered += 1)}.M1.example`
    const inbox = join(this.folder, 'mail', USER)
    for (const part of ['cur', 'new', 'tmp']) await mkdir(join(inbox, part), { recursive: true })
    await writeFile(join(inbox, 'tmp', name), message)
    if (isRoot) execFileSync('chown', ['-R', `${OWNER.user}:${OWNER.group}`, inbox])
    await rename(join(inbox, 'tmp', name), join(inbox, 'new', name))
  }

  async close() {
    this.kill()
    await new Promise((resolve) => this.smtp.close(resolve))
    await rm(this.folder, { recursive: true, force: true })
  }
}

export async function openMailroom() {
  const mailroom = new Mailroom()
  mailroom.folder = await mkdtemp(join(tmpdir(), 'sengen-mailroom-'))
  await chmod(mailroom.folder, 0o755)
  await mkdir(join(mailroom.folder, 'mail'))
  if (isRoot) execFileSync('chown', [`${OWNER.user}:${OWNER.group}`, join(mailroom.folder, 'mail')])
  await writeFile(join(mailroom.folder, 'users'), `${USER}:{PLAIN}${PASSWORD}\n`)
  let port
  for (let attempt = 0; attempt < ATTEMPTS && !mailroom.kill; attempt += 1) {
    port = await freePort()
    await writeFile(join(mailroom.folder, 'dovecot.conf'), settings(mailroom.folder, port))
    mailroom.kill = await tryStart(mailroom.folder)
  }
  mailroom.smtp = new SMTPServer({
    authOptional: true,
    // The program keeps its connection; nobody waits for the end of that.
    closeTimeout: 100,
    disabledCommands: ['STARTTLS'],
    onData(stream, { envelope }, done) {
      const chunks = []
      stream.on('data', (chunk) => chunks.push(chunk))
      stream.on('end', () => {
        mailroom.take({ to: envelope.rcptTo.map(({ address }) => address), text: Buffer.concat(chunks).toString('utf8') })
        done()
      })
    },
  })
  await new Promise((resolve) => mailroom.smtp.listen(0, '127.0.0.1', resolve))
  const password = join(mailroom.folder, 'password')
  await writeFile(password, `${PASSWORD}\n`)
  mailroom.config = join(mailroom.folder, 'sengen.toml')
  await writeFile(
    mailroom.config,
    `[mail]
relay = "127.0.0.1:${mailroom.smtp.server.address().port}"
tls = "none"
from = "${USER}"

[mail.mailboxes.inquiries]
server = "127.0.0.1:${port}"
tls = "none"
user = "${USER}"
password_file = "${password}"
`,
  )
  return mailroom
}
