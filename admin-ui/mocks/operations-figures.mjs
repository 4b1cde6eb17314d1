// Made-up figures: the same for every day, so that the page can be worked on without a register.
const CODES = {
  PREFECTURE: Array.from({ length: 47 }, (_, index) => String(index + 1).padStart(2, '0')),
  INDUSTRY: [...'ABCDEFGHIJKLMNOPQRST'],
  SIZE_CLASS: ['MICRO', 'SME', 'LARGER', 'OTHER_BODY', null],
  STAR: ['ONE', 'TWO'],
  ORIGIN: ['IMPORT', 'LEGACY', 'PUBLIC', 'STAFF'],
  MONTH: [],
}

const counts = (one, two) => ({ total: one + two, one, two, unknown: 0 })

function months() {
  return Array.from({ length: 110 }, (_, index) => ({
    month: `${2017 + Math.floor((index + 3) / 12)}-${String(((index + 3) % 12) + 1).padStart(2, '0')}`,
    declared: 900 + 37 * ((index * 7) % 41) + index * 9,
    stopped: index > 20 ? 20 + ((index * 13) % 60) : 0,
  }))
}

export function figureOperations(reader) {
  return {
    figures: ({ asOf, by, star }, context) => {
      reader(context, 'READ_DECLARATIONS')
      const today = new Date(Date.now() + 9 * 3600_000).toISOString().slice(0, 10)
      const day = asOf ?? today
      if (day < '2017-04-01') {
        return { __typename: 'InvalidInput', problems: [{ field: 'asOf', code: 'before_the_programme', message: '基準日は、制度が始まった2017年4月1日以後の日付にしてください。' }] }
      }
      const rows = CODES[by].map((code, index) => ({ code, name: code ?? '不明', live: counts(star === 'TWO' ? 0 : 200 + ((index * 997) % 4000), star === 'ONE' ? 0 : 50 + ((index * 331) % 900)) }))
      const sum = (of) => rows.reduce((all, row) => all + row.live[of], 0)
      return {
        __typename: 'Figures', asOf: day, planned: day > today, position: '1', state: 'CURRENT', stopped: 4321, replaced: 210,
        live: by === 'MONTH' ? counts(star === 'TWO' ? 0 : 140_000, star === 'ONE' ? 0 : 41_000) : counts(sum('one'), sum('two')), rows, months: by === 'MONTH' ? months() : [],
      }
    },
  }
}
