// In place of a schedule, a job, an account, a request or anything else with an id that is not there.
import { Link } from '@tanstack/react-router'
import { buttonClass } from '../../ui/button'
import { PageHeading, useWindowTitle } from '../page'

interface Props {
  title: string
  text: string
  to: '/settings/schedules' | '/settings/jobs' | '/settings/staff' | '/approvals' | '/requests' | '/incidents' | '/bulk-changes' | '/imports' | '/exports'
  word: string
}

export function OperationNotFound({ title, text, to, word }: Props) {
  useWindowTitle(title)
  return (
    <section className="mx-auto my-12 max-w-2xl px-4">
      <PageHeading className="text-2xl">{title}</PageHeading>
      <p className="mt-2 mb-4">{text}</p>
      <Link to={to} className={buttonClass()}>
        {word}
      </Link>
    </section>
  )
}
