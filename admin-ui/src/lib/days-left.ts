// How many days are left until a last day, by the day that the server calls today.
const DAY_MS = 86_400_000

export const daysLeft = (dueOn: string, today: string): number => Math.round((Date.parse(`${dueOn}T00:00:00Z`) - Date.parse(`${today}T00:00:00Z`)) / DAY_MS)
