// 200 invented declarations with some life in them. Office code 9999 and example.jp only; the same on every start.

export const PREFECTURES =
  '北海道,青森県,岩手県,宮城県,秋田県,山形県,福島県,茨城県,栃木県,群馬県,埼玉県,千葉県,東京都,神奈川県,新潟県,富山県,石川県,福井県,山梨県,長野県,岐阜県,静岡県,愛知県,三重県,滋賀県,京都府,大阪府,兵庫県,奈良県,和歌山県,鳥取県,島根県,岡山県,広島県,山口県,徳島県,香川県,愛媛県,高知県,福岡県,佐賀県,長崎県,熊本県,大分県,宮崎県,鹿児島県,沖縄県'
    .split(',')
    .map((name, index) => ({ code: String(index + 1).padStart(2, '0'), name }))

/** A small generator with a fixed seed: a mock that changes between runs makes bad screenshots. */
function dice(seed) {
  let state = seed
  const next = () => {
    state = (state * 1664525 + 1013904223) % 4294967296
    return state / 4294967296
  }
  return { chance: (share) => next() < share, pick: (list) => list[Math.floor(next() * list.length)], below: (limit) => Math.floor(next() * limit) }
}

const STEMS = [['みほん', 'ミホン'], ['つばさ', 'ツバサ'], ['東洋', 'トウヨウ'], ['若葉', 'ワカバ'], ['髙木', 'タカギ'], ['山﨑', 'ヤマサキ'], ['清流', 'セイリュウ'], ['オーシャン', 'オーシャン'], ['みなと', 'ミナト'], ['北斗', 'ホクト'], ['あけぼの', 'アケボノ'], ['富士見', 'フジミ']]
const TRADES = [['製作所', 'セイサクショ', 'E'], ['会計事務所', 'カイケイジムショ', 'L'], ['システム', 'システム', 'G'], ['歯科医院', 'シカイイン', 'P'], ['運輸', 'ウンユ', 'H'], ['建設', 'ケンセツ', 'D'], ['商店', 'ショウテン', 'I'], ['印刷', 'インサツ', 'E'], ['設計', 'セッケイ', 'L'], ['食堂', 'ショクドウ', 'M']]
const FAMILY = [['見本', 'ミホン'], ['加藤', 'カトウ'], ['髙橋', 'タカハシ'], ['渡邊', 'ワタナベ'], ['伊藤', 'イトウ'], ['鈴木', 'スズキ']]
const GIVEN = [['太郎', 'タロウ'], ['花子', 'ハナコ'], ['美咲', 'ミサキ'], ['健一', 'ケンイチ'], ['陽菜', 'ヒナ']]
const CITIES = ['みほん市', 'みほん区中央', 'さくら市', '若葉町']

/** The check digit in front of a 12-digit base (domain: 9 − Σ Pn·Qn mod 9). */
function corporateNumber(serial) {
  const base = `99990${1 + (serial % 3)}${String(serial).padStart(6, '0')}`
  const sum = [...base].toReversed().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 1 : 2), 0)
  return `${9 - (sum % 9)}${base}`
}

const day = (year, month, date) => `${year}-${String(month).padStart(2, '0')}-${String(date).padStart(2, '0')}`

function organizationName(roll, index) {
  const [stem, stemKana] = STEMS[index % STEMS.length]
  const [trade, tradeKana, industry] = roll.pick(TRADES)
  const name = roll.pick([`株式会社${stem}${trade}`, `${stem}${trade}株式会社`, `㈱${stem}${trade}`, `有限会社${stem}${trade}`])
  return { name, kana: stemKana + tradeKana, industry, trade: stem + trade }
}

function person(roll) {
  const [family, familyKana] = roll.pick(FAMILY)
  const [given, givenKana] = roll.pick(GIVEN)
  return { name: `${family} ${given}`, kana: `${familyKana} ${givenKana}` }
}

