// Moving in the list by keyboard: j and k go from row to row, Space shows the record beside a list that can do so, Enter is the link's own.
import { useEffect, useRef } from 'react'
import { useKeys } from '../../lib/keys'

const links = () => [...document.querySelectorAll<HTMLElement>('[data-row-link]')]

/** Remembered so that coming back to the list lands on the row that was left. */
let lastRow: string | undefined

const PEEK_PAUSE_MS = 180

export function focusRow(index: number) {
  const link = links()[index]
  link?.focus()
  link?.scrollIntoView({ block: 'nearest' })
}

interface Options {
  peek?: string
  /** Left out where nothing is shown beside the list. */
  showPeek?: (id: string | undefined) => void
}

export function useRowKeys({ peek, showPeek }: Options = {}) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => {
    const remember = (event: FocusEvent) => {
      const id = (event.target as HTMLElement).dataset?.rowLink
      if (id) lastRow = id
    }
    document.addEventListener('focusin', remember)
    const back = links().find((link) => link.dataset.rowLink === lastRow)
    // Only on arrival: the heading has the focus then, and the row is a better place to go on from.
    if (back && document.activeElement?.tagName === 'H1') back.focus({ preventScroll: true })
    return () => {
      document.removeEventListener('focusin', remember)
      clearTimeout(timer.current)
    }
  }, [])

  const move = (step: number) => {
    const all = links()
    const here = all.indexOf(document.activeElement as HTMLElement)
    const start = here >= 0 ? here : all.findIndex((link) => link.dataset.rowLink === lastRow)
    const next = start < 0 ? 0 : start + step
    if (next >= all.length) {
      document.querySelector<HTMLElement>('[data-more]')?.focus()
      return
    }
    focusRow(Math.max(0, next))
    const id = all[Math.max(0, next)]?.dataset.rowLink
    // Running through the rows must not read every record on the way.
    clearTimeout(timer.current)
    if (peek && id) timer.current = setTimeout(() => showPeek?.(id), PEEK_PAUSE_MS)
  }
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ' ': (event) => {
      const id = (document.activeElement as HTMLElement | null)?.dataset?.rowLink
      if (!id || !showPeek) return
      event.preventDefault()
      showPeek(peek === id ? undefined : id)
    },
    Escape: () => {
      if (peek) showPeek?.(undefined)
    },
  })
}
