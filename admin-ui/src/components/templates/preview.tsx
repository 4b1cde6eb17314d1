// How a template looks once it is filled, with what was filled marked; and what is filled, put in with one press.
import { useTranslation } from 'react-i18next'
import type { TextLanguage } from '../../graphql/gql/graphql'
import { fieldCode, MERGE_FIELDS, piecesOf, unknownFields } from '../../lib/merge-fields'
import { Button } from '../../ui/button'
import { FieldError } from '../../ui/field'
import { TypedText } from '../../ui/typed-text'

const LANGUAGE = { JA: 'language.ja', EN: 'language.en' } as const

export function MergeFields({ language, onInsert }: { language: TextLanguage; onInsert: (code: string) => void }) {
  const { t } = useTranslation()
  return (
    <div role="group" aria-label={t('templates.fields')} className="flex flex-wrap items-center gap-1">
      <span className="mr-1 text-xs text-muted">{t('templates.fields')}</span>
      {MERGE_FIELDS.map((field) => {
        const word = t(`mergeField.${field}`)
        return (
          <Button key={field} size="sm" title={fieldCode(field, language)} aria-label={t('templates.insertField', { word, language: t(LANGUAGE[language]) })} onClick={() => onInsert(fieldCode(field, language))}>
            {word}
          </Button>
        )
      })}
    </div>
  )
}

export function TemplatePreview({ text, language }: { text: string; language: TextLanguage }) {
  const { t } = useTranslation()
  const id = `template-preview-${language}`
  const unknown = unknownFields(text)
  return (
    <section aria-labelledby={id} className="flex min-w-0 flex-col gap-1">
      <h3 id={id} className="text-sm text-muted">
        {t(language === 'JA' ? 'templates.previewJa' : 'templates.previewEn')}
      </h3>
      <div className="min-h-32 rounded-md border border-line bg-surface px-3.5 py-2.5 text-sm break-words whitespace-pre-wrap">
        {text.trim() === '' ? (
          <span className="text-muted">{t('templates.previewEmpty')}</span>
        ) : (
          piecesOf(text).map((piece, place) =>
            piece.name === undefined ? (
              <TypedText key={place} text={piece.text} />
            ) : (
              <mark key={place} className={piece.field ? 'rounded-sm bg-mark-bg px-0.5 text-mark' : 'rounded-sm bg-bad-bg px-0.5 text-bad'}>
                {piece.field ? t(`templates.sample.${piece.field}`) : <TypedText text={piece.text} />}
              </mark>
            ),
          )
        )}
      </div>
      <FieldError error={unknown.length > 0 ? t('templates.unknown', { names: unknown.join(t('app.separator')) }) : undefined} />
    </section>
  )
}
