// Every route of the console, in code. Pages are loaded when they are first needed.
import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { createRoute, createRouter, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { CrashPage, OutsideCrashPage } from './components/crash'
import { sessionQuery } from './graphql/session'
import { announceArrival } from './lib/arrival'
import { pageOf } from './lib/page-of'
import { accounts, auditing, bulk, cases, commands, files, imports, operations, requests, reviews, withWords } from './lib/page-words'
import { quietHistory } from './lib/quiet-history'
import { accountSearch, approvalListSearch, batchListSearch, bulkChangeSearch, calendarSearch, caseListSearch, commandSearch, correctSearch, declarationListSearch, declarationSearch, exportListSearch, exportSearch, exposureSearch, figureSearch, importSearch, invitationSearch, jobListSearch, lookUpSearch, mailListSearch, newBulkChangeSearch, newDeclarationSearch, newExportSearch, parseSearch, readsSearch, reviewListSearch, securitySearch, signInSearch, staffSearch, statusCheckSearch, stringifySearch, suppressionsSearch } from './lib/search-params'
import { root, settings, shell } from './router-frame'
import { article, articles, changedArticle, inquiryDesk, inquiryNumbers, newArticle, newTemplate, template, templates } from './router-inquiries'

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: signInSearch,
  component: lazyRouteComponent(() => import('./routes/sign-in')),
  errorComponent: OutsideCrashPage,
})

const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  validateSearch: invitationSearch,
  component: lazyRouteComponent(withWords(() => import('./routes/invitation'), 'staff')),
  errorComponent: OutsideCrashPage,
})

const password = createRoute({
  getParentRoute: () => root,
  path: '/password',
  component: lazyRouteComponent(withWords(() => import('./routes/password'), 'staff')),
  errorComponent: OutsideCrashPage,
})

const forgotPassword = createRoute({
  getParentRoute: () => root,
  path: '/forgot-password',
  component: lazyRouteComponent(withWords(() => import('./routes/forgot-password'), 'staff')),
  errorComponent: OutsideCrashPage,
})

/** For whoever must set a second factor up first, and for nobody else. */
const secondFactor = createRoute({
  getParentRoute: () => root,
  path: '/second-factor',
  validateSearch: signInSearch,
  beforeLoad: async ({ context, search }) => {
    const session = await context.client.ensureQueryData(sessionQuery)
    if (!session) throw redirect({ to: '/sign-in', search })
    if (!session.mustSetUpSecondFactor) throw redirect({ to: '/declarations' })
  },
  component: lazyRouteComponent(withWords(() => import('./routes/second-factor'), 'staff')),
  errorComponent: OutsideCrashPage,
})

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: lazyRouteComponent(withWords(withWords(() => import('./routes/home'), 'cases'), 'reviews')),
})

const reviewQueue = createRoute({
  getParentRoute: () => shell,
  path: '/reviews/$kind',
  validateSearch: reviewListSearch,
  component: lazyRouteComponent(reviews(() => import('./routes/reviews/queue'))),
})

const review = createRoute({
  getParentRoute: () => shell,
  path: '/reviews/$kind/$id',
  component: lazyRouteComponent(reviews(() => import('./routes/reviews/one'))),
})

const declarations = createRoute({
  getParentRoute: () => shell,
  path: '/declarations',
  validateSearch: declarationListSearch,
  component: lazyRouteComponent(withWords(() => import('./routes/declarations/list'))),
})

const newDeclaration = createRoute({
  getParentRoute: () => shell,
  path: '/declarations/new',
  validateSearch: newDeclarationSearch,
  component: lazyRouteComponent(withWords(() => import('./routes/declarations/new'))),
})

const lookUp = createRoute({
  getParentRoute: () => shell,
  path: '/declarations/look-up',
  validateSearch: lookUpSearch,
  component: lazyRouteComponent(withWords(withWords(() => import('./routes/declarations/look-up'), 'records'))),
})

const declaration = createRoute({
  getParentRoute: () => shell,
  path: '/declarations/$id',
  validateSearch: declarationSearch,
  component: lazyRouteComponent(withWords(withWords(() => import('./routes/declarations/detail')), 'reviews')),
})

const correctDeclaration = createRoute({
  getParentRoute: () => declaration,
  path: '/correct',
  validateSearch: correctSearch,
  component: lazyRouteComponent(withWords(() => import('./routes/declarations/correct'))),
})

const declarationCommands = createRoute({
  getParentRoute: () => declaration,
  path: '/do',
  component: lazyRouteComponent(commands(() => import('./routes/declarations/commands'))),
})

