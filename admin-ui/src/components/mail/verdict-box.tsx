// The question before a decision: what follows from it, about how many, and the way back.
import { useTranslation } from 'react-i18next'
import { RefusedQuestion } from '../../graphql/declarations'
import { Fault } from '../../graphql/execute'
import type { MailState, MailVerdict } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatCount } from '../../lib/format'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { Box } from '../../ui/modal'
import { TypedText } from '../../ui/typed-text'
import { FaultBand } from '../fault'

export interface Question {
  verdict: MailVerdict
  mails: { id: string; state: MailState }[]
  /** Chosen too, but standing where this cannot be done. */
  leftOut: number
}

interface Props {
  question: Question | undefined
  /** Said for several only: of one it is plain. */
  several: boolean
  pending: boolean
  error: Error | null
  onYes: (question: Question) => void
  onNo: () => void
}

export function VerdictBox({ question, onNo, ...rest }: Props) {
  const { t } = useTranslation()
  return (
    <Box title={question ? t(`mailDecide.title.${question.verdict}`) : ''} role="alertdialog" open={question !== undefined} onClose={onNo}>
      {question && <Content question={question} onNo={onNo} {...rest} />}
    </Box>
  )
}

function Content({ question, several, pending, error, onYes, onNo }: Props & { question: Question }) {
  const { t } = useTranslation()
  const { verdict, mails, leftOut } = question
  const parked = verdict === 'SEND_AGAIN' ? mails.filter((mail) => mail.state === 'PARKED').length : 0
  const others = mails.length - parked
  /** Of several in different states: which ones a sentence is about. */
  const about = (state: MailState, count: number) =>
    count < mails.length && <b>{t('mailDecide.about', { state: t(`mailState.${state}`), total: formatCount(count, currentLanguage()) })} </b>
  const numbers = (count: number) => ({ count, total: formatCount(count, currentLanguage()) })
  return (
    <div className="flex flex-col gap-4 overflow-auto p-5">
      <DecideFault error={error} />
      {several && <p className="font-bold">{t('mailDecide.affected', numbers(mails.length))}</p>}
      {others > 0 && (
        <p>
          {about('IN_DOUBT', others)}
          {t(`mailDecide.consequence.${verdict}`)}
        </p>
      )}
      {parked > 0 && (
        <p>
          {about('PARKED', parked)}
          {t('mailDecide.consequenceParked')}
        </p>
      )}
      {leftOut > 0 && <p className="text-sm text-muted">{t('mailDecide.leftOut', numbers(leftOut))}</p>}
      <div className="flex flex-wrap justify-end gap-2">
        <Button look={verdict === 'TRY_NOW' ? 'secondary' : 'primary'} onClick={onNo}>
          {t('mailDecide.no')}
        </Button>
        <Button look={verdict === 'TRY_NOW' ? 'primary' : 'danger'} reason={pending ? t('mailDecide.deciding') : undefined} onClick={() => onYes(question)}>
          {pending ? t('mailDecide.deciding') : t(`mailDecide.yes.${verdict}`)}
        </Button>
      </div>
    </div>
  )
}

/** Why a decision was not taken, or may not have been. */
export function DecideFault({ error }: { error: Error | null }) {
  const { t } = useTranslation()
  if (!error) return null
  if (error instanceof RefusedQuestion) {
    return (
      <Band tone="bad" role="alert">
        <p className="font-bold">{t('mailDecide.failedPlain')}</p>
        {error.problems.map((problem) => (
          <p key={`${problem.field} ${problem.code}`}>
            <TypedText text={problemText(problem)} />
          </p>
        ))}
      </Band>
    )
  }
  const unknown = error instanceof Fault && (error.code === 'NETWORK' || error.code === 'TIMEOUT')
  return <FaultBand error={error} lead={t(unknown ? 'mailDecide.failed' : 'mailDecide.failedPlain')} />
}
