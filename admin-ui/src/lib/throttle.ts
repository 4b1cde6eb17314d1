// Something that is wanted often and done seldom: at once the first time, and then at most once in a while, the last time never left out.

export function throttled(run: () => void, pauseMs: number) {
  let last = Number.NEGATIVE_INFINITY
  let timer: ReturnType<typeof setTimeout> | undefined
  const now = () => {
    timer = undefined
    last = Date.now()
    run()
  }
  return {
    want: () => {
      if (timer !== undefined) return
      const wait = last + pauseMs - Date.now()
      if (wait <= 0) now()
      else timer = setTimeout(now, wait)
    },
    stop: () => {
      clearTimeout(timer)
      timer = undefined
    },
  }
}