const declarationCommand = createRoute({
  getParentRoute: () => declaration,
  path: '/do/$command',
  validateSearch: commandSearch,
  component: lazyRouteComponent(withWords(commands(() => import('./routes/declarations/command')), 'approvals')),
})

/** Forgetting is asked for over the record: words of requests, and those of the sheets. */
const forgetPerson = createRoute({
  getParentRoute: () => declaration,
  path: '/forget',
  component: lazyRouteComponent(withWords(withWords(withWords(() => import('./routes/declarations/forget'), 'approvals'), 'settings'))),
})

const settingsHome = createRoute({
  getParentRoute: () => settings,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/settings/calendar', replace: true })
  },
})

const calendar = createRoute({
  getParentRoute: () => settings,
  path: '/calendar',
  validateSearch: calendarSearch,
  component: lazyRouteComponent(withWords(() => import('./routes/settings/calendar'), 'settings')),
})

const calendarDay = createRoute({
  getParentRoute: () => calendar,
  path: '/days/$date',
  component: lazyRouteComponent(withWords(() => import('./routes/settings/calendar-day'), 'settings')),
})

const officeHours = createRoute({
  getParentRoute: () => calendar,
  path: '/hours',
  component: lazyRouteComponent(withWords(() => import('./routes/settings/office-hours'), 'settings')),
})

const newDeadline = createRoute({
  getParentRoute: () => calendar,
  path: '/deadlines/new',
  component: lazyRouteComponent(withWords(() => import('./routes/settings/new-deadline'), 'settings')),
})

const deadline = createRoute({
  getParentRoute: () => calendar,
  path: '/deadlines/$id',
  component: lazyRouteComponent(withWords(() => import('./routes/settings/deadline'), 'settings')),
})

const importDeadlines = createRoute({
  getParentRoute: () => calendar,
  path: '/import',
  component: lazyRouteComponent(withWords(() => import('./routes/settings/import-deadlines'), 'settings')),
})

const schedules = createRoute({
  getParentRoute: () => settings,
  path: '/schedules',
  component: lazyRouteComponent(operations(() => import('./routes/settings/schedules'))),
})

const newSchedule = createRoute({
  getParentRoute: () => schedules,
  path: '/new',
  component: lazyRouteComponent(operations(() => import('./routes/settings/new-schedule'))),
})

const schedule = createRoute({
  getParentRoute: () => settings,
  path: '/schedules/$id',
  component: lazyRouteComponent(operations(() => import('./routes/settings/schedule'))),
})

const changeSchedule = createRoute({
  getParentRoute: () => schedule,
  path: '/change',
  component: lazyRouteComponent(operations(() => import('./routes/settings/change-schedule'))),
})

const jobs = createRoute({
  getParentRoute: () => settings,
  path: '/jobs',
  validateSearch: jobListSearch,
  component: lazyRouteComponent(operations(() => import('./routes/settings/jobs'))),
})

const job = createRoute({
  getParentRoute: () => settings,
  path: '/jobs/$id',
  component: lazyRouteComponent(operations(() => import('./routes/settings/job'))),
})

const mail = createRoute({
  getParentRoute: () => settings,
  path: '/mail',
  validateSearch: mailListSearch,
  component: lazyRouteComponent(withWords(() => import('./routes/settings/mail/list'), 'mail')),
})

const testMail = createRoute({
  getParentRoute: () => mail,
  path: '/test',
  component: lazyRouteComponent(withWords(() => import('./routes/settings/mail/test'), 'mail')),
})

const oneMail = createRoute({
  getParentRoute: () => settings,
  path: '/mail/$id',
  component: lazyRouteComponent(withWords(() => import('./routes/settings/mail/one'), 'mail')),
})

const suppressions = createRoute({
  getParentRoute: () => settings,
  path: '/mail/suppressions',
  validateSearch: suppressionsSearch,
  component: lazyRouteComponent(withWords(() => import('./routes/settings/mail/suppressions'), 'mail')),
})

const addSuppression = createRoute({
  getParentRoute: () => suppressions,
  path: '/new',
  component: lazyRouteComponent(withWords(() => import('./routes/settings/mail/add-suppression'), 'mail')),
})

const staff = createRoute({
  getParentRoute: () => settings,
  path: '/staff',
  validateSearch: staffSearch,
  component: lazyRouteComponent(accounts(() => import('./routes/settings/staff/list'))),
})

