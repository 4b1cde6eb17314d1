// The entries of a request of a data subject in words.
import { Link } from '@tanstack/react-router'
import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { ApprovalChips } from '../approvals/chips'
import type { RequestRecord } from '../../graphql/cases'
import type { PrivacyRequestEntryKind } from '../../graphql/gql/graphql'
import { currentLanguage } from '../../i18n'
import { formatDate, formatDeclarationNumber } from '../../lib/format'
import type { IconName } from '../../ui/icons'
import { TypedText } from '../../ui/typed-text'
import type { ShownEntry } from './history'

const ICONS: Record<PrivacyRequestEntryKind, IconName> = {
  OPENED: 'flag',
  CONCERNED: 'declaration',
  ASSIGNED: 'user',
  IDENTITY_CHECKED: 'lock',
  PAUSED: 'pause',
  RESUMED: 'play',
  EXTENDED: 'calendar',
  DECIDED: 'approval',
  MEASURE_RECORDED: 'check',
  ANSWERED: 'mail',
  NOTED: 'edit',
  CLOSED: 'check',
  FORGOTTEN: 'lock',
}

const LINK = 'inline-flex min-h-6 items-center touch:min-h-11'

const day = (text: string) => formatDate(text, currentLanguage(), 'dateWithDay')

export function requestEntries(record: RequestRecord, t: TFunction): ShownEntry[] {
  const number = (id: string) => formatDeclarationNumber(record.records.find((item) => item.id === id)?.number ?? id)
  return record.history.map((entry): ShownEntry => {
    const lines: ReactNode[] = []
    if (entry.on) lines.push(<span className="num">{day(entry.on)}</span>)
    if (entry.channel) lines.push(t(`requests.channel.${entry.channel}`))
    if (entry.method) lines.push(t(`requests.method.${entry.method}`))
    if (typeof entry.isConfirmed === 'boolean') lines.push(t(entry.isConfirmed ? 'requests.confirmed' : 'requests.unconfirmed'))
    if (entry.outcome) lines.push(t(`requests.outcome.${entry.outcome}`))
    if (entry.dueOn) lines.push(t('requests.dueNow', { day: day(entry.dueOn) }))
    if (entry.closing) lines.push(t(`requests.closing.${entry.closing}`))
    if (entry.kind === 'ASSIGNED') lines.push(<TypedText text={entry.handler ?? t('requests.noHandler')} />)
    const { measure } = entry
    if (measure && !measure.approvalId) lines.push(t(`requests.measure.${measure.kind}`))
    if (measure?.approvalStatus) lines.push(<ApprovalChips row={{ status: measure.approvalStatus, isBypass: false }} />)
    if (measure?.declarationId)
      lines.push(
        <Link to="/declarations/$id" params={{ id: measure.declarationId }} className={LINK}>
          {number(measure.declarationId)}
          {measure.version && `${t('app.joint')}${t('cases.version', { version: measure.version })}`}
        </Link>,
      )
    if (measure?.approvalId)
      lines.push(
        <Link to="/approvals/$id" params={{ id: measure.approvalId }} className={LINK}>
          {t('requests.approvalLink')}
        </Link>,
      )
    const word = measure?.approvalId ? t('requests.entryErasure') : t(`requests.entry.${entry.kind}`)
    return { at: entry.at, by: entry.by, icon: measure?.approvalId ? 'approval' : ICONS[entry.kind], word, lines, text: entry.text }
  })
}
