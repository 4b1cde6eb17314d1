// A value that has stood still for a moment: what is being typed is not asked for letter by letter.
import { useEffect, useState } from 'react'

export function useDebounced(value: string, pauseMs: number): string {
  const [still, setStill] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setStill(value), pauseMs)
    return () => clearTimeout(timer)
  }, [value, pauseMs])
  return still
}
