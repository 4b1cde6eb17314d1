// The state that lives in the URL, and the guards that make any typed URL harmless.
import type { BulkOutcome, ContactState, DeadlineScope, DeclarationSort, DeclarationState, FlagCode, InquirySort, JobState, MailState, Pledge, PolicyState, Provenance, SizeClass, Star } from '../graphql/gql/graphql'
import { type AskedTime, readWall } from './audit-wall'
import { readDay } from './date-text'
import { isKnownMonth } from './months'

export const STARS = ['ONE', 'TWO'] as const satisfies readonly Star[]
export const STATES = ['ACTIVE', 'STOPPED', 'SUPERSEDED', 'MERGED'] as const satisfies readonly DeclarationState[]
export const SORTS = ['DECLARED_ON_DESC', 'DECLARED_ON_ASC', 'NUMBER_ASC', 'NUMBER_DESC', 'CHANGED_DESC', 'CHANGED_ASC'] as const satisfies readonly DeclarationSort[]
export const FLAGS = [
  'CORPORATE_NUMBER_DUPLICATE',
  'CORPORATE_NUMBER_MISSING',
  'CORPORATE_NUMBER_LENGTH',
  'CORPORATE_NUMBER_CHECK_DIGIT',
  'INDUSTRY_UNKNOWN',
  'EMPLOYEES_MISSING',
  'EMPLOYEES_UNREADABLE',
  'POLICY_MISSING',
  'POLICY_NOT_URL',
  'EMAIL_MISSING',
  'EMAIL_UNREADABLE',
  'EMAIL_NOT_RFC',
  'STOPPED_DATE_MISSING',
  'NAME_CHARACTERS',
  'PROXY_SUSPECTED',
  'CONTACT_UNREACHABLE',
] as const satisfies readonly FlagCode[]

/** Every value is plain text in the URL (`?state=ACTIVE,STOPPED`), never JSON, so that people can read and mend links. */
export function parseSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

export function stringifySearch(search: object): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(search)) {
    const text = Array.isArray(value) ? value.join(',') : value
    if (text !== undefined && text !== null && text !== '') params.set(key, String(text))
  }
  const text = params.toString().replaceAll('%2C', ',')
  return text === '' ? '' : `?${text}`
}

type Raw = Record<string, unknown>

const textOf = (raw: Raw, key: string) => {
  const value = raw[key]
  return typeof value === 'string' && value.trim() !== '' ? value : undefined
}

function oneOf<T extends string>(raw: Raw, key: string, allowed: readonly T[]): T | undefined {
  return allowed.find((item) => item === raw[key])
}

function someOf<T extends string>(raw: Raw, key: string, allowed: readonly T[]): T[] | undefined {
  const value = raw[key]
  const wanted = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : []
  const found = allowed.filter((item) => wanted.includes(item))
  return found.length > 0 ? found : undefined
}

/** Words of a list whose page knows which there are: all of them would weigh in the first load. */
function wordsOf<T extends string>(raw: Raw, key: string): T[] | undefined {
  const value = raw[key]
  const found = String(Array.isArray(value) ? value : (value ?? '')).split(',').filter((word) => /^[A-Za-z_]{1,24}$/.test(word))
  return found.length > 0 ? ([...new Set(found)] as T[]) : undefined
}

const dayOf = (raw: Raw, key: string) => {
  const day = matching(raw, key, /^\d{4}-\d{2}-\d{2}$/)
  // `Date.parse` would take 31 February for 3 March.
  return day && readDay(day)
}

const matching = (raw: Raw, key: string, shape: RegExp) => {
  const value = textOf(raw, key)
  return value !== undefined && shape.test(value) ? value : undefined
}

/** Rows fetched at a time. */
export const PAGE_SIZE = 50
export const MOST_ROWS = 1000

