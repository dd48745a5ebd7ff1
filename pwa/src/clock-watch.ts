/** Watches whether this phone's wall clock is put back, and keeps how far for the pages after this one. */

import { setBackBy, wasSetBack } from './clock';
import { getMeta, setMeta } from './store';

export const SET_BACK = 'set-back';
const SEEN = 'clock-seen';
const STEP_MS = 1_500;
const NOTE_MS = 30_000;

let base = 0;
let noted = 0;

/** What was seen by pages before this one. A clock that is behind what they last saw was put back while none was open. */
export async function startClock(now = Date.now()): Promise<void> {
  wasSetBack((await getMeta<number>(SET_BACK)) ?? 0);
  base = now - performance.now();
  const seen = (await getMeta<number>(SEEN)) ?? 0;
  if (seen - now > STEP_MS) await step(seen - now);
}

/** Every second. Only a step back counts: one forward may be a phone that slept, and the older answer is the safe one. */
export function watchClock(now = Date.now()): void {
  const off = now - performance.now();
  if (base - off > STEP_MS) void step(base - off).catch(() => {});
  base = off;
  if (Math.abs(now - noted) < NOTE_MS) return;
  noted = now;
  void setMeta(SEEN, now).catch(() => {});
}

async function step(ms: number): Promise<void> {
  wasSetBack(setBackBy() + Math.round(ms));
  await setMeta(SET_BACK, setBackBy());
}
