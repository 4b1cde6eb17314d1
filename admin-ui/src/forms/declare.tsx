// Declares for an organisation that cannot do it itself: who, where, whom to ask, what was pledged, and on what it rests.
import { zodResolver } from '@hookform/resolvers/zod'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useCallback, useEffect, useState } from 'react'
import { FormProvider, useForm, useWatch } from 'react-hook-form'
import { useTranslation } from 'react-i18next'
import { CorrectionSaveFault } from '../components/declarations/save-correction'
import { execute } from '../graphql/execute'
import { MakeDeclarationDocument, type MakeDeclarationInput, type MakeDeclarationMutation } from '../graphql/gql/graphql'
import { formatDeclarationNumber } from '../lib/format'
import { newId } from '../lib/command-id'
import { blockConversionEnter } from '../lib/ime'
import { problemText } from '../lib/problem-text'
import { Band } from '../ui/band'
import { Button } from '../ui/button'
import { ErrorSummary, type FormProblem } from '../ui/error-summary'
import { TextArea } from '../ui/field'
import { CorporateNumber, declareId, Industry, Input, Prefecture, Radios, Section } from './declare-fields'
import { DECLARE_FIELDS, declareInput, declareSchema, type DeclareValues, emptyDeclaration } from './declare-schema'
import { EvidenceFields, useEvidence } from './evidence'

type Result = MakeDeclarationMutation['makeDeclaration']
type Made = Extract<Result, { __typename: 'DeclarationMade' }>
type Problems = Extract<Result, { __typename: 'InvalidInput' }>['problems']

interface Props {
  onDirty: (dirty: boolean) => void
  onMade: (made: Made) => void
}

const EXTRA = ['reason', 'attachments', 'noDocument'] as const

function showProblems(problems: Problems, form: ReturnType<typeof useForm<DeclareValues>>) {
  const rest: string[] = []
  for (const problem of problems) {
    const field = DECLARE_FIELDS.find((name) => problem.field === `changes.${name}`) ?? EXTRA.find((name) => name === problem.field)
    if (field) form.setError(field, { message: problemText(problem) })
    else rest.push(problemText(problem))
  }
  if (rest.length > 0) form.setError('root', { message: rest.join(' ') })
}

export function DeclareForm({ onDirty, onMade }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  // One intent for the life of the form: its files are for it, and sending it again after a lost answer makes nothing twice.
  const [commandId] = useState(newId)
  const form = useForm<DeclareValues>({ resolver: zodResolver(declareSchema(t)), shouldFocusError: false, defaultValues: emptyDeclaration() })
  const evidence = useEvidence({ command: commandId }, form, true)
  const { errors, submitCount, isDirty } = form.formState
  const { anyFile } = evidence
  useEffect(() => onDirty(isDirty || anyFile), [isDirty, anyFile, onDirty])

  const save = useMutation({
    mutationFn: async (input: MakeDeclarationInput) => (await execute(MakeDeclarationDocument, { input })).makeDeclaration,
    onSuccess: (result) => {
      if (result.__typename === 'InvalidInput') showProblems(result.problems, form)
      if (result.__typename !== 'DeclarationMade') return
      void client.invalidateQueries({ queryKey: ['declarations'] })
      onMade(result)
    },
  })
  const submit = (values: DeclareValues) => {
    if (!evidence.check() || save.isPending) return
    save.mutate({ commandId, ...declareInput(values), ...evidence.sent() })
  }
  const live = save.data?.__typename === 'AlreadyLive' ? save.data : undefined
  return (
    <FormProvider {...form}>
      <form noValidate className="flex flex-col gap-8" onInput={() => onDirty(true)} onKeyDown={blockConversionEnter} onSubmit={(event) => void form.handleSubmit(submit, () => evidence.check())(event)}>
        <ErrorSummary problems={summaryOf(errors)} attempt={submitCount} />
        <CorrectionSaveFault error={save.error} />
        {live && <AlreadyLive key={save.submittedAt} id={live.declarationId} number={live.number} />}
        <Organization />
        <Place />
        <People />
        <Pledge />
        <Section title={t('declare.evidence')} lead={t('declare.evidenceLead')}>
          <div className="min-w-0 sm:col-span-2">
            <TextArea id="reason" label={t('declare.reason')} help={t('declare.reasonHelp')} required rows={2} error={errors.reason?.message} {...form.register('reason')} />
          </div>
          <div className="min-w-0 sm:col-span-2">
            <EvidenceFields evidence={evidence} errors={errors} />
          </div>
        </Section>
        <footer className="flex flex-wrap items-center justify-end gap-3 border-t border-line pt-4">
          <p className="mr-auto text-sm text-muted">{t('declare.issued')}</p>
          <Link to="/declarations" className="inline-flex min-h-10 items-center px-2 touch:min-h-11">
            {t('action.cancel')}
          </Link>
          <Button type="submit" look="primary" reason={save.isPending ? t('declare.saving') : undefined}>
            {t(save.isPending ? 'declare.saving' : 'declare.submit')}
          </Button>
        </footer>
      </form>
    </FormProvider>
  )
}

