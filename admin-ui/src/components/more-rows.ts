// Lists that grow by "more": how many rows there should be stands in the address.
import type { UseInfiniteQueryResult } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { PAGE_SIZE } from '../lib/search-params'
import { focusRow } from './declarations/row-keys'

type Growing = Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isPlaceholderData' | 'isFetching' | 'error' | 'fetchNextPage'>

interface Rows {
  /** How many there are. */
  loaded: number
  /** How many the address says. */
  shown: number
  /** Puts into the address how many there should be. */
  show: (shown: number) => void
}

/** Fetches until there are as many rows as the address says; returns what "more" does. */
export function useMoreRows(list: Growing, { loaded, shown, show }: Rows): () => void {
  // The rows that come with "more" are where the work goes on, so the first of them takes the focus.
  const wantedFrom = useRef<number>(undefined)
  useEffect(() => {
    if (wantedFrom.current === undefined || loaded <= wantedFrom.current) return
    focusRow(wantedFrom.current)
    wantedFrom.current = undefined
  }, [loaded])
  // After "more", a reload, or in a new window.
  const behind = loaded > 0 && loaded < shown && list.hasNextPage && !list.isPlaceholderData && !list.isFetching && !list.error
  const { fetchNextPage } = list
  useEffect(() => {
    if (behind) void fetchNextPage()
  }, [behind, fetchNextPage])
  return () => {
    wantedFrom.current = loaded
    show(loaded + PAGE_SIZE)
  }
}