const rowsOf = (value: unknown) => {
  const rows = typeof value === 'number' || (typeof value === 'string' && /^\d{1,6}$/.test(value)) ? Number(value) : 0
  return rows > PAGE_SIZE ? Math.min(rows, MOST_ROWS) : undefined
}

const PREFECTURE_CODES = Array.from({ length: 47 }, (_, index) => String(index + 1).padStart(2, '0'))

export interface DeclarationListSearch {
  q?: string
  star?: Star[]
  state?: DeclarationState[]
  pref?: string[]
  flag?: FlagCode[]
  /** Letters of industries. */
  ind?: string[]
  size?: SizeClass[]
  pledge?: Pledge[]
  origin?: Provenance[]
  policy?: PolicyState[]
  contact?: ContactState[]
  /** Whether it is shown in the public search. */
  pub?: 'YES' | 'NO'
  /** Only those that mail does not reach. */
  bounced?: 'YES'
  /** How the city begins. */
  city?: string
  /** Declared between these days. */
  from?: string
  until?: string
  /** Changed between these days. */
  cfrom?: string
  cto?: string
  sort?: DeclarationSort
  /** Columns in their order; left out: those that everybody begins with. */
  cols?: string[]
  /** The height of rows; left out: what the person likes. */
  rows?: 'compact' | 'normal'
  /** The record shown in the side panel. */
  peek?: string
  /** How many rows were asked for with "more", so that a reload or a copied address shows them too. */
  shown?: number
}

export function declarationListSearch(raw: Raw): DeclarationListSearch {
  return {
    q: textOf(raw, 'q'),
    star: someOf(raw, 'star', STARS),
    state: someOf(raw, 'state', STATES),
    pref: someOf(raw, 'pref', PREFECTURE_CODES),
    flag: someOf(raw, 'flag', FLAGS),
    ind: wordsOf(raw, 'ind'),
    size: wordsOf(raw, 'size'),
    pledge: wordsOf(raw, 'pledge'),
    origin: wordsOf(raw, 'origin'),
    policy: wordsOf(raw, 'policy'),
    contact: wordsOf(raw, 'contact'),
    pub: oneOf(raw, 'pub', ['YES', 'NO']),
    bounced: oneOf(raw, 'bounced', ['YES']),
    city: textOf(raw, 'city')?.slice(0, 40),
    from: dayOf(raw, 'from'),
    until: dayOf(raw, 'until'),
    cfrom: dayOf(raw, 'cfrom'),
    cto: dayOf(raw, 'cto'),
    cols: wordsOf(raw, 'cols'),
    rows: oneOf(raw, 'rows', ['compact', 'normal']),
    sort: oneOf(raw, 'sort', SORTS),
    peek: textOf(raw, 'peek'),
    shown: rowsOf(raw.shown),
  }
}

export interface NewBulkChangeSearch extends DeclarationListSearch {
  /** How the records were chosen: one by one, by a list of numbers, or all that the list has that is narrowed so. */
  by?: 'ids' | 'numbers' | 'filter'
}

export const newBulkChangeSearch = (raw: Raw): NewBulkChangeSearch => ({
  ...declarationListSearch(raw),
  sort: undefined,
  peek: undefined,
  shown: undefined,
  by: oneOf(raw, 'by', ['ids', 'numbers', 'filter']),
})

/** Which of a queue are shown; left out: those that nobody has decided about. */
export const reviewListSearch = (raw: Raw): { list?: 'MINE' | 'DECIDED' } => ({ list: oneOf(raw, 'list', ['MINE', 'DECIDED'] as const) })

export interface InquiryListSearch {
  /** The page looks whether there is such a queue, such a tag: all of them would weigh in the first load. */
  queue?: string
  tag?: string
  /** Who takes care of it. */
  staff?: string
  q?: string
  sort?: InquirySort
  /** The inquiry that is open beside the list. */
  id?: string
  /** The sheet that is open over it; the page looks whether there is such a one. */
  do?: string
  /** See `DeclarationListSearch`. */
  shown?: number
}