function Organization() {
  const { t } = useTranslation()
  const entity = useWatch<DeclareValues, 'ENTITY_TYPE'>({ name: 'ENTITY_TYPE' })
  return (
    <Section title={t('group.organization')}>
      <Radios wide field="ENTITY_TYPE" choices={(['CORPORATION', 'SOLE_TRADER', 'OTHER_BODY'] as const).map((value) => ({ value, word: t(`entity.${value}`) }))} />
      <Input field="NAME" />
      <Input field="NAME_KANA" />
      {entity !== 'SOLE_TRADER' && <CorporateNumber />}
      {entity === 'SOLE_TRADER' && <Input field="TRADE_NAME" />}
      {entity === 'CORPORATION' && <Input field="CAPITAL_YEN" />}
      {entity !== 'CORPORATION' && <span className="max-sm:hidden" />}
      <Industry />
      <Input field="EMPLOYEES" />
    </Section>
  )
}

function Place() {
  const { t } = useTranslation()
  return (
    <Section title={t('group.premises')}>
      <Input field="POSTAL_CODE" />
      <Prefecture />
      <Input field="CITY" />
      <Input field="STREET" />
      <Input wide field="BUILDING" />
    </Section>
  )
}

function People() {
  const { t } = useTranslation()
  return (
    <>
      <Section title={t('group.representative')}>
        <Input field="REPRESENTATIVE_NAME" />
        <Input field="REPRESENTATIVE_TITLE" />
      </Section>
      <Section title={t('group.contact')}>
        <Input field="CONTACT_NAME" />
        <Input field="CONTACT_DEPARTMENT" />
        <Input field="CONTACT_EMAIL" />
        <Input field="CONTACT_PHONE" />
      </Section>
    </>
  )
}

function Pledge() {
  const { t } = useTranslation()
  const star = useWatch<DeclareValues, 'STAR'>({ name: 'STAR' })
  return (
    <Section title={t('declare.pledge')}>
      <Radios
        field="PLEDGE_VERSION"
        choices={[
          { value: 'SIX_RULES', word: t('choice.sixRules') },
          { value: 'FIVE_RULES', word: t('choice.fiveRules') },
        ]}
      />
      <Radios
        field="STAR"
        choices={[
          { value: 'ONE', word: t('choice.1') },
          { value: 'TWO', word: t('choice.2') },
        ]}
      />
      {star === 'TWO' && (
        <>
          <Input field="DIAGNOSIS_SCORE" />
          <Input field="POLICY_PUBLISHED_ON" />
          <Input wide field="POLICY_URL" />
        </>
      )}
      <Radios
        wide
        field="PUBLISH_CONSENT"
        choices={[
          { value: '同意', word: t('choice.consent'), help: t('declare.consentHelp') },
          { value: '同意しない', word: t('choice.noConsent'), help: t('declare.noConsentHelp') },
        ]}
      />
      <Input wide field="REMARKS" />
    </Section>
  )
}

function AlreadyLive({ id, number }: { id: string; number: string }) {
  const { t } = useTranslation()
  // The button that was pressed is far below.
  const shown = useCallback((box: HTMLElement | null) => box?.focus(), [])
  return (
    <div ref={shown} tabIndex={-1}>
      <Band
        tone="warn"
        role="alert"
        actions={
          <Link to="/declarations/$id" params={{ id }} target="_blank">
            {t('declare.openLive')}
          </Link>
        }
      >
        <p className="font-bold">{t('declare.alreadyLive', { number: formatDeclarationNumber(number) })}</p>
        <p>{t('declare.alreadyLiveHelp')}</p>
      </Band>
    </div>
  )
}

type Errors = ReturnType<typeof useForm<DeclareValues>>['formState']['errors']

function summaryOf(errors: Errors): FormProblem[] {
  const problems: FormProblem[] = []
  const add = (message: string | undefined, target?: string) => message && problems.push({ message, target })
  for (const field of DECLARE_FIELDS) add(errors[field]?.message, declareId(field))
  for (const field of EXTRA) add(errors[field]?.message, field)
  add(errors.root?.message)
  return problems
}