const inviteStaff = createRoute({
  getParentRoute: () => staff,
  path: '/invite',
  component: lazyRouteComponent(accounts(() => import('./routes/settings/staff/invite'))),
})

const staffAccount = createRoute({
  getParentRoute: () => settings,
  path: '/staff/$id',
  component: lazyRouteComponent(accounts(() => import('./routes/settings/staff/one'))),
})

const staffRoles = createRoute({
  getParentRoute: () => staffAccount,
  path: '/roles',
  component: lazyRouteComponent(requests(() => import('./routes/settings/staff/roles'))),
})

const tokens = createRoute({
  getParentRoute: () => settings,
  path: '/tokens',
  component: lazyRouteComponent(accounts(() => import('./routes/settings/tokens/list'))),
})

const issueToken = createRoute({
  getParentRoute: () => tokens,
  path: '/issue',
  component: lazyRouteComponent(accounts(() => import('./routes/settings/tokens/issue'))),
})

const approvals = createRoute({
  getParentRoute: () => shell,
  path: '/approvals',
  validateSearch: approvalListSearch,
  component: lazyRouteComponent(requests(() => import('./routes/approvals/list'))),
})

const approval = createRoute({
  getParentRoute: () => shell,
  path: '/approvals/$id',
  component: lazyRouteComponent(withWords(withWords(requests(() => import('./routes/approvals/one'))), 'exports')),
})

const bulkChanges = createRoute({
  getParentRoute: () => shell,
  path: '/bulk-changes',
  validateSearch: batchListSearch,
  component: lazyRouteComponent(bulk(() => import('./routes/bulk-changes/list'))),
})

const newBulkChange = createRoute({
  getParentRoute: () => bulkChanges,
  path: '/new',
  validateSearch: newBulkChangeSearch,
  component: lazyRouteComponent(bulk(() => import('./routes/bulk-changes/new'))),
})

const viewExports = createRoute({
  getParentRoute: () => shell,
  path: '/exports',
  validateSearch: exportListSearch,
  component: lazyRouteComponent(files(() => import('./routes/exports/list'))),
})

const newExport = createRoute({
  getParentRoute: () => viewExports,
  path: '/new',
  validateSearch: newExportSearch,
  component: lazyRouteComponent(files(() => import('./routes/exports/new'))),
})

const viewExport = createRoute({
  getParentRoute: () => shell,
  path: '/exports/$id',
  validateSearch: exportSearch,
  component: lazyRouteComponent(files(() => import('./routes/exports/one'))),
})

const bulkChange = createRoute({
  getParentRoute: () => shell,
  path: '/bulk-changes/$id',
  validateSearch: bulkChangeSearch,
  component: lazyRouteComponent(bulk(() => import('./routes/bulk-changes/one'))),
})

const importList = createRoute({
  getParentRoute: () => shell,
  path: '/imports',
  validateSearch: batchListSearch,
  component: lazyRouteComponent(imports(() => import('./routes/imports/list'))),
})

const newImport = createRoute({
  getParentRoute: () => importList,
  path: '/new',
  component: lazyRouteComponent(imports(() => import('./routes/imports/new'))),
})

const oneImport = createRoute({
  getParentRoute: () => shell,
  path: '/imports/$id',
  validateSearch: importSearch,
  component: lazyRouteComponent(imports(() => import('./routes/imports/one'))),
})

const privacyRequests = createRoute({
  getParentRoute: () => shell,
  path: '/requests',
  validateSearch: caseListSearch,
  component: lazyRouteComponent(cases(() => import('./routes/requests/list'))),
})

const newPrivacyRequest = createRoute({
  getParentRoute: () => privacyRequests,
  path: '/new',
  component: lazyRouteComponent(cases(() => import('./routes/requests/new'))),
})

const privacyRequest = createRoute({
  getParentRoute: () => shell,
  path: '/requests/$id',
  component: lazyRouteComponent(cases(() => import('./routes/requests/one'))),
})

const changePrivacyRequest = createRoute({
  getParentRoute: () => privacyRequest,
  path: '/do/$deed',
  component: lazyRouteComponent(cases(() => import('./routes/requests/change'))),
})

const heldPage = createRoute({
  getParentRoute: () => shell,
  path: '/requests/$id/held',
  component: lazyRouteComponent(cases(() => import('./routes/requests/held'))),
})

const letterPage = createRoute({
  getParentRoute: () => shell,
  path: '/requests/$id/letter',
  component: lazyRouteComponent(cases(() => import('./routes/requests/letter'))),
})

