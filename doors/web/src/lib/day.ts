// Days as the person lives them, not as Greenwich does.

/** Year, month, day. */
export const today = (): string => new Date().toLocaleDateString('sv');

/** The day so many days after another. */
export function daysAfter(date: string, days: number): string {
  const then = new Date(`${date}T12:00:00`);
  then.setDate(then.getDate() + days);
  return then.toLocaleDateString('sv');
}

/** Some time within a day; a moment that the server tells in UTC lies in the day that it is here. */
export const timeIn = (date: string): Date => new Date(date.length > 10 ? date : `${date}T12:00:00`);
