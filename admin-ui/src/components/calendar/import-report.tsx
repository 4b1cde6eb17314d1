// What would become of each row of a file.
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportDeadlinesMutation, ImportOutcome } from '../../graphql/gql/graphql'
import { problemText } from '../../lib/problem-text'
import { Chip, type Tone } from '../../ui/chip'
import type { IconName } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import { deadlineText } from './words'

type Report = Extract<ImportDeadlinesMutation['importDeadlines'], { __typename: 'DeadlineImport' }>

const LOOKS: Record<ImportOutcome, { tone: Tone; icon: IconName }> = {
  ADDED: { tone: 'good', icon: 'plus' },
  CHANGED: { tone: 'warn', icon: 'edit' },
  SAME: { tone: 'quiet', icon: 'check' },
  REFUSED: { tone: 'bad', icon: 'error' },
}
const CELL = 'border-b border-line px-2 py-2 text-left align-top'

export function ImportReportView({ report }: { report: Report }) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  // It takes the place of the form, so the focus goes on here.
  useEffect(() => heading.current?.focus(), [])
  const { added, changed, same, refused } = report
  return (
    <section aria-labelledby="import-result" className="flex flex-col gap-3">
      <h3 id="import-result" ref={heading} tabIndex={-1} className="text-lg">
        {t('import.result')}
      </h3>
      <p role="status">{t('import.summary', { added, changed, same, refused })}</p>
      <table className="w-full border-collapse text-sm leading-normal">
        <thead>
          <tr>
            {(['line', 'outcome', 'detail'] as const).map((column) => (
              <th key={column} scope="col" className={`${CELL} bg-surface whitespace-nowrap`}>
                {t(`import.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.rows.map((row) => (
            <tr key={row.line}>
              <td className={`${CELL} num`}>{row.line}</td>
              <td className={`${CELL} whitespace-nowrap`}>
                <Chip {...LOOKS[row.outcome]}>{t(`import.${row.outcome}`)}</Chip>
              </td>
              <td className={`${CELL} w-full`}>
                <TypedText text={row.after ? deadlineText(row.after, t) : row.name} />
                {row.before && (
                  <p className="text-muted">
                    <TypedText text={t('import.before', { text: deadlineText(row.before, t) })} />
                  </p>
                )}
                {row.problems.map((problem) => (
                  <p key={`${problem.field} ${problem.code}`} className="font-bold text-bad">
                    {problemText(problem)}
                  </p>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
