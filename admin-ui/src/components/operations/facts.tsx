// Facts of a schedule or a job: term and value in two columns, one below the other where it is narrow.
import type { ReactNode } from 'react'

export interface OperationFact {
  term: string
  value: ReactNode
}

interface Props {
  id?: string
  title: string
  facts: readonly OperationFact[]
  /** Two beside each other where the page is wide and they stand over something else, so that it begins higher. */
  paired?: boolean
}

export function OperationFacts({ id = 'facts', title, facts, paired = false }: Props) {
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col">
      <h2 id={id} className="border-b border-line pb-1 text-base">
        {title}
      </h2>
      <dl className={`text-sm leading-normal ${paired ? 'gap-x-8 lg:grid lg:grid-cols-2 2xl:block' : ''}`}>
        {facts.map(({ term, value }) => (
          <div key={term} className={`grid content-start gap-x-4 border-b border-line/60 py-1.5 ${paired ? 'sm:grid-cols-[8rem_minmax(0,1fr)]' : 'sm:grid-cols-[11rem_minmax(0,1fr)]'}`}>
            <dt className="text-muted">{term}</dt>
            <dd className="min-w-0">{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
