// All errors of a form at its top, each a link to its field. It takes the focus when it appears.
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from './icons'
import { TypedText } from './typed-text'

export interface FormProblem {
  /** The id of the input; without it the problem belongs to the whole form. */
  target?: string
  message: string
}

/** `attempt` grows with every submit, so that the same errors are announced again. */
export function ErrorSummary({ problems, attempt }: { problems: FormProblem[]; attempt: number }) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const announced = useRef<number>(undefined)
  const any = problems.length > 0
  // Focused after a submit only: while a person types on, errors may go but the focus stays.
  useEffect(() => {
    if (!any || announced.current === attempt) return
    announced.current = attempt
    box.current?.focus()
  }, [any, attempt])
  if (!any) return null
  return (
    <div ref={box} role="group" tabIndex={-1} aria-labelledby="error-summary" className="border-l-4 border-bad-line bg-bad-bg px-4 py-3">
      <h2 id="error-summary" className="flex items-center gap-2 font-bold text-bad">
        <Icon name="error" />
        {t('form.summary', { count: problems.length })}
      </h2>
      <ul className="mt-1 list-disc pl-7">
        {problems.map((problem) => (
          <li key={`${problem.target} ${problem.message}`}>
            {problem.target ? (
              <a
                href={`#${problem.target}`}
                className="text-bad"
                onClick={(event) => {
                  event.preventDefault()
                  document.getElementById(problem.target ?? '')?.focus()
                }}
              >
                <TypedText text={problem.message} />
              </a>
            ) : (
              <TypedText text={problem.message} />
            )}
          </li>
        ))}
      </ul>
    </div>
  )
}