export const inquiryListSearch = (raw: Raw): InquiryListSearch => ({
  queue: matching(raw, 'queue', /^[A-Z]{1,12}$/),
  tag: matching(raw, 'tag', /^[A-Z_]{1,24}$/),
  staff: matching(raw, 'staff', /^[0-9a-f-]{36}$/),
  q: textOf(raw, 'q')?.slice(0, 200),
  sort: oneOf(raw, 'sort', ['NEWEST', 'DUE'] as const),
  id: matching(raw, 'id', /^[0-9a-f-]{36}$/),
  do: matching(raw, 'do', /^[a-z]{1,10}$/),
  shown: rowsOf(raw.shown),
})

export interface ArticleListSearch {
  q?: string
  /** The page looks whether there is such a one: all of them would weigh in the first load. */
  category?: string
  state?: string
  due?: 'yes'
  /** See `DeclarationListSearch`. */
  shown?: number
}

export const articleListSearch = (raw: Raw): ArticleListSearch => ({
  q: textOf(raw, 'q')?.slice(0, 200),
  category: matching(raw, 'category', /^[A-Z_]{1,24}$/),
  state: matching(raw, 'state', /^[A-Z]{1,12}$/),
  due: oneOf(raw, 'due', ['yes'] as const),
  shown: rowsOf(raw.shown),
})

/** The page says of what it cannot read that it cannot. */
export const inquiryNumberSearch = (raw: Raw): { from?: string; until?: string } => ({ from: textOf(raw, 'from'), until: textOf(raw, 'until') })

/** `retired`: those that are not used any more are shown, too. */
export const templateListSearch = (raw: Raw): { retired?: 'with' } => ({ retired: oneOf(raw, 'retired', ['with'] as const) })

const BULK_OUTCOMES = ['CHANGED', 'UNCHANGED', 'REFUSED', 'CHANGED_SINCE', 'GONE'] as const satisfies readonly BulkOutcome[]

/** Whose records are shown. */
export const bulkChangeSearch = (raw: Raw): { outcome?: BulkOutcome } => ({ outcome: oneOf(raw, 'outcome', BULK_OUTCOMES) })

/** What of that which was found is shown: one code, or also doubts about rows that are taken over; and whether columns are chosen anew. */
export const importSearch = (raw: Raw): { code?: string; of?: 'warnings'; map?: 'again' } => ({
  code: textOf(raw, 'code'),
  of: oneOf(raw, 'of', ['warnings']),
  map: oneOf(raw, 'map', ['again']),
})

export interface BatchListSearch {
  /** See `DeclarationListSearch`. */
  shown?: number
}

/** Bulk changes and imports. */
export const batchListSearch = (raw: Raw): BatchListSearch => ({ shown: rowsOf(raw.shown) })

/** Whose files are shown. */
export const exportListSearch = (raw: Raw): BatchListSearch & { of?: 'ALL' } => ({ of: oneOf(raw, 'of', ['ALL']), shown: rowsOf(raw.shown) })

/** The view that is to be written, with the columns of the list. */
export const newExportSearch = (raw: Raw): DeclarationListSearch => ({ ...declarationListSearch(raw), peek: undefined, shown: undefined })

/** `take`: it is taken by itself as soon as it is there. */
export const exportSearch = (raw: Raw): { take?: 'yes' } => ({ take: oneOf(raw, 'take', ['yes']) })

export interface DeclarationSearch {
  asOf?: string
  recordedUpTo?: string
  /** The history entry to point out. */
  event?: string
  /** The inquiry that asks for what is done here. */
  inquiry?: string
}

export function declarationSearch(raw: Raw): DeclarationSearch {
  return {
    asOf: dayOf(raw, 'asOf'),
    recordedUpTo: matching(raw, 'recordedUpTo', /^\d{1,19}$/),
    event: matching(raw, 'event', /^\d{1,19}$/),
    inquiry: matching(raw, 'inquiry', /^[0-9a-f-]{36}$/),
  }
}

