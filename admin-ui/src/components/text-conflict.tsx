// Somebody saved first: what both of them changed, field by field, theirs beside mine. What only one of them changed needs no question.
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Band } from '../ui/band'
import { Button } from '../ui/button'
import { TypedText } from '../ui/typed-text'

export interface ConflictField {
  name: string
  label: string
  theirs: string
  mine: string
}

type Values = Record<string, string>

/** What to do with each field after somebody else saved `theirs` over `base`. */
export function mergeTexts<V extends Values>(base: V, mine: V, theirs: V): { merged: V; both: (keyof V & string)[] } {
  const names = Object.keys(base) as (keyof V & string)[]
  const merged = { ...theirs }
  for (const name of names) if (mine[name] !== base[name]) merged[name] = mine[name]
  return { merged, both: names.filter((name) => mine[name] !== base[name] && theirs[name] !== base[name] && theirs[name] !== mine[name]) }
}

function Side({ word, text }: { word: string; text: string }) {
  const { t } = useTranslation()
  return (
    <div className="min-w-0">
      <p className="text-xs text-muted">{word}</p>
      <p className="break-words whitespace-pre-wrap">{text === '' ? <span className="text-muted">{t('textConflict.empty')}</span> : <TypedText text={text} />}</p>
    </div>
  )
}

/** `fields`: what both changed and nobody has decided about yet. */
export function TextConflict({ fields, onTake }: { fields: readonly ConflictField[]; onTake: (field: ConflictField) => void }) {
  const { t } = useTranslation()
  const section = useRef<HTMLElement>(null)
  // The button that was pressed is far from what has to be decided.
  useEffect(() => section.current?.focus(), [])
  return (
    <section ref={section} tabIndex={-1} aria-labelledby="text-conflict" className="flex flex-col gap-3">
      <Band tone="warn" role="alert">
        <h2 id="text-conflict" className="text-base">
          {t('textConflict.title')}
        </h2>
        <p>{t('textConflict.merged')}</p>
        <p>{t(fields.length === 0 ? 'textConflict.none' : 'textConflict.lead')}</p>
      </Band>
      {fields.map((field) => (
        <div key={field.name} role="group" aria-label={field.label} className="flex flex-col gap-2 rounded-md border border-line px-4 py-3 text-sm">
          <h3 className="text-sm">{field.label}</h3>
          <div className="grid gap-3 md:grid-cols-2">
            <Side word={t('textConflict.theirs')} text={field.theirs} />
            <Side word={t('textConflict.mine')} text={field.mine} />
          </div>
          <Button size="sm" className="self-start" aria-label={t('textConflict.takeOf', { label: field.label })} onClick={() => onTake(field)}>
            {t('textConflict.take')}
          </Button>
        </div>
      ))}
    </section>
  )
}
