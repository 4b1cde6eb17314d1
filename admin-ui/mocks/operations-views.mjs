// The mock's saved views: one of one's own, one shared.
let views = [
  { id: '01990000-0000-7000-8000-0000000f0001', name: '有効な二つ星', question: 'state=ACTIVE&star=TWO', isShared: true, isDefault: false, revision: 1 },
  { id: '01990000-0000-7000-8000-0000000f0002', name: 'きょうの確認', question: 'flag=EMAIL_MISSING&sort=CHANGED_DESC&cols=name,number,state,contact', isShared: false, isDefault: false, revision: 1 },
]
const problem = (field, code, message) => ({ __typename: 'InvalidInput', problems: [{ field, code, message }] })

export function operationViews(reader) {
  return {
    listViews: (_, context) => {
      const { permissions } = reader(context, 'READ_DECLARATIONS')
      const manages = permissions?.includes('SHARE_VIEWS') ?? true
      return views.map((view) => ({ ...view, mayChange: manages || !view.isShared, changedAt: new Date().toISOString() }))
    },
    saveListView: ({ input }, context) => {
      reader(context, input.isShared ? 'SHARE_VIEWS' : 'READ_DECLARATIONS')
      if (input.name.trim() === '') return problem('name', 'required', '表示条件の名前を入力してください。')
      const id = input.id ?? input.commandId
      if (views.some((view) => view.name === input.name.trim() && view.isShared === input.isShared && view.id !== id)) return problem('name', 'taken', '同じ名前の表示条件があります。別の名前にしてください。')
      const before = views.find((view) => view.id === id)
      const saved = { isDefault: false, ...before, id, name: input.name.trim(), question: input.question, isShared: input.isShared, revision: (before?.revision ?? 0) + 1 }
      views = before ? views.map((view) => (view.id === id ? saved : view)) : [...views, saved]
      return { __typename: 'ListViewSaved', id }
    },
    removeListView: ({ id }, context) => {
      reader(context, 'READ_DECLARATIONS')
      const before = views.length
      views = views.filter((view) => view.id !== id)
      return views.length < before
    },
    makeListViewDefault: ({ id }, context) => {
      reader(context, 'READ_DECLARATIONS')
      views = views.map((view) => ({ ...view, isDefault: view.id === id }))
      return true
    },
  }
}