export interface CorrectSearch {
  field?: string
}

/** The form looks whether there is such a field: what is known of fields would weigh in the first load. */
export const correctSearch = (raw: Raw): CorrectSearch => ({ field: matching(raw, 'field', /^[A-Z_]{1,40}$/) })

export interface CommandSearch {
  /** The warning that is to be cleared. */
  flag?: string
  /** The entry that is to be taken back. Not `event`, which the page behind points out. */
  entry?: string
}

export const commandSearch = (raw: Raw): CommandSearch => ({ flag: matching(raw, 'flag', /^[A-Z_]{1,40}$/), entry: matching(raw, 'entry', /^\d{1,19}$/) })

export interface NewDeclarationSearch {
  /** The declaration that was made: its number is shown, also after a reload. */
  made?: string
}

export const newDeclarationSearch = (raw: Raw): NewDeclarationSearch => ({ made: matching(raw, 'made', /^[0-9a-f-]{36}$/) })

export interface LookUpSearch {
  /** What is looked for. */
  q?: string
}

export const lookUpSearch = (raw: Raw): LookUpSearch => ({ q: textOf(raw, 'q') })

export const SCOPES = ['UPCOMING', 'PAST'] as const satisfies readonly DeadlineScope[]

export interface CalendarSearch {
  /** As `2026-12`; without it the month of today. */
  month?: string
  scope?: DeadlineScope
}

export function calendarSearch(raw: Raw): CalendarSearch {
  const month = matching(raw, 'month', /^\d{4}-(0[1-9]|1[0-2])$/)
  return { month: month && isKnownMonth(month) ? month : undefined, scope: oneOf(raw, 'scope', SCOPES) }
}

export const JOB_STATES = ['RUNNING', 'READY', 'DEAD', 'DONE', 'CANCELLED'] as const satisfies readonly JobState[]

export interface JobListSearch {
  state?: JobState
  /** How many rows were asked for with "more". */
  shown?: number
}

export const jobListSearch = (raw: Raw): JobListSearch => ({ state: oneOf(raw, 'state', JOB_STATES), shown: rowsOf(raw.shown) })

export const STAFF_STATES = ['ENABLED', 'DISABLED', 'ALL'] as const
export type StaffState = (typeof STAFF_STATES)[number]

export interface StaffSearch {
  /** Left out: those who can sign in. */
  state?: StaffState
}

export function staffSearch(raw: Raw): StaffSearch {
  const state = oneOf(raw, 'state', STAFF_STATES)
  return { state: state === 'ENABLED' ? undefined : state }
}

export const APPROVAL_VIEWS = ['OPEN', 'ALL'] as const
export type ApprovalView = (typeof APPROVAL_VIEWS)[number]

export interface ApprovalListSearch {
  /** Left out: what can still be decided. */
  view?: 'ALL'
  /** How many rows were asked for with "more". */
  shown?: number
}

export const approvalListSearch = (raw: Raw): ApprovalListSearch => ({ view: oneOf(raw, 'view', ['ALL']), shown: rowsOf(raw.shown) })

/** Requests of data subjects, and incidents. */
export const caseListSearch = approvalListSearch

/** In the order of a mail's life. */
export const MAIL_STATES = ['QUEUED', 'CLAIMED', 'DEFERRED', 'IN_DOUBT', 'PARKED', 'ACCEPTED', 'BOUNCED', 'SUPPRESSED', 'CANCELLED'] as const satisfies readonly MailState[]

export interface MailListSearch {
  address?: string
  /** Of a declaration: mails about its organisation. */
  number?: string
  state?: MailState[]
  /** See `DeclarationListSearch`. */
  shown?: number
}

