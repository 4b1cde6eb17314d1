// The routes of the desk: inquiries, the templates of answers, the FAQ, and how many came and went.
import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { auditing, inquiries, withWords } from './lib/page-words'
import { articleListSearch, inquiryListSearch, inquiryNumberSearch, templateListSearch } from './lib/search-params'
import { settings, shell } from './router-frame'

/** The queues, their list and a thread beside each other: what is open stands in the address. */
export const inquiryDesk = createRoute({
  getParentRoute: () => shell,
  path: '/inquiries',
  validateSearch: inquiryListSearch,
  component: lazyRouteComponent(inquiries(() => import('./routes/inquiries/desk'))),
})

export const templates = createRoute({
  getParentRoute: () => settings,
  path: '/templates',
  validateSearch: templateListSearch,
  component: lazyRouteComponent(inquiries(withWords(() => import('./routes/settings/templates/list'), 'templates'))),
})

export const newTemplate = createRoute({
  getParentRoute: () => settings,
  path: '/templates/new',
  component: lazyRouteComponent(inquiries(withWords(() => import('./routes/settings/templates/one'), 'templates'))),
})

export const template = createRoute({
  getParentRoute: () => settings,
  path: '/templates/$id',
  component: lazyRouteComponent(inquiries(withWords(() => import('./routes/settings/templates/one'), 'templates'))),
})

export const articles = createRoute({
  getParentRoute: () => shell,
  path: '/articles',
  validateSearch: articleListSearch,
  component: lazyRouteComponent(inquiries(withWords(() => import('./routes/articles/list'), 'articles'))),
})

export const newArticle = createRoute({
  getParentRoute: () => shell,
  path: '/articles/new',
  component: lazyRouteComponent(inquiries(withWords(() => import('./routes/articles/edit'), 'articles'))),
})

export const article = createRoute({
  getParentRoute: () => shell,
  path: '/articles/$id',
  component: lazyRouteComponent(inquiries(withWords(() => import('./routes/articles/one'), 'articles'))),
})

export const changedArticle = createRoute({
  getParentRoute: () => shell,
  path: '/articles/$id/edit',
  component: lazyRouteComponent(inquiries(withWords(() => import('./routes/articles/edit'), 'articles'))),
})

/** With the words of a file that leaves. */
export const inquiryNumbers = createRoute({
  getParentRoute: () => shell,
  path: '/inquiries/numbers',
  validateSearch: inquiryNumberSearch,
  component: lazyRouteComponent(inquiries(auditing(withWords(() => import('./routes/inquiries/numbers'), 'numbers')))),
})
