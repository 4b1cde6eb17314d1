// What every page has: a window title with the record first, a breadcrumb, and a heading that takes the focus on arrival.
import { Link, type LinkProps } from '@tanstack/react-router'
import { type ReactNode, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { takeArrival } from '../lib/arrival'
import { Icon } from '../ui/icons'
import { TypedText } from '../ui/typed-text'

export function useWindowTitle(...parts: (string | undefined)[]) {
  const { t } = useTranslation()
  const title = [...parts, t('app.product')].filter(Boolean).join(' — ')
  useEffect(() => {
    document.title = title
  }, [title])
}

/** The one h1. After a change of page it is focused, so that keyboard and screen reader start at the new content. */
export function PageHeading({ children, className = 'text-xl' }: { children: ReactNode; className?: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    if (takeArrival()) heading.current?.focus({ preventScroll: true })
  }, [])
  return (
    <h1 ref={heading} tabIndex={-1} className={`min-w-0 ${className}`}>
      {children}
    </h1>
  )
}

export interface Crumb {
  label: string
  link?: Pick<LinkProps, 'to' | 'params' | 'search'>
}

export function Breadcrumb({ crumbs }: { crumbs: Crumb[] }) {
  const { t } = useTranslation()
  return (
    <nav aria-label={t('nav.breadcrumb')} className="text-sm" data-print="hide">
      <ol className="flex flex-wrap items-center gap-x-1.5">
        {crumbs.map((crumb, index) => (
          <li key={crumb.label} className="flex min-w-0 items-center gap-1.5">
            {index > 0 && <Icon name="right" className="size-3.5 text-muted" />}
            {crumb.link ? (
              <Link {...crumb.link} className="inline-flex min-h-6 items-center">
                <TypedText text={crumb.label} />
              </Link>
            ) : (
              <span aria-current="page" className="text-muted">
                <TypedText text={crumb.label} />
              </span>
            )}
          </li>
        ))}
      </ol>
    </nav>
  )
}
