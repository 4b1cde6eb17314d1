// Recovery codes, shown this once: to copy, to print, to save, and with the word that they are kept.
import { useState } from 'react'
import { createPortal } from 'react-dom'
import { useTranslation } from 'react-i18next'
import { currentLanguage } from '../../i18n'
import { formatInstant } from '../../lib/format'
import { saveFile } from '../../lib/save-file'
import { Band } from '../../ui/band'
import { Button } from '../../ui/button'
import { CopyShown, KeptForm } from './kept'

export function RecoveryCodes({ codes, login, onKept }: { codes: readonly string[]; login: string; onKept: () => void }) {
  const { t } = useTranslation()
  const [made] = useState(() => formatInstant(new Date().toISOString(), currentLanguage()))
  const head = [t('recoveryCodes.paperTitle'), t('recoveryCodes.paperLogin', { login }), t('recoveryCodes.paperMade', { when: made }), t('recoveryCodes.paperHelp')]
  const save = () => saveFile(new Blob([`${[...head, '', ...codes].join('\n')}\n`], { type: 'text/plain' }), `sengen-recovery-codes-${login}.txt`)
  return (
    <KeptForm className="flex flex-col gap-4" kept={t('recoveryCodes.kept')} missing={t('recoveryCodes.keptMissing')} done={t('recoveryCodes.done')} onKept={onKept}>
      <Band tone="warn" role="note">
        {t('recoveryCodes.once')}
      </Band>
      <p>{t('recoveryCodes.lead')}</p>
      <ol aria-label={t('recoveryCodes.list')} className="num grid list-none gap-x-6 gap-y-1.5 rounded-md border border-line bg-surface p-4 mono sm:grid-cols-2">
        {codes.map((code) => (
          <li key={code} translate="no">
            {code}
          </li>
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-2">
        <CopyShown text={codes.join('\n')} label={t('recoveryCodes.copy')} />
        <Button size="sm" onClick={() => window.print()}>
          {t('recoveryCodes.print')}
        </Button>
        <Button size="sm" onClick={save}>
          {t('recoveryCodes.save')}
        </Button>
      </div>
      {createPortal(
        <div data-print="alone">
          <h1>{head[0]}</h1>
          {head.slice(1).map((line) => (
            <p key={line}>{line}</p>
          ))}
          <ol className="mt-4 list-decimal pl-6 mono text-lg">
            {codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ol>
        </div>,
        document.body,
      )}
    </KeptForm>
  )
}