export const mailListSearch = (raw: Raw): MailListSearch => ({
  address: textOf(raw, 'address'),
  number: matching(raw, 'number', /^\d{1,20}$/),
  state: someOf(raw, 'state', MAIL_STATES),
  shown: rowsOf(raw.shown),
})

export interface SuppressionsSearch {
  address?: string
}

export const suppressionsSearch = (raw: Raw): SuppressionsSearch => ({ address: textOf(raw, 'address') })

export interface ExposureSearch extends AskedTime {
  /** Whose reads. An id that is none goes to the server, which says so: without it more would be shown than was asked for. */
  staff?: string
}

export interface ReadsSearch extends ExposureSearch {
  /** Of a declaration. */
  number?: string
  /** See `DeclarationListSearch`. */
  shown?: number
}

function askedTime(raw: Raw): AskedTime {
  const wall = (key: string) => {
    const text = textOf(raw, key)
    return text !== undefined && readWall(text) ? text : undefined
  }
  const from = wall('from')
  if (from !== undefined) return { from, until: wall('until') }
  return { span: oneOf(raw, 'span', ['TODAY', 'MONTH']) }
}

export const exposureSearch = (raw: Raw): ExposureSearch => ({ ...askedTime(raw), staff: matching(raw, 'staff', /^[\w:-]{1,64}$/) })

export const readsSearch = (raw: Raw): ReadsSearch => ({ ...exposureSearch(raw), number: matching(raw, 'number', /^\d{1,20}$/), shown: rowsOf(raw.shown) })

export interface SecuritySearch extends ExposureSearch {
  /** What happened. */
  kind?: string
  /** See `DeclarationListSearch`. */
  shown?: number
}

/** The page looks whether there is such a kind: all of them would weigh in the first load. */
export const securitySearch = (raw: Raw): SecuritySearch => ({ ...exposureSearch(raw), kind: matching(raw, 'kind', /^[A-Z_]{1,30}$/), shown: rowsOf(raw.shown) })

export interface FigureSearch {
  asOf?: string
  by?: string
  star?: string
  origin?: string
}

/** The page reads them, and says of what it cannot read that it cannot: what there is would weigh in the first load. */
export const figureSearch = (raw: Raw): FigureSearch => ({ asOf: textOf(raw, 'asOf'), by: textOf(raw, 'by'), star: textOf(raw, 'star'), origin: textOf(raw, 'origin') })

/** What became of somebody who comes back from the identity provider, as the server says it. */
const PROVIDER_WORDS = ['linked', 'over', 'denied', 'unreachable', 'invalid', 'unknown', 'no_role', 'not_fresh', 'taken', 'fault'] as const
export type ProviderWord = (typeof PROVIDER_WORDS)[number]

export interface SignInSearch {
  to?: string
  sso?: ProviderWord
}

/** Only a path of this site may be returned to after signing in. */
export const signInSearch = (raw: Raw): SignInSearch => ({ to: matching(raw, 'to', /^\/(?![/\\])[^\\]*$/), sso: oneOf(raw, 'sso', PROVIDER_WORDS) })

export interface AccountSearch {
  sso?: ProviderWord
}

export const accountSearch = (raw: Raw): AccountSearch => ({ sso: oneOf(raw, 'sso', PROVIDER_WORDS) })

export interface InvitationSearch {
  token?: string
  /** The identity provider has vouched. */
  sso?: 'vouched'
}

export const invitationSearch = (raw: Raw): InvitationSearch => ({ token: textOf(raw, 'token'), sso: oneOf(raw, 'sso', ['vouched']) })

export interface StatusCheckSearch {
  /** By which outcome the answers are looked at; the page knows which there are. */
  outcome?: string
  shown?: number
}

export const statusCheckSearch = (raw: Raw): StatusCheckSearch => ({ outcome: matching(raw, 'outcome', /^[a-z_]{1,30}$/), shown: rowsOf(raw.shown) })
