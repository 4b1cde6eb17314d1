// Templates for the answer that is being written: found by typing, those for the topics of the inquiry first, filled and put in at the caret.
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Autocomplete, Dialog, Header, Input, Label, Menu, MenuItem, MenuSection, Modal, ModalOverlay, TextField } from 'react-aria-components'
import { useTranslation } from 'react-i18next'
import type { TextLanguage } from '../../graphql/gql/graphql'
import type { InquiryRecord } from '../../graphql/inquiries'
import { fillTemplate, type ReplyTemplate, replyTemplatesQuery } from '../../graphql/reply-templates'
import { formatDeclarationNumber } from '../../lib/format'
import { problemText } from '../../lib/problem-text'
import { Band } from '../../ui/band'
import { IconButton } from '../../ui/button'
import { Skeleton } from '../../ui/loading'
import { useMeantText } from '../../ui/meant-text'
import { TypedText } from '../../ui/typed-text'
import { FaultBand } from '../fault'
import { ClosedWords, tagsWord } from './words'

const LANGUAGES = ['JA', 'EN'] as const satisfies readonly TextLanguage[]
const WORD = { JA: 'language.ja', EN: 'language.en' } as const
const ITEM = 'flex min-h-10 cursor-pointer flex-col justify-center rounded-md px-3 py-1 outline-none data-disabled:cursor-default data-focused:bg-selected'

interface Props {
  record: InquiryRecord
  onInsert: (text: string) => void
  onClose: () => void
}

/** Why it cannot be used in this language. */
function useOff(language: TextLanguage) {
  const { t } = useTranslation()
  return ({ en, isEnglishOlder }: ReplyTemplate): string | undefined => {
    if (language === 'JA') return undefined
    return en ? (isEnglishOlder ? t('desk.template.englishOlder') : undefined) : t('desk.template.noEnglish')
  }
}

const firstLine = (text: string) => text.split('\n').find((line) => line.trim() !== '') ?? ''

function Section({ word, templates, language, onChoose }: { word: string; templates: readonly ReplyTemplate[]; language: TextLanguage; onChoose: (id: string) => void }) {
  const { t } = useTranslation()
  const off = useOff(language)
  return (
    <MenuSection>
      <Header className="px-3 pt-1 text-xs text-muted">{word}</Header>
      {templates.map((template) => (
        <MenuItem key={template.id} id={template.id} textValue={template.name} isDisabled={off(template) !== undefined} className={ITEM} onAction={() => onChoose(template.id)}>
          <span className={`flex flex-wrap items-baseline gap-x-2 ${off(template) ? 'text-muted' : ''}`}>
            <TypedText text={template.name} />
            {template.tags.length > 0 && <span className="text-xs text-muted">{tagsWord(template.tags, t)}</span>}
          </span>
          <span className="truncate text-xs text-muted">{off(template) ?? <TypedText text={firstLine((language === 'JA' ? template.ja : template.en) ?? '')} />}</span>
        </MenuItem>
      ))}
    </MenuSection>
  )
}

/** Which text, and whose declaration is filled in. */
function Choices({ record, language, onLanguage, declarationId, onDeclaration }: { record: InquiryRecord; language: TextLanguage; onLanguage: (language: TextLanguage) => void; declarationId: string; onDeclaration: (id: string) => void }) {
  const { t } = useTranslation()
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-2 border-b border-line px-3 py-2 text-sm">
      <fieldset className="flex items-center gap-x-3">
        <legend className="float-left mr-3 text-muted">{t('desk.template.language')}</legend>
        {LANGUAGES.map((item) => (
          <label key={item} className="flex min-h-8 items-center gap-1.5 touch:min-h-11">
            <input type="radio" name="template-language" className="size-4 accent-accent" checked={language === item} onChange={() => onLanguage(item)} />
            {t(WORD[item])}
          </label>
        ))}
      </fieldset>
      {record.declarations.length > 0 && (
        <label className="flex items-center gap-2">
          <span className="text-muted">{t('desk.template.declaration')}</span>
          <select className="control min-h-8 py-0.5 touch:min-h-11" value={declarationId} onChange={(event) => onDeclaration(event.target.value)}>
            {record.declarations.map(({ id, number }) => (
              <option key={id} value={id}>
                {number ? formatDeclarationNumber(number) : t('inquiries.noNumber')}
              </option>
            ))}
            <option value="">{t('desk.template.noDeclaration')}</option>
          </select>
        </label>
      )}
    </div>
  )
}

