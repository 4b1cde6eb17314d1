// The list of keys, and the switch for those that are a single letter.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setSingleKeys, singleKeysOn } from '../../lib/keys'
import { Box } from '../../ui/modal'

const GROUPS = [
  { name: 'everywhere', keys: [['/', 'search'], ['Ctrl+K', 'palette'], ['g', 'goList'], ['?', 'help'], ['Esc', 'escape']] },
  { name: 'list', keys: [['j', 'next'], ['k', 'previous'], ['Enter', 'open'], ['Space', 'peek']] },
  { name: 'mail', keys: [['j', 'next'], ['k', 'previous'], ['x', 'select'], ['Enter', 'openMail'], ['u', 'back']] },
  { name: 'record', keys: [['e', 'correct'], ['a', 'commands'], ['n', 'note'], ['u', 'back']] },
] as const

export default function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [single, setSingle] = useState(singleKeysOn)
  return (
    <Box title={t('keys.title')} open onClose={onClose}>
      <div className="flex flex-col gap-5 overflow-auto p-5">
        {GROUPS.map((group) => (
          <section key={group.name}>
            <h3 className="mb-1 text-sm text-muted">{t(`keys.${group.name}`)}</h3>
            <dl className="grid grid-cols-[6rem_1fr] gap-y-1">
              {group.keys.map(([key, action]) => (
                <div key={key} className="contents">
                  <dt>
                    <kbd className="rounded-sm border border-control px-1.5 text-sm">{key}</kbd>
                  </dt>
                  <dd>{t(`keys.${action}`)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <div className="border-t border-line pt-4">
          <label className="flex min-h-8 items-center gap-2">
            <input
              type="checkbox"
              className="size-5 accent-accent"
              checked={single}
              aria-describedby="single-help"
              onChange={(event) => {
                setSingle(event.target.checked)
                setSingleKeys(event.target.checked)
              }}
            />
            {t('keys.single')}
          </label>
          <p id="single-help" className="text-sm text-muted">
            {t('keys.singleHelp')}
          </p>
        </div>
      </div>
    </Box>
  )
}