/** The facts of declaration `index` as they were first stated, and which warnings it has. */
function firstFacts(roll, index) {
  const entity = index % 9 === 4 ? '個人事業主' : index % 14 === 6 ? 'その他団体' : '法人'
  const organization = organizationName(roll, index)
  const owner = person(roll)
  const contact = person(roll)
  const old = index < 90
  const year = old ? 2018 + (index % 8) : 2026
  const star = roll.chance(0.35) ? '2' : '1'
  const number = old ? `4999${String(index).padStart(7, '0')}` : `5999${String(index).padStart(7, '0')}`
  const flags = []
  const facts = {
    DECLARATION_NO: number,
    DECLARED_ON: day(year, old ? 1 + (index % 12) : 4 + (index % 7), 1 + ((index * 7) % 28)),
    STAR: star,
    PLEDGE_VERSION: old ? '5か条' : '6か条',
    PUBLISH_CONSENT: roll.chance(0.8) ? '同意' : '同意しない',
    NAME: entity === '個人事業主' ? owner.name : entity === '法人' ? organization.name : `特定非営利活動法人${organization.trade}`,
    NAME_KANA: entity === '個人事業主' ? owner.kana : organization.kana,
    TRADE_NAME: entity === '個人事業主' ? organization.trade : '',
    ENTITY_TYPE: entity,
    CORPORATE_NUMBER: entity === '個人事業主' ? '' : corporateNumber(index === 141 ? 140 : index + 1),
    INDUSTRY: organization.industry,
    EMPLOYEES: roll.pick(['18', '3', '約20人', '120', '7名', '45']),
    CAPITAL_YEN: entity === '法人' ? roll.pick(['10000000', '3000000', '1,000万円', '50000000']) : '',
    POSTAL_CODE: `${100 + index}${String(index * 37).padStart(4, '0').slice(-4)}`,
    PREFECTURE: PREFECTURES[(index * 5 + 12) % 47].name,
    CITY: roll.pick(CITIES),
    STREET: `${1 + roll.below(9)}丁目${1 + roll.below(20)}-${1 + roll.below(9)}`,
    BUILDING: roll.chance(0.3) ? 'みほんビル 3階' : '',
    REPRESENTATIVE_TITLE: entity === '法人' ? '代表取締役' : '代表',
    REPRESENTATIVE_NAME: owner.name,
    CONTACT_NAME: contact.name,
    CONTACT_DEPARTMENT: roll.pick(['総務部', '情報システム課', '']),
    CONTACT_EMAIL: index % 31 === 5 ? `mihon..${index}@example.jp` : `info${index}@example.jp`,
    CONTACT_PHONE: `03-0000-${String(index).padStart(4, '0')}`,
    DIAGNOSIS_SCORE: star === '2' ? String(60 + roll.below(40)) : '',
    POLICY_URL: star === '2' ? (index % 17 === 3 ? '社内に掲示' : `https://example.jp/${index}/policy`) : '',
    POLICY_PUBLISHED_ON: star === '2' ? day(year, 5, 12) : '',
    REMARKS: roll.chance(0.15) ? '電話での問い合わせは\n午前中を希望' : '',
  }
  if (index % 23 === 7 && entity !== '個人事業主') {
    facts.CORPORATE_NUMBER = ''
    flags.push('CORPORATE_NUMBER_MISSING')
  }
  if (index === 140 || index === 141) flags.push('CORPORATE_NUMBER_DUPLICATE')
  if (index % 31 === 5) flags.push('EMAIL_NOT_RFC')
  if (facts.POLICY_URL === '社内に掲示') flags.push('POLICY_NOT_URL')
  if (index % 29 === 11) {
    facts.EMPLOYEES = '数名'
    flags.push('EMPLOYEES_UNREADABLE')
  }
  return { facts, flags }
}

const STAFF = ['見本 花子', '若葉 三郎', '清流 美咲']

/** Declarations with their events, oldest first; positions are given in the order of recording over all of them. */
export function makeRegister() {
  const roll = dice(20260512)
  const events = []
  const declarations = Array.from({ length: 200 }, (_, index) => {
    const { facts, flags } = firstFacts(roll, index)
    const id = `declaration:01990000-0000-7000-8000-${String(index).padStart(12, '0')}`
    const old = facts.DECLARATION_NO.startsWith('4')
    const add = (recordedAt, rest) => events.push({ id, recordedAt, effectiveAt: rest.effectiveAt ?? recordedAt.slice(0, 10), changes: [], ...rest })
    const firstDay = old ? '2026-04-01T00:30:00Z' : `${facts.DECLARED_ON}T0${index % 8}:1${index % 6}:00Z`
    add(firstDay, {
      kind: old ? 'REGISTERED' : 'MADE',
      origin: old ? 'legacy' : 'public',
      effectiveAt: facts.DECLARED_ON,
      actor: old ? { kind: 'SYSTEM', name: '' } : { kind: 'DECLARER', name: '' },
    })
    for (const flag of flags) add(firstDay, { kind: 'FLAG_RAISED', flag, effectiveAt: facts.DECLARED_ON, actor: { kind: 'SYSTEM', name: '' } })
    // Later events only make sense for what was there before.
    const early = firstDay < '2026-06-01'
    if (early && roll.chance(0.6)) {
      add(`2026-0${6 + roll.below(3)}-1${roll.below(9)}T0${1 + roll.below(7)}:25:00Z`, {
        kind: 'CORRECTED', correctionKind: 'ERROR', effectiveAt: facts.DECLARED_ON, reason: '本人からの電話で確認', actor: { kind: 'STAFF', name: roll.pick(STAFF) },
        changes: [{ field: 'STREET', old: '1丁目2-3', new: facts.STREET }],
      })
    }
    if (early && roll.chance(0.4)) {
      add('2026-09-02T01:40:00Z', {
        kind: 'CORRECTED', correctionKind: 'CHANGE', since: '2026-08-20', effectiveAt: '2026-08-20', reason: '移転の届出(メール)', actor: { kind: 'STAFF', name: roll.pick(STAFF) },
        changes: [{ field: 'CITY', old: '旧みほん町', new: facts.CITY }, { field: 'BUILDING', old: '', new: facts.BUILDING }],
      })
    }
    if (index % 8 === 3 && firstDay < '2026-10-01') {
      const dated = index % 16 === 3
      add('2026-10-05T06:20:00Z', {
        kind: 'STOPPED', stop: { kind: index % 3 === 0 ? 'CLOSED' : 'STOPPED', on: dated ? '2026-10-01' : null }, effectiveAt: '2026-10-01', reason: '廃業の届出', actor: { kind: 'STAFF', name: roll.pick(STAFF) },
      })
      if (!dated) flags.push('STOPPED_DATE_MISSING')
    }
    return { id, facts, flags, organizationId: `organization:${index === 141 ? 140 : index}`, superseded: index % 25 === 20 }
  })
  events.sort((a, b) => a.recordedAt.localeCompare(b.recordedAt))
  for (const [index, event] of events.entries()) event.position = index + 1
  return { declarations, events }
}
