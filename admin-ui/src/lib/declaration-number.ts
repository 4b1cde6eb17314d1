// A declaration number as people type it: in full width, in groups, with dashes.

/** The digits alone; what is no digit stays, so that whoever typed it sees it. */
export const plainNumber = (text: string): string => text.normalize('NFKC').replaceAll(/[\s\-ー−‐–―]/g, '')

export const isDeclarationNumber = (digits: string): boolean => /^\d{11}$/.test(digits)
