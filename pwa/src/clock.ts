/** What this phone's clocks say passed between a tap and its sending. Its wall clock can be set; the other dies with its page. */

import { uuid7 } from './ids';

/** This life of a page: readings of performance.now() are compared with no other's. */
export const LIFE = uuid7();

let back = 0;

/** How far the wall clock was put back in all, in ms, as far as any page of ours has seen. */
export const setBackBy = (): number => back;

/** Seen by the watch of clock-watch.ts alone. */
export const wasSetBack = (ms: number): void => {
  back = ms;
};
