import { describe, expect, it } from 'vitest'
import { DEFAULT_COLUMNS, MORE_COLUMNS } from '../components/declarations/columns'
import { columnsText, isPersonal, ofList, PERSON_COLUMNS, readColumns, REGISTER_COLUMNS } from './export-columns'

describe('the columns of a file', () => {
  it('has one for each column of the list, in its order, and none about persons among them', () => {
    for (const id of [...DEFAULT_COLUMNS, ...MORE_COLUMNS]) expect(ofList([id]).length, id).toBeGreaterThan(0)
    expect(ofList(['place', 'name'])).toEqual(['PREFECTURE', 'CITY', 'NAME'])
    expect(ofList([...DEFAULT_COLUMNS, ...MORE_COLUMNS]).some(isPersonal)).toBe(false)
  })

  it('reads back what a form keeps, without what is not known', () => {
    const all = [...REGISTER_COLUMNS, ...PERSON_COLUMNS]
    expect(readColumns(columnsText(all))).toEqual(all)
    expect(readColumns('NAME nonsense')).toEqual(['NAME'])
    expect(readColumns('')).toEqual([])
  })
})
