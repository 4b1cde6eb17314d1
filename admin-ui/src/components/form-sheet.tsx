// A form in a side sheet over its page: Esc, the close button, a link and the back button all lead away, and one question stands
// before all of them when something was typed.
import { useBlocker } from '@tanstack/react-router'
import { createContext, type ReactNode, useCallback, useContext, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '../ui/button'
import { Skeleton } from '../ui/loading'
import { Box, Sheet } from '../ui/modal'

export interface SheetSteps {
  /** Whether something would be lost. */
  onDirty: (dirty: boolean) => void
  /** Leads away, after the question if something would be lost. */
  close: () => void
  /** Leads away: what was typed is saved or given up. */
  done: () => void
}

const Steps = createContext<SheetSteps | undefined>(undefined)

/** For the form inside a sheet. */
export function useSheetSteps(): SheetSteps {
  const steps = useContext(Steps)
  if (!steps) throw new Error('a form outside a sheet')
  return steps
}

/** Before something is lost. */
export interface LeaveQuestion {
  title: string
  text: string
  yes: string
  no: string
}

/** The question that stands before all ways away from what was typed. */
export function useLeaveQuestion(question: LeaveQuestion) {
  // No state: what was typed a moment ago counts at once, also before the page is drawn again.
  const dirty = useRef(false)
  const settled = useRef(false)
  const onDirty = useCallback((value: boolean) => {
    dirty.current = value
  }, [])
  const wouldLose = () => dirty.current && !settled.current
  const leaving = useBlocker({ shouldBlockFn: wouldLose, enableBeforeUnload: wouldLose, withResolver: true })
  const box = (
    <Box title={question.title} role="alertdialog" open={leaving.status === 'blocked'} onClose={() => leaving.reset?.()}>
      <div className="flex flex-col gap-4 p-5">
        <p>{question.text}</p>
        <div className="flex flex-wrap justify-end gap-2">
          <Button look="danger" onClick={() => leaving.proceed?.()}>
            {question.yes}
          </Button>
          <Button look="primary" onClick={() => leaving.reset?.()}>
            {question.no}
          </Button>
        </div>
      </div>
    </Box>
  )
  return {
    onDirty,
    /** Saved or given up: nothing is left that could be lost. */
    settle: () => {
      settled.current = true
    },
    box,
  }
}

interface Props {
  title: string
  /** What it holds is shown once: only its own buttons lead away. */
  firm?: boolean
  /** The question before something is lost, where it is not what was typed. */
  discard?: LeaveQuestion
  /** Goes back to the page. */
  onLeave: () => void
  children: ReactNode
}

export function FormSheet({ title, firm, discard, onLeave, children }: Props) {
  const { t } = useTranslation()
  const { onDirty, settle, box } = useLeaveQuestion(discard ?? { title: t('sheet.discardTitle'), text: t('sheet.discard'), yes: t('sheet.discardYes'), no: t('sheet.discardNo') })
  const done = () => {
    settle()
    onLeave()
  }
  return (
    <>
      <Sheet title={title} open firm={firm} onClose={onLeave}>
        <Steps value={{ onDirty, close: onLeave, done }}>{children}</Steps>
      </Sheet>
      {box}
    </>
  )
}

export function FormSkeleton() {
  return (
    <div className="flex flex-col gap-6 p-5">
      {Array.from({ length: 4 }, (_, index) => (
        <div key={index} className="flex flex-col gap-2">
          <Skeleton className="w-32" />
          <Skeleton className="h-10 w-full" />
        </div>
      ))}
    </div>
  )
}

/** The buttons at the lower right; `children` are those before them. */
export function SheetFooter({ onClose, saving, word, reason, children }: { onClose: () => void; saving: boolean; word: string; reason?: string; children?: ReactNode }) {
  const { t } = useTranslation()
  return (
    <footer className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">
      {children}
      <Button onClick={onClose}>{t('action.cancel')}</Button>
      <Button type="submit" look="primary" reason={saving ? t('sheet.saving') : reason}>
        {saving ? t('sheet.saving') : word}
      </Button>
    </footer>
  )
}
