// A corporate number as it is typed, and whether its first digit fits the other twelve. The server decides; this is for the eye.

export type NumberCheck = 'incomplete' | 'right' | 'wrong'

export function checkCorporateNumber(typed: string): NumberCheck {
  const digits = typed.normalize('NFKC').replaceAll(/[\s\-ー−‐–―]/g, '').replace(/^T/i, '')
  if (!/^\d{13}$/.test(digits)) return 'incomplete'
  let sum = 0
  for (let place = 1; place <= 12; place++) sum += Number(digits[13 - place]) * (place % 2 === 1 ? 1 : 2)
  return Number(digits[0]) === 9 - (sum % 9) ? 'right' : 'wrong'
}
