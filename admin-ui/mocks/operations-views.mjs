// The mock's saved views: of declarations one of one's own and a shared one, of inquiries a shared one.
let views = [
  { id: '01990000-0000-7000-8000-0000000f0001', name: '有効な二つ星', list: 'DECLARATIONS', question: 'state=ACTIVE&star=TWO', isShared: true, isDefault: false, revision: 1 },
  { id: '01990000-0000-7000-8000-0000000f0002', name: 'きょうの確認', list: 'DECLARATIONS', question: 'flag=EMAIL_MISSING&sort=CHANGED_DESC&cols=name,number,state,contact', isShared: false, isDefault: false, revision: 1 },
  { id: '01990000-0000-7000-8000-0000000f0003', name: 'ロゴの返信待ち', list: 'INQUIRIES', question: 'queue=WAITING&tag=LOGO&sort=NEWEST', isShared: true, isDefault: false, revision: 1 },
]
const problem = (field, code, message) => ({ __typename: 'InvalidInput', problems: [{ field, code, message }] })

const READ = { DECLARATIONS: 'READ_DECLARATIONS', INQUIRIES: 'READ_INQUIRIES' }
const SHARE = { DECLARATIONS: 'SHARE_VIEWS', INQUIRIES: 'MANAGE_INQUIRIES' }

export function operationViews(reader) {
  return {
    listViews: ({ list }, context) => {
      const { permissions } = reader(context, READ[list])
      const manages = permissions?.includes(SHARE[list]) ?? true
      return views.filter((view) => view.list === list).map((view) => ({ ...view, mayChange: manages || !view.isShared, changedAt: new Date().toISOString() }))
    },
    saveListView: ({ input }, context) => {
      reader(context, (input.isShared ? SHARE : READ)[input.list])
      if (input.name.trim() === '') return problem('name', 'required', '表示条件の名前を入力してください。')
      const id = input.id ?? input.commandId
      if (views.some((view) => view.name === input.name.trim() && view.isShared === input.isShared && view.list === input.list && view.id !== id)) return problem('name', 'taken', '同じ名前の表示条件があります。別の名前にしてください。')
      const before = views.find((view) => view.id === id)
      const saved = { isDefault: false, ...before, id, name: input.name.trim(), list: input.list, question: input.question, isShared: input.isShared, revision: (before?.revision ?? 0) + 1 }
      views = before ? views.map((view) => (view.id === id ? saved : view)) : [...views, saved]
      return { __typename: 'ListViewSaved', id }
    },
    removeListView: ({ id, list }, context) => {
      reader(context, READ[list])
      const before = views.length
      views = views.filter((view) => view.id !== id)
      return views.length < before
    },
    makeListViewDefault: ({ id, list }, context) => {
      reader(context, READ[list])
      views = views.map((view) => (view.list === list ? { ...view, isDefault: view.id === id } : view))
      return true
    },
  }
}