const incidents = createRoute({
  getParentRoute: () => shell,
  path: '/incidents',
  validateSearch: caseListSearch,
  component: lazyRouteComponent(cases(() => import('./routes/incidents/list'))),
})

const newIncident = createRoute({
  getParentRoute: () => incidents,
  path: '/new',
  component: lazyRouteComponent(cases(() => import('./routes/incidents/new'))),
})

const incident = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/$id',
  component: lazyRouteComponent(cases(() => import('./routes/incidents/one'))),
})

const changeIncident = createRoute({
  getParentRoute: () => incident,
  path: '/do/$deed',
  component: lazyRouteComponent(cases(() => import('./routes/incidents/change'))),
})

const reportPage = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/$id/report',
  component: lazyRouteComponent(cases(() => import('./routes/incidents/report'))),
})

/** With the words of a file that leaves. */
const figures = createRoute({
  getParentRoute: () => shell,
  path: '/figures',
  validateSearch: figureSearch,
  component: lazyRouteComponent(auditing(() => import('./routes/figures'))),
})

const reads = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: readsSearch,
  component: lazyRouteComponent(auditing(() => import('./routes/audit/reads'))),
})

const exposure = createRoute({
  getParentRoute: () => shell,
  path: '/audit/exposure',
  validateSearch: exposureSearch,
  component: lazyRouteComponent(auditing(() => import('./routes/audit/exposure'))),
})

const security = createRoute({
  getParentRoute: () => shell,
  path: '/audit/security',
  validateSearch: securitySearch,
  component: lazyRouteComponent(auditing(() => import('./routes/audit/security'))),
})

/** Where many declarations stand: words of its own, those of the register, and those of the proof before a file leaves. */
const statusCheck = createRoute({
  getParentRoute: () => shell,
  path: '/status-check',
  validateSearch: statusCheckSearch,
  component: lazyRouteComponent(accounts(withWords(withWords(() => import('./routes/status-check')), 'checks'))),
})

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  validateSearch: accountSearch,
  component: lazyRouteComponent(accounts(() => import('./routes/account'))),
})

/** Where the link to another address leads; signed in, or by way of signing in. */
const accountMail = createRoute({
  getParentRoute: () => shell,
  path: '/account/mail',
  component: lazyRouteComponent(accounts(() => import('./routes/account-mail'))),
})

const routeTree = root.addChildren([
  signIn,
  invitation,
  password,
  forgotPassword,
  secondFactor,
  shell.addChildren([
    home,
    declarations,
    newDeclaration,
    lookUp,
    declaration.addChildren([correctDeclaration, declarationCommands, declarationCommand, forgetPerson]),
    settings.addChildren([
      settingsHome,
      calendar.addChildren([calendarDay, officeHours, newDeadline, deadline, importDeadlines]),
      schedules.addChildren([newSchedule]),
      schedule.addChildren([changeSchedule]),
      jobs,
      job,
      mail.addChildren([testMail]),
      suppressions.addChildren([addSuppression]),
      oneMail,
      staff.addChildren([inviteStaff]),
      staffAccount.addChildren([staffRoles]),
      tokens.addChildren([issueToken]),
      templates,
      newTemplate,
      template,
    ]),
    inquiryDesk,
    inquiryNumbers,
    articles,
    newArticle,
    article,
    changedArticle,
    reviewQueue,
    review,
    bulkChanges.addChildren([newBulkChange]),
    bulkChange,
    importList.addChildren([newImport]),
    oneImport,
    viewExports.addChildren([newExport]),
    viewExport,
    approvals,
    approval,
    privacyRequests.addChildren([newPrivacyRequest]),
    privacyRequest.addChildren([changePrivacyRequest]),
    heldPage,
    letterPage,
    incidents.addChildren([newIncident]),
    incident.addChildren([changeIncident]),
    reportPage,
    figures,
    reads,
    exposure,
    security,
    statusCheck,
    account,
    accountMail,
  ]),
])

export function makeRouter(client: QueryClient) {
  const router = createRouter({
    routeTree,
    history: quietHistory(),
    context: { client },
    parseSearch,
    stringifySearch,
    pathParamsAllowedCharacters: [':'],
    scrollRestoration: true,
    defaultPreload: 'intent',
    defaultPendingMs: 300,
    defaultErrorComponent: CrashPage,
    Wrap: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
  })
  router.subscribe('onBeforeLoad', ({ fromLocation, toLocation }) => {
    if (fromLocation && pageOf(fromLocation.pathname) !== pageOf(toLocation.pathname)) announceArrival()
  })
  return router
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>
  }
}
