// The files of a form: each is sent as soon as it is chosen, and stays in the form with how far it has come or what is wrong with it.
import { useMutation } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Fault } from '../../graphql/execute'
import { RefusedFile, sendFile, type Sending, type UploadFor } from '../../graphql/uploads'
import { problemText } from '../../lib/problem-text'

/** As the server has it. */
const LARGEST = 10 * 1024 * 1024
const MOST = 10

export interface UploadItem {
  key: number
  file: File
  sent: number
  /** Once it is there. */
  id?: string
  problem?: string
  /** Whether sending it again may help. */
  again?: boolean
}

export function useUploads(of: UploadFor) {
  const { t } = useTranslation()
  const [items, setItems] = useState<UploadItem[]>([])
  const next = useRef(0)
  const running = useRef(new Map<number, AbortController>())
  // A mutation, so that the end of the session is noticed here as everywhere.
  const { mutateAsync } = useMutation({ mutationFn: (sending: Sending) => sendFile(sending) })
  useEffect(() => {
    const all = running.current
    return () => {
      for (const sending of all.values()) sending.abort()
    }
  }, [])

  const change = (key: number, part: Partial<UploadItem>) => setItems((all) => all.map((item) => (item.key === key ? { ...item, ...part } : item)))

  const send = async (key: number, file: File) => {
    const stop = new AbortController()
    running.current.set(key, stop)
    try {
      const id = await mutateAsync({ of, file, onSent: (sent) => change(key, { sent }), signal: stop.signal })
      change(key, { id, sent: file.size })
    } catch (cause) {
      if (stop.signal.aborted) return
      if (cause instanceof RefusedFile) change(key, { problem: problemText(cause.problem) })
      else if (cause instanceof Fault && cause.code === 'RATE_LIMITED') change(key, { problem: t('attachment.tooOften'), again: true })
      else change(key, { problem: t(cause instanceof Fault && cause.code === 'UNAUTHENTICATED' ? 'attachment.signIn' : 'attachment.failed'), again: true })
    } finally {
      running.current.delete(key)
    }
  }

  const add = (files: readonly File[]) => {
    for (const file of files) {
      const key = next.current++
      const problem = file.size > LARGEST ? t('attachment.tooLarge') : undefined
      setItems((all) => [...all, { key, file, sent: 0, problem }])
      if (!problem) void send(key, file)
    }
  }

  return {
    items,
    add,
    remove: (key: number) => {
      running.current.get(key)?.abort()
      setItems((all) => all.filter((item) => item.key !== key))
    },
    again: (item: UploadItem) => {
      change(item.key, { problem: undefined, again: undefined, sent: 0 })
      void send(item.key, item.file)
    },
    ids: items.flatMap(({ id }) => (id ? [id] : [])),
    /** Why the form cannot be sent as the files are. */
    obstacle: (): string | undefined => {
      if (items.some(({ problem }) => problem)) return t('attachment.removeFailed')
      if (items.some(({ id }) => !id)) return t('attachment.stillSending')
      return items.length > MOST ? t('attachment.tooMany') : undefined
    },
  }
}

export type Uploads = ReturnType<typeof useUploads>
