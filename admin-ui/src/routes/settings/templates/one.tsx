// 設定 › 回答テンプレート › one: a new one, or one that is looked at, changed, retired or brought back.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FaultPage } from '../../../components/fault'
import { FormSkeleton, useLeaveQuestion } from '../../../components/form-sheet'
import { DeedFault, DeedQuestion } from '../../../components/operations/deed'
import { Breadcrumb, PageHeading, useWindowTitle } from '../../../components/page'
import { TemplatePreview } from '../../../components/templates/preview'
import { Languages, Retired, useNoTemplateRight } from '../../../components/templates/words'
import { ReplyTemplateForm } from '../../../forms/reply-template'
import { changeReplyTemplate, type ReplyTemplate, replyTemplatesQuery, TEMPLATES_KEY } from '../../../graphql/reply-templates'
import { useCommandId } from '../../../lib/command-id'
import { useKeys } from '../../../lib/keys'
import { problemText } from '../../../lib/problem-text'
import { spelledOut } from '../../../lib/typed-text'
import { Band } from '../../../ui/band'
import { Button, buttonClass } from '../../../ui/button'
import { LoadingBar } from '../../../ui/loading'
import { toast } from '../../../ui/toast'
import { TypedText } from '../../../ui/typed-text'

export default function TemplatePage() {
  const { id } = useParams({ strict: false })
  // A record of its own: nothing of the one before shows through.
  return id === undefined ? <NewTemplate /> : <TemplateOf key={id} id={id} />
}

function Frame({ title, children, head }: { title: string | undefined; children: React.ReactNode; head?: React.ReactNode }) {
  const { t } = useTranslation()
  useWindowTitle(title && spelledOut(title), t('settings.templates'), t('settings.title'))
  return (
    <div className="flex max-w-[100rem] flex-col gap-4 px-4 py-3 lg:px-6">
      <Breadcrumb crumbs={[{ label: t('settings.title') }, { label: t('settings.templates'), link: { to: '/settings/templates' } }, { label: title ?? '…' }]} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <PageHeading>{title === undefined ? '…' : <TypedText text={title} />}</PageHeading>
        {head}
      </div>
      {children}
    </div>
  )
}

/** The form, with the question before what was typed is lost. */
function Form({ template }: { template?: ReplyTemplate }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const { onDirty, settle, box } = useLeaveQuestion({ title: t('sheet.discardTitle'), text: t('sheet.discard'), yes: t('sheet.discardYes'), no: t('sheet.discardNo') })
  const leave = () => void navigate({ to: '/settings/templates', search: {} })
  return (
    <>
      <ReplyTemplateForm
        template={template}
        onDirty={onDirty}
        onCancel={leave}
        onSaved={() => {
          settle()
          leave()
        }}
      />
      {box}
    </>
  )
}

function NewTemplate() {
  const { t } = useTranslation()
  const noRight = useNoTemplateRight()
  return <Frame title={t('templates.newTitle')}>{noRight === undefined ? <Form /> : <p>{noRight}</p>}</Frame>
}

function useRetire(template: ReplyTemplate) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const commandId = useCommandId()
  const [refused, setRefused] = useState<string>()
  const act = useMutation({
    mutationFn: (retire: boolean) => changeReplyTemplate({ commandId: commandId([template.version, retire]), id: template.id, expectedVersion: template.version, retire }),
    onMutate: () => setRefused(undefined),
    onSuccess: async (outcome, retire) => {
      await client.invalidateQueries({ queryKey: TEMPLATES_KEY })
      if ('done' in outcome) return toast(t(retire ? 'templates.retiredDone' : 'templates.restored', { name: outcome.done.name }))
      return setRefused('problems' in outcome ? outcome.problems.map(problemText).join(' ') : t('gone' in outcome ? 'templates.gone' : 'templates.movedRetire'))
    },
  })
  return { act, refused }
}

function Retire({ template }: { template: ReplyTemplate }) {
  const { t } = useTranslation()
  const { act, refused } = useRetire(template)
  const [asks, setAsks] = useState(false)
  const off = act.isPending ? t('sheet.saving') : undefined
  return (
    <>
      <span className="ml-auto" data-print="hide">
        {template.isRetired ? (
          <Button icon="play" reason={off} onClick={() => act.mutate(false)}>
            {t('templates.restore')}
          </Button>
        ) : (
          <Button icon="stop" reason={off} onClick={() => setAsks(true)}>
            {t('templates.retire')}
          </Button>
        )}
      </span>
      <div className="w-full empty:hidden">
        {refused !== undefined && (
          <Band tone="warn" role="alert">
            <TypedText text={refused} />
          </Band>
        )}
        <DeedFault error={act.error} />
      </div>
      <DeedQuestion
        title={t('templates.retireTitle')}
        text={t('templates.retireText', { name: template.name })}
        yes={t('templates.retire')}
        no={t('templates.retireNo')}
        open={asks}
        onNo={() => setAsks(false)}
        onYes={() => {
          setAsks(false)
          act.mutate(true)
        }}
      />
    </>
  )
}

function Marks({ template }: { template: ReplyTemplate }) {
  return (
    <span className="flex flex-wrap items-center gap-2 text-sm">
      <Languages template={template} />
      {template.isRetired && <Retired />}
    </span>
  )
}

function TemplateOf({ id }: { id: string }) {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const noRight = useNoTemplateRight()
  const { data, error, isPending, refetch } = useQuery(replyTemplatesQuery(true))
  useKeys({ u: () => void navigate({ to: '/settings/templates', search: {} }) })
  const template = data?.find((item) => item.id === id)
  if (error && !data) return <FaultPage error={error} onRetry={() => void refetch()} />
  if (data && !template)
    return (
      <Frame title={t('templates.notFoundTitle')}>
        <p>{t('templates.notFound')}</p>
        <p>
          <Link to="/settings/templates" search={{}} className={buttonClass()}>
            {t('templates.toList')}
          </Link>
        </p>
      </Frame>
    )
  return (
    <>
      <LoadingBar busy={isPending} />
      <Frame title={template?.name} head={template && <><Marks template={template} />{noRight === undefined && <Retire template={template} />}</>}>
        {!template && <FormSkeleton />}
        {template && noRight === undefined && <Form key={String(template.isRetired)} template={template} />}
        {template && noRight !== undefined && (
          <>
            <p className="text-sm text-muted">{noRight}</p>
            <div className="grid gap-6 lg:grid-cols-2">
              <TemplatePreview text={template.ja} language="JA" />
              {template.en && <TemplatePreview text={template.en} language="EN" />}
            </div>
          </>
        )}
      </Frame>
    </>
  )
}
