// A token, shown this once: to copy, how a program uses it, and the word that it is kept.
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Band } from '../../ui/band'
import { CopyButton } from '../../ui/copy-button'
import { TypedText } from '../../ui/typed-text'
import { CopyShown, KeptForm } from '../credentials/kept'

const EXAMPLE = '{"query":"query Example { declarations(first: 10) { ... on DeclarationConnection { nodes { id number } } } }"}'

/** What a program sends, with a mark in the place of the token: an example is copied into places where no token should lie. */
const example = (origin: string) => ["curl " + origin + "/graphql \\", "  -H 'Authorization: Bearer sengen_…' \\", "  -H 'Content-Type: application/json' \\", `  -d '${EXAMPLE}'`].join('\n')

export function ShownToken({ name, token, onKept }: { name: string; token: string; onKept: () => void }) {
  const { t } = useTranslation()
  const heading = useRef<HTMLHeadingElement>(null)
  // The form that had the focus is gone.
  useEffect(() => heading.current?.focus(), [])
  const told = example(window.location.origin)
  return (
    <KeptForm className="flex min-h-0 flex-1 flex-col gap-4 overflow-auto p-5" kept={t('tokenShown.kept')} missing={t('tokenShown.keptMissing')} done={t('tokenShown.done')} onKept={onKept}>
      <h3 ref={heading} tabIndex={-1} className="w-fit text-base">
        <TypedText text={name} />
      </h3>
      <Band tone="warn" role="note">
        {t('tokenShown.once')}
      </Band>
      <p>{t('tokenShown.lead')}</p>
      <div className="rounded-md border border-line bg-surface p-4">
        <code translate="no" className="mono wrap-anywhere select-all">
          {token}
        </code>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        <CopyShown text={token} label={t('tokenShown.copy')} />
      </div>
      <section aria-labelledby="token-use" className="flex min-w-0 flex-col gap-2">
        <h3 id="token-use" className="text-base">
          {t('tokenShown.useTitle')}
        </h3>
        <p>{t('tokenShown.use')}</p>
        <div className="flex items-start gap-1">
          <pre translate="no" className="min-w-0 flex-1 rounded-sm bg-surface px-2 py-1 mono text-sm whitespace-pre-wrap wrap-anywhere">
            {told}
          </pre>
          <CopyButton text={told} label={t('tokenShown.copyExample')} />
        </div>
        <p className="text-sm text-muted">{t('tokenShown.limits')}</p>
      </section>
    </KeptForm>
  )
}
