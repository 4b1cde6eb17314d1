// In the place of an answer: what the server would not take, which stands at its input too.
import { useTranslation } from 'react-i18next'
import { RefusedQuestion } from '../../graphql/declarations'
import type { InputProblem } from '../../graphql/gql/graphql'
import { problemText } from '../../lib/problem-text'
import { TypedText } from '../../ui/typed-text'

export const problemsOf = (error: unknown): readonly InputProblem[] => (error instanceof RefusedQuestion ? error.problems : [])

export function Refused({ problems }: { problems: readonly InputProblem[] }) {
  const { t } = useTranslation()
  return (
    <section role="alert" className="rounded-md border border-bad-line px-4 py-6">
      <h2 className="text-base">{t('audit.refusedTitle')}</h2>
      <ul className="mt-1">
        {problems.map((problem) => (
          <li key={`${problem.field} ${problem.code}`}>
            <TypedText text={problemText(problem)} />
          </li>
        ))}
      </ul>
    </section>
  )
}
