/** How much time is left, in words. */

const MINUTE = 60_000;

/** By the minute, and by the second only under one. */
export function inWords(left: number): string {
  if (left <= 0) return `+${Math.floor(-left / MINUTE)} min`;
  return left < MINUTE ? `${Math.ceil(left / 1000)} s` : `${Math.ceil(left / MINUTE)} min`;
}
