// The mock's commands of one declaration: what is recorded and what it changes, none of the refusals. Taking back is not there.
const FIELDS = {
  changeContact: ({ changes }) => Object.fromEntries(changes.map(({ field, value }) => [field, value])),
  recordDiagnosis: ({ score, answers }) => ({ DIAGNOSIS_SCORE: score ?? String(answers.reduce((sum, answer) => sum + { DONE: 4, PARTLY: 2, NOT_DONE: 0, UNKNOWN: -1 }[answer], 0)) }),
  recordPolicy: ({ place, publishedOn }) => ({ POLICY_URL: place ?? '紙の掲示', POLICY_PUBLISHED_ON: publishedOn ?? '' }),
  withdrawPolicy: ({ stepDown }) => ({ POLICY_URL: '', POLICY_PUBLISHED_ON: '', ...(stepDown && { STAR: '1' }) }),
  stepUp: () => ({ STAR: '2' }),
  stepDown: () => ({ STAR: '1' }),
}

const KINDS = {
  stopDeclaration: 'STOPPED', reinstateDeclaration: 'REINSTATED', stepUp: 'STEPPED_UP', stepDown: 'STEPPED_DOWN', recordDiagnosis: 'DIAGNOSIS_RECORDED', recordPolicy: 'POLICY_RECORDED',
  withdrawPolicy: 'POLICY_WITHDRAWN', publishDeclaration: 'PUBLISHED', unpublishDeclaration: 'UNPUBLISHED', suspendLogo: 'LOGO_SUSPENDED', restoreLogo: 'LOGO_RESTORED', changeContact: 'CONTACT_CHANGED',
  addNote: 'NOTE_ADDED', raiseFlag: 'FLAG_RAISED', clearFlag: 'FLAG_CLEARED',
}

const today = () => new Date().toISOString().slice(0, 10)

/** What changes beside the fields. */
const EFFECTS = {
  stopDeclaration: (_, { kind, on }) => ({ stopped: { kind, on: on ?? null } }),
  reinstateDeclaration: () => ({ stopped: null }),
  publishDeclaration: () => ({ published: true }),
  unpublishDeclaration: () => ({ published: false }),
  suspendLogo: () => ({ logoSuspended: true }),
  restoreLogo: () => ({ logoSuspended: false }),
  raiseFlag: ({ flags }, { flag }) => ({ flags: [...flags, flag] }),
  clearFlag: ({ flags }, { flag }) => ({ flags: flags.filter((item) => item !== flag) }),
}

/** `change`: looks for the record and its version, and records an event. */
export const commandOperations = (reader, change) =>
  Object.fromEntries(
    Object.entries(KINDS).map(([name, kind]) => [
      name,
      ({ input }, context) => {
        const { name: who } = reader(context, 'CORRECT_DECLARATION')
        return change(input, (declaration) => {
          const fields = FIELDS[name]?.(input) ?? {}
          const changes = Object.entries(fields).map(([field, value]) => ({ field, old: declaration.facts[field], new: value }))
          Object.assign(declaration.facts, fields)
          Object.assign(declaration, EFFECTS[name]?.(declaration, input))
          const note = input.text && { __typename: 'OpenText', text: input.text }
          return { kind, effectiveAt: input.on ?? input.since ?? input.doneOn ?? today(), reason: input.reason, flag: input.flag, stop: name === 'stopDeclaration' ? declaration.stopped : null, note, changes, actor: { kind: 'STAFF', name: who } }
        })
      },
    ]),
  )
