// What can be done next, as links: each opens a form over the page, and stands in the address.
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { buttonClass } from '../../ui/button'

interface Props {
  steps: readonly { step: string; word: string; link: Pick<LinkProps, 'to' | 'params'> }[]
  children?: ReactNode
}

export function StepLinks({ steps, children }: Props) {
  const { t } = useTranslation()
  return (
    <section aria-labelledby="deeds" className="flex flex-col gap-2" data-print="hide">
      <h2 id="deeds" className="text-base">
        {t('cases.deeds')}
      </h2>
      <ul className="flex flex-wrap gap-2">
        {steps.map(({ step, word, link }, index) => (
          <li key={step}>
            <Link {...link} resetScroll={false} className={buttonClass(index === 0 ? 'primary' : 'secondary', false, 'sm')}>
              {word}
            </Link>
          </li>
        ))}
        {children}
      </ul>
    </section>
  )
}
