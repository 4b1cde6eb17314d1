// Which keys a page has, by its address: what the list of keys shows first.

/** Each key with what it does, as the catalogue calls it. */
export type KeyLine = readonly [key: string, action: KeyAction]
export type KeyAction =
  | 'search' | 'palette' | 'goList' | 'help' | 'escape' | 'next' | 'previous' | 'open' | 'peek' | 'choose' | 'select' | 'openMail' | 'back'
  | 'correct' | 'commands' | 'note' | 'claim' | 'verdict' | 'decide' | 'nextReview' | 'takeNext' | 'toHome'
  | 'searchHere' | 'reply' | 'assignMe' | 'closeInquiry' | 'openInquiry' | 'chooseInquiry' | 'edit' | 'send' | 'closeThread'

export const EVERYWHERE: readonly KeyLine[] = [['/', 'search'], ['Ctrl+K', 'palette'], ['g', 'goList'], ['?', 'help'], ['Esc', 'escape']]

const ROWS: readonly KeyLine[] = [['j', 'next'], ['k', 'previous'], ['Enter', 'open']]
const BACK: readonly KeyLine[] = [['u', 'back']]
const ID = '[0-9a-f-]{36}'
const KIND = '[a-z-]+'

const PLACES: readonly (readonly [path: string, keys: readonly KeyLine[]])[] = [
  ['/declarations', [...ROWS, [' ', 'peek'], ['x', 'choose']]],
  [`/declarations/${ID}`, [['e', 'correct'], ['a', 'commands'], ['n', 'note'], ...BACK]],
  ['/inquiries', [['j', 'next'], ['k', 'previous'], ['Enter', 'openInquiry'], ['x', 'chooseInquiry'], ['/', 'searchHere'], ['r', 'reply'], ['n', 'note'], ['a', 'assignMe'], ['e', 'closeInquiry'], ['Ctrl+Enter', 'send'], ['u', 'closeThread']]],
  ['/settings/mail', [['j', 'next'], ['k', 'previous'], ['x', 'select'], ['Enter', 'openMail']]],
  [`/reviews/${KIND}`, [...ROWS, ['n', 'takeNext'], ['u', 'toHome']]],
  [`/reviews/${KIND}/${ID}`, [['c', 'claim'], ['1–3', 'verdict'], ['Ctrl+Enter', 'decide'], ['n', 'nextReview'], ...BACK]],
  [`/bulk-changes/${ID}`, [...ROWS, ...BACK]],
  ['/(articles|bulk-changes|imports|exports|approvals|requests|incidents)', ROWS],
  ['/settings/(jobs|schedules|staff|templates)', ROWS],
  ['/audit', ROWS],
  [`/articles/${ID}`, [['e', 'edit'], ...BACK]],
  [`/(imports|exports|approvals|requests|incidents)/${ID}`, BACK],
  [`/settings/(mail|jobs|schedules|staff|templates)/${ID}`, BACK],
]

/** The keys of the page at this address; none where only those of every page do something. */
export const keysAt = (pathname: string): readonly KeyLine[] => PLACES.find(([path]) => new RegExp(`^${path}/?$`).test(pathname))?.[1] ?? []
