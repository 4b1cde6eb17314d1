// Files that leave: views of the register, figures, whose data could have been seen, what we hold, and where declarations stand. Each is asked for with a session whose owner has just proved who they are.
import { type Answer, Fault, faultOf } from './execute'

export type ExportName = 'bulk-change.csv' | 'declarations' | 'exposure.csv' | 'figures.csv' | 'import-rows.csv' | 'import-rows-cp932.csv' | 'incident.csv' | 'inquiry-numbers.csv' | 'holdings.json' | 'status-check.csv' | 'status-check.xlsx'

/** A file about what the question names. */
export async function exportFile(name: ExportName, question: object): Promise<Blob> {
  try {
    const response = await fetch(`/exports/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/csv, application/json' },
      credentials: 'same-origin',
      body: JSON.stringify(question),
    })
    if (response.ok) return await response.blob()
    const answer = (await response.json().catch(() => null)) as Answer<unknown> | null
    throw faultOf(response, answer) ?? new Fault('INTERNAL')
  } catch (cause) {
    // Also a line that breaks in the middle: half a file is none.
    throw cause instanceof Fault ? cause : new Fault('NETWORK')
  }
}
