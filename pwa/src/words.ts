/** How times and numbers are said on screen. */

const london = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/London', ...options });
const clock = london({ hour: '2-digit', minute: '2-digit', hour12: false });
const dayOf = london({ weekday: 'short', day: 'numeric', month: 'short' });

export const HOUR = 3_600_000;

/** 14:02 */
export const time = (at: string | number | Date): string => clock.format(new Date(at));

/** Tue 24 Nov, 14:02; the day is left out when it is today. */
export function when(at: string | number | Date): string {
  const moment = new Date(at);
  const day = dayOf.format(moment).replace(',', '');
  return day === dayOf.format(new Date()).replace(',', '') ? time(moment) : `${day}, ${time(moment)}`;
}

/** 2026-12-07, as a form sends a day: Mon 7 Dec */
export const day = (iso: string): string => dayOf.format(new Date(`${iso}T12:00Z`)).replace(',', '');

export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