function useFill({ record, onInsert, onClose }: Props, language: TextLanguage, declarationId: string) {
  return useMutation({
    mutationFn: (templateId: string) => fillTemplate({ templateId, language, inquiryId: record.id, declarationId: declarationId || undefined }),
    onSuccess: (filled) => {
      if (filled?.__typename !== 'FilledTemplate') return
      onClose()
      onInsert(filled.text)
    },
  })
}

function Refusal({ fill }: { fill: ReturnType<typeof useFill> }) {
  const { t } = useTranslation()
  if (fill.error) return <FaultBand error={fill.error} />
  if (!fill.isSuccess || fill.data?.__typename === 'FilledTemplate') return null
  return (
    <Band tone="warn" role="alert">
      {fill.data?.__typename === 'InvalidInput' && <TypedText text={fill.data.problems.map(problemText).join(' ')} />}
      {fill.data?.__typename === 'Withheld' && <ClosedWords closed={fill.data} />}
      {!fill.data && t('desk.template.gone')}
    </Band>
  )
}

export function TemplatePicker(props: Props) {
  const { t } = useTranslation()
  const { record, onClose } = props
  const { data, error, refetch } = useQuery(replyTemplatesQuery(false))
  const typed = useMeantText()
  const [language, setLanguage] = useState<TextLanguage>('JA')
  const [declarationId, setDeclarationId] = useState(record.declarations[0]?.id ?? '')
  const fill = useFill(props, language, declarationId)
  const wanted = typed.meant.normalize('NFKC').trim().toLowerCase()
  const found = data?.filter((template) => [template.name, template.ja, template.en ?? '', tagsWord(template.tags, t)].some((part) => part.normalize('NFKC').toLowerCase().includes(wanted))) ?? []
  const isFitting = ({ tags }: ReplyTemplate) => tags.some((tag) => record.tags.includes(tag))
  const [fitting, others] = [found.filter(isFitting), found.filter((template) => !isFitting(template))]
  const choose = (id: string) => !fill.isPending && fill.mutate(id)
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={(open) => !open && onClose()} className="fixed inset-0 z-40 flex items-start justify-center bg-backdrop p-4 pt-[8vh]" data-print="hide">
      <Modal className="w-full max-w-2xl rounded-lg border border-line bg-bg text-text shadow-lift">
        <Dialog data-modal aria-label={t('desk.template.title')} className="flex max-h-[76dvh] flex-col outline-none">
          <Autocomplete {...typed.autocomplete}>
            <div className="flex items-center gap-2 border-b border-line p-3">
              <TextField
                autoFocus
                className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3"
                {...typed.field}
              >
                <Label className="text-sm font-bold">{t('desk.template.filter')}</Label>
                <Input
                  className="control min-w-0 flex-1 basis-48"
                  {...typed.input}
                />
              </TextField>
              <IconButton icon="close" label={t('action.close')} onClick={onClose} />
            </div>
            <Choices record={record} language={language} onLanguage={setLanguage} declarationId={declarationId} onDeclaration={setDeclarationId} />
            <Refusal fill={fill} />
            <p role="status" className="px-3 text-sm text-muted">
              {fill.isPending && t('desk.template.filling')}
            </p>
            {error && !data && <FaultBand error={error} onRetry={() => void refetch()} />}
            {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard */}
            <div role="region" aria-label={t('desk.template.list')} tabIndex={0} aria-busy={!data && !error} className="min-h-40 overflow-auto outline-offset-[-2px]">
              {data ? (
                <Menu aria-label={t('desk.template.list')} className="p-2 outline-none" shouldCloseOnSelect={false} renderEmptyState={() => <p className="p-3 text-muted">{t(data.length === 0 ? 'desk.template.empty' : 'desk.template.none')}</p>}>
                  {fitting.length > 0 && <Section word={t('desk.template.fitting')} templates={fitting} language={language} onChoose={choose} />}
                  {others.length > 0 && <Section word={t('desk.template.others')} templates={others} language={language} onChoose={choose} />}
                </Menu>
              ) : (
                !error && <Skeleton className="m-4 h-8 w-3/4" />
              )}
            </div>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
