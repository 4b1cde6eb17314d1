// What the letter says: of a decision, or, while there is none, of an extension. The words are Japanese and polite.
import { erasureOf } from '../../forms/request-fields'
import type { CaseText, RequestRecord } from '../../graphql/cases'
import type { PrivacyRequestKind, RequestOutcome } from '../../graphql/gql/graphql'
import { formatEra } from '../../lib/format'

export interface Letter {
  to: string
  title: string
  paragraphs: string[]
  items: { term: string; text: string }[]
}

const KIND: Record<PrivacyRequestKind, string> = { DISCLOSURE: '開示', CORRECTION: '訂正', STOP_OF_USE: '利用停止', ERASURE: '消去' }
const OUTCOME: Record<RequestOutcome, string> = { GRANTED: 'ご請求に応じることといたしました', PARTLY: 'ご請求の一部に応じることといたしました', REFUSED: 'ご請求に応じないことといたしました' }

const words = (text: CaseText | undefined) => (text && 'text' in text ? text.text : undefined)

/** Undefined where nothing is decided or extended, and for those who may not see who asks. */
export function letterOf(record: RequestRecord): Letter | undefined {
  const { summary, requester, history } = record
  if (requester.__typename !== 'Requester') return undefined
  const kind = KIND[summary.kind]
  const asked = { term: 'ご請求の内容', text: words(record.wanted) ?? '' }
  const received = `${formatEra(summary.receivedOn)}に受け付けましたあなた様からの個人情報の${kind}のご請求について、`
  const decided = history.findLast((entry) => entry.kind === 'DECIDED')
  const to = requester.name
  const agent = requester.actsFor ? [{ term: '本人', text: `${requester.actsFor} 様` }] : []
  if (decided?.outcome) {
    const reason = words(decided.text)
    // What a second person has not agreed to is not done.
    const isDone = ({ kind: what, measure }: RequestRecord['history'][number]) => what === 'MEASURE_RECORDED' && (!measure || (erasureOf(measure) ?? 'done') === 'done')
    const measures = history.filter(isDone).map((entry) => words(entry.text) ?? '')
    return {
      to,
      title: `個人情報の${kind}のご請求に対する回答について`,
      paragraphs: [`${received}検討いたしました結果、下記のとおり${OUTCOME[decided.outcome]}ので、お知らせ申し上げます。`, 'ご不明な点がございましたら、事務局までお問い合わせくださいますようお願い申し上げます。'],
      items: [
        asked,
        ...agent,
        { term: '決定', text: decided.outcome === 'REFUSED' ? `${kind}のご請求に応じません。` : decided.outcome === 'PARTLY' ? `${kind}のご請求の一部に応じます。` : `${kind}のご請求に応じます。` },
        ...(reason ? [{ term: '理由', text: reason }] : []),
        ...(measures.length > 0 ? [{ term: '行った措置', text: measures.join('\n') }] : []),
      ],
    }
  }
  const extended = history.findLast((entry) => entry.kind === 'EXTENDED')
  if (!extended?.dueOn) return undefined
  return {
    to,
    title: `個人情報の${kind}のご請求に係る期限の延長について`,
    paragraphs: [`${received}下記のとおり決定の期限を延長させていただきますので、お知らせ申し上げます。`, 'お待たせいたしますことをお詫び申し上げますとともに、ご理解くださいますようお願い申し上げます。'],
    items: [asked, ...agent, { term: '延長後の期限', text: formatEra(extended.dueOn) }, { term: '延長の理由', text: words(extended.text) ?? '' }],
  }
}
