// In the place of a form that asked for approval: what happens now, and where the request is found.
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, buttonClass } from '../../ui/button'
import { TypedText } from '../../ui/typed-text'
import { useSheetSteps } from '../form-sheet'

export function Requested({ id, text }: { id: string; text: string }) {
  const { t } = useTranslation()
  const steps = useSheetSteps()
  const heading = useRef<HTMLHeadingElement>(null)
  // The button that was pressed is gone.
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className="flex flex-col items-start gap-4 p-5">
      <h3 ref={heading} tabIndex={-1} className="text-lg">
        {t('approvalRequest.doneTitle')}
      </h3>
      <p>
        <TypedText text={text} />
      </p>
      <div className="flex flex-wrap gap-2">
        <Link to="/approvals/$id" params={{ id }} className={buttonClass('primary')}>
          {t('approvalRequest.show')}
        </Link>
        <Button onClick={steps.done}>{t('action.close')}</Button>
      </div>
    </div>
  )
}
