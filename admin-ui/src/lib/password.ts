// What the console asks of a new password before it is sent. Whether it is a common one the server says.

export const MIN_PASSWORD = 15
export const MAX_PASSWORD = 200

/** Characters as a person counts them, so that 𠮟 and emoji are one each. */
export const lengthOf = (text: string) => [...text].length

/** The key of what is wrong with its length, in the words of the frame. */
export function lengthProblem(text: string): 'invitation.passwordShort' | 'invitation.passwordLong' | undefined {
  const length = lengthOf(text)
  if (length < MIN_PASSWORD) return 'invitation.passwordShort'
  return length > MAX_PASSWORD ? 'invitation.passwordLong' : undefined
}
