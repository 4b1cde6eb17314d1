// What the program says: a sentence of ours by its reason and counts, or the words of somebody else.
export const said = (text, reason = null, counts = {}) => (text ? { reason, counts: Object.entries(counts).map(([counted, count]) => ({ counted, count })), text } : null)
