// Deciding about mails, each for itself, with one id for each intent: the same button pressed again decides nothing twice.
import { type InfiniteData, useMutation, useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import { RefusedQuestion } from '../../graphql/declarations'
import { execute } from '../../graphql/execute'
import { DecideMailsDocument, type MailState, type MailVerdict } from '../../graphql/gql/graphql'
import { MAIL_KEY, MAIL_PULSE_KEY, type MailRow, standingOf } from '../../graphql/mail'
import { newId } from '../../lib/command-id'
import { DECIDED_AT_ONCE, standingNow } from '../../lib/mail'

export interface Decision {
  id: string
  decided: boolean
  /** Where it stands now; undefined when there is no such mail. */
  state: MailState | undefined
}

export interface Intent {
  verdict: MailVerdict
  ids: string[]
}

type Pages = InfiniteData<{ nodes: MailRow[] }>

export function useDecide(onDecided: (decisions: Decision[], intent: Intent) => void) {
  const client = useQueryClient()
  const commands = useRef(new Map<string, string>())
  const commandFor = (content: string) => {
    const known = commands.current.get(content) ?? newId()
    commands.current.set(content, known)
    return known
  }
  return useMutation({
    mutationFn: async ({ verdict, ids }: Intent) => {
      const results = []
      for (let from = 0; from < ids.length; from += DECIDED_AT_ONCE) {
        const some = ids.slice(from, from + DECIDED_AT_ONCE)
        const input = { commandId: commandFor(`${verdict} ${some.join(' ')}`), ids: some, verdict }
        // One after the other: what has failed leaves the rest undecided, and the same button goes on from there.
        // oxlint-disable-next-line no-await-in-loop
        const { decideMails } = await execute(DecideMailsDocument, { input })
        if (decideMails.__typename === 'InvalidInput') throw new RefusedQuestion(decideMails.problems)
        results.push(...decideMails.results)
      }
      return results.map(({ id, decided, mail }) => ({ id, decided, standing: mail ? standingOf(mail) : undefined }))
    },
    onSuccess: async (results, intent) => {
      // Another time is another intent.
      commands.current.clear()
      const standings = results.flatMap(({ standing }) => (standing ? [standing] : []))
      client.setQueriesData<Pages>({ queryKey: [...MAIL_KEY, 'list'] }, (old) => old && { ...old, pages: old.pages.map((page) => ({ ...page, nodes: standingNow(page.nodes, standings) })) })
      onDecided(
        results.map(({ id, decided, standing }) => ({ id, decided, state: standing?.state })),
        intent,
      )
      await Promise.all([client.invalidateQueries({ queryKey: MAIL_PULSE_KEY }), client.invalidateQueries({ queryKey: [...MAIL_KEY, 'one'] })])
    },
  })
}
