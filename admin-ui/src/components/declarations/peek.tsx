// The record beside the list: enough to answer the phone, without leaving the list.
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { declarationQuery, type DeclarationRecord } from '../../graphql/declaration'
import { readFragment } from '../../graphql/gql/fragment-masking'
import { FactPartsFragmentDoc, type DeclarationField } from '../../graphql/gql/graphql'
import { readFact } from '../../lib/declaration-fields'
import { buttonClass, IconButton } from '../../ui/button'
import { Skeleton } from '../../ui/loading'
import { TypedText } from '../../ui/typed-text'
import { FlagChip, StarMark, StateChip } from '../chips'
import { FaultBlock } from '../fault'
import { useNameText } from '../name'
import { FactValue } from './fact-value'

const SHOWN: readonly DeclarationField[] = [
  'DECLARATION_NO', 'DECLARED_ON', 'CORPORATE_NUMBER', 'NAME_KANA', 'TRADE_NAME', 'PREFECTURE', 'CITY', 'INDUSTRY', 'EMPLOYEES',
  'REPRESENTATIVE_NAME', 'CONTACT_NAME', 'CONTACT_DEPARTMENT', 'CONTACT_PHONE', 'CONTACT_EMAIL', 'POLICY_URL', 'REMARKS',
]

export function Peek({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation()
  const nameText = useNameText()
  const { data, error, refetch } = useQuery(declarationQuery(id))
  const record = data?.__typename === 'Declaration' ? data : undefined
  const facts = record && readFragment(FactPartsFragmentDoc, record)
  return (
    <aside aria-label={t('list.peek')} data-print="hide" className="flex w-96 shrink-0 flex-col overflow-auto border-l border-line bg-surface max-md:fixed max-md:inset-0 max-md:z-40 max-md:w-full">
      <header className="sticky top-0 flex items-start gap-2 border-b border-line bg-surface py-2 pr-2 pl-4">
        <div className="min-w-0 flex-1 py-1">
          {(data ?? !error) && (
            <h2 className="text-base">
              {data?.__typename === 'NotFound' && t('fault.recordNotFoundTitle')}
              {facts && <TypedText text={nameText({ name: facts.name, tradeName: facts.tradeName?.typed })} />}
              {!data && <Skeleton className="w-40" />}
            </h2>
          )}
        </div>
        <IconButton icon="close" label={t('action.close')} onClick={onClose} />
      </header>
      {error && !data ? (
        <FaultBlock error={error} onRetry={() => void refetch()} />
      ) : (
        data?.__typename !== 'NotFound' && <Content id={id} record={record} />
      )}
    </aside>
  )
}

function Content({ id, record }: { id: string; record: DeclarationRecord | undefined }) {
  const { t } = useTranslation()
  const facts = record && readFragment(FactPartsFragmentDoc, record)
  return (
    <div className="flex flex-col gap-3 p-4 text-sm leading-normal">
      <p className="flex min-h-6 flex-wrap items-center gap-3">
        {facts ? (
          <>
            <StateChip state={facts.state} />
            <StarMark star={facts.star} />
          </>
        ) : (
          <Skeleton className="w-32" />
        )}
      </p>
      {record && record.flags.length > 0 && (
        <p className="flex flex-wrap gap-1">
          {record.flags.map((flag) => (
            <FlagChip key={flag} flag={flag} />
          ))}
        </p>
      )}
      <dl className="grid grid-cols-[6.5rem_1fr] gap-x-3 gap-y-1.5">
        {SHOWN.map((field) => (
          <div key={field} className="contents">
            <dt className="text-muted">{t(`field.${field}`)}</dt>
            <dd className="min-w-0">{facts ? <FactValue field={field} fact={readFact(facts, field)} /> : <Skeleton className="w-2/3" />}</dd>
          </div>
        ))}
      </dl>
      <div>
        <Link to="/declarations/$id" params={{ id }} className={buttonClass('secondary', false, 'sm')}>
          {t('list.peekOpen')}
        </Link>
      </div>
    </div>
  )
}
