// The list of keys, those of this page first, and the switch for those that are a single letter.
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setSingleKeys, singleKeysOn } from '../../lib/keys'
import { Box } from '../../ui/modal'
import { EVERYWHERE, type KeyLine, keysAt } from './key-places'

export default function KeyHelp({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [single, setSingle] = useState(singleKeysOn)
  // It opens over one page and closes before there is another.
  const here = keysAt(window.location.pathname)
  return (
    <Box title={t('keys.title')} open onClose={onClose}>
      <div className="flex flex-col gap-5 overflow-auto p-5">
        {here.length > 0 && <Group title={t('keys.thisPage')} keys={here} />}
        <Group title={t('keys.everywhere')} keys={EVERYWHERE} />
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

function Group({ title, keys }: { title: string; keys: readonly KeyLine[] }) {
  const { t } = useTranslation()
  return (
    <section>
      <h3 className="mb-1 text-sm text-muted">{title}</h3>
      <dl className="grid grid-cols-[7rem_1fr] gap-y-1">
        {keys.map(([key, action]) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded-sm border border-control px-1.5 text-sm">{key === ' ' ? t('keys.space') : key}</kbd>
            </dt>
            <dd>{t(`keys.${action}`)}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
