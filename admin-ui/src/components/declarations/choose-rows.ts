// Choosing rows of the list: one by one, with Shift all in between, with x by keyboard, or all that match.
import { useRef, useState } from 'react'
import { rangeOf } from '../../lib/bulk-selection'
import { useKeys } from '../../lib/keys'

export interface Choosing {
  chosen: ReadonlySet<string>
  /** Whether all that match are meant, loaded or not. */
  all: boolean
  choose: (id: string, isChosen: boolean, withRange: boolean) => void
  chooseLoaded: (isChosen: boolean) => void
  chooseAll: () => void
  /** These and no others. */
  keep: (ids: readonly string[]) => void
  clear: () => void
}

const NOTHING: ReadonlySet<string> = new Set()

/** `question`: other rows are another choice. `may`: whether the reader can do anything with it. */
export function useChooseRows(question: object, ids: readonly string[], may: boolean): Choosing {
  const key = JSON.stringify(question)
  const [choice, setChoice] = useState({ key, chosen: NOTHING, all: false })
  const last = useRef<string>(undefined)
  const now = choice.key === key ? choice : { key, chosen: NOTHING, all: false }
  const choose = (id: string, isChosen: boolean, withRange: boolean) => {
    const chosen = new Set(now.chosen)
    for (const each of withRange ? rangeOf(ids, last.current, id) : [id]) {
      if (isChosen) chosen.add(each)
      else chosen.delete(each)
    }
    last.current = id
    setChoice({ key, chosen, all: false })
  }
  useKeys({
    x: () => {
      const id = (document.activeElement as HTMLElement | null)?.dataset?.rowLink
      if (may && id) choose(id, !now.chosen.has(id), false)
    },
  })
  return {
    chosen: now.chosen,
    all: now.all,
    choose,
    chooseLoaded: (isChosen) => setChoice({ key, chosen: isChosen ? new Set(ids) : NOTHING, all: false }),
    chooseAll: () => setChoice({ key, chosen: new Set(ids), all: true }),
    keep: (kept) => setChoice({ key, chosen: new Set(kept), all: false }),
    clear: () => setChoice({ key, chosen: NOTHING, all: false }),
  }
}
