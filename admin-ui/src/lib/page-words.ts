// Which words a page needs besides those of the shell: it is shown when they have come, too.
import { needWords, type Part } from '../i18n'

/** A page when its words have come too: of the register unless another part is named. */
export const withWords = <T,>(page: () => Promise<T>, part: Part = 'register') => async () => {
  const [loaded] = await Promise.all([page(), needWords(part)])
  return loaded
}

/** 要確認: words of their own, those of declarations, and those of the home page and of what runs by itself. */
export const reviews = <T,>(page: () => Promise<T>) => withWords(withWords(withWords(withWords(withWords(page, 'register'), 'cases'), 'operations'), 'settings'), 'reviews')

/** What else can be done with a record: words of its own, those of the sheets, and those of the one form. */
export const commands = <T,>(page: () => Promise<T>) => withWords(withWords(withWords(withWords(page, 'records'), 'settings'), 'cases'))

/** Schedules and jobs: words of their own, and those of the sheets. */
export const operations = <T,>(page: () => Promise<T>) => withWords(withWords(page, 'operations'), 'settings')

/** Accounts: words of their own, also of the proof before a file leaves and of how that went, and those of what runs by itself. */
export const accounts = <T,>(page: () => Promise<T>) => withWords(operations(page), 'staff')

/** Requests: words of their own, and those of the accounts that they are about. */
export const requests = <T,>(page: () => Promise<T>) => withWords(withWords(accounts(page), 'approvals'))

/** Changes of many declarations: words of their own, of fields, forms, approvals, and of what runs by itself. */
export const bulk = <T,>(page: () => Promise<T>) => withWords(withWords(withWords(withWords(accounts(page), 'register'), 'cases'), 'approvals'), 'bulk')

/** Files with a view of the register. */
export const files = <T,>(page: () => Promise<T>) => withWords(withWords(withWords(withWords(accounts(page), 'register'), 'cases'), 'approvals'), 'exports')

/** Imports: words of their own, of approvals, and of what runs by itself. */
export const imports = <T,>(page: () => Promise<T>) => withWords(withWords(withWords(accounts(page), 'register'), 'approvals'), 'import')

/** Requests of data subjects and incidents: words of their own, those of fields, of approvals, and of what runs by itself. */
export const cases = <T,>(page: () => Promise<T>) => withWords(withWords(withWords(withWords(accounts(page), 'register'), 'cases'), 'approvals'), 'audit')

/** 問い合わせ: words of their own, those of what stands beside a thread, those of mails, of declarations, of cases and sheets, and of what runs by itself. */
export const inquiries = <T,>(page: () => Promise<T>) => withWords(withWords(withWords(withWords(withWords(operations(page), 'register'), 'cases'), 'mail'), 'desk'), 'inquiries')

/** Who saw whose data: words of its own, those of accounts, and those of the printed register. */
export const auditing = <T,>(page: () => Promise<T>) => withWords(withWords(accounts(page)), 'audit')
