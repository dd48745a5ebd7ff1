/** Where this phone is: at a start, a check-in, the end and a call for help, for whoever said yes to that on this phone.
 * Nothing waits for it, and with no signal it is left out. */

import { stamp, uuid7 } from './ids';
import { person } from './person';
import { whereThisIs } from './position';
import { getMeta, setMeta } from './store';
import { trust } from './trust';

const MOST_MS = 3_000;
const FRESH_MS = 60_000;
const TRAIL_MS = 30_000;

type Fields = Record<string, string>;

let bar: () => HTMLElement | null = () => null;
let latest: { at: number; fields: Fields } | null = null;
let trailed = 0;

const choiceKey = (): string => `lone-place ${bar()?.dataset['author'] ?? person()}`;

/** Never a question of the browser's in the middle of something: only where it has been answered already. */
async function allowed(): Promise<boolean> {
  if ((await getMeta(choiceKey())) !== 'yes') return false;
  const permission = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null);
  return permission?.state === 'granted';
}

async function find(): Promise<Fields | null> {
  if (!(await allowed())) return null;
  const found = await whereThisIs({ enableHighAccuracy: true, maximumAge: 15_000, timeout: MOST_MS });
  if (typeof found === 'string') return null;
  const round = (n: number) => String(Math.round(n * 1e6) / 1e6);
  const fields = { latitude: round(found.latitude), longitude: round(found.longitude), accuracy: String(Math.round(found.accuracy)) };
  latest = { at: performance.now(), fields };
  return fields;
}

/** Begin to look: the answer is there when the button is let go, or it is not. */
export const whereSoon = (): void => void find().catch(() => {});

export const hereNow = (): Fields => (latest && performance.now() - latest.at < FRESH_MS ? latest.fields : {});

export async function sayWhere(why: string): Promise<void> {
  const session = bar()?.dataset['safety'];
  const fields = session ? await find() : null;
  if (!session || !fields) return;
  const [given, device] = await Promise.all([trust(session), getMeta<string>('device')]);
  await fetch(`/lone-working/${session}/point`, {
    method: 'POST',
    headers: {
      'Command-Id': uuid7(), 'Command-Captured-At': stamp(), 'Command-Sent-At': stamp(), 'HX-Request': 'true',
      ...(device ? { 'Command-Device': device } : {}),
      ...(given ? { 'Visit-Token': given.token, 'Command-Author': given.person } : {}),
    },
    body: new URLSearchParams({ why, ...fields }),
  });
}

/** A trail only while somebody may be looking for them, and this page is open. The office keeps none of it otherwise. */
export function follow(isWanted: boolean): void {
  if (!isWanted || document.hidden || performance.now() - trailed < TRAIL_MS) return;
  trailed = performance.now();
  void sayWhere('trail').catch(() => {});
}

function withForm(event: Event): void {
  const form = event.target as HTMLFormElement;
  const act = /^\/lone-working\/[^/]+\/(check-in|panic)$/.exec(form.getAttribute('action') ?? '')?.[1];
  if (!act || !form.closest('#safety-bar')) return;
  const here = hereNow();
  for (const name of ['latitude', 'longitude', 'accuracy']) {
    form.querySelector(`input[name="${name}"]`)?.remove();
    if (here[name]) form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value: here[name] }));
  }
  if (!here['latitude']) void sayWhere(act).catch(() => {});
}

async function draw(): Promise<void> {
  const place = document.querySelector<HTMLElement>('[data-lone-place]');
  if (!place || !navigator.geolocation || !person()) return;
  const says = (await getMeta<string>(choiceKey())) ?? 'no';
  place.hidden = false;
  for (const part of place.querySelectorAll<HTMLElement>('[data-says]')) part.hidden = part.dataset['says'] !== says;
}

async function choose(says: string): Promise<void> {
  await setMeta(choiceKey(), says);
  latest = null;
  // The browser asks now, and not in the middle of something.
  if (says === 'yes') await whereThisIs({ timeout: MOST_MS });
  await draw();
}

export function startWhere(ofBar: () => HTMLElement | null): void {
  bar = ofBar;
  document.addEventListener('pointerdown', ({ target }) => (target as Element).closest?.('form[data-hold] button') && whereSoon());
  document.addEventListener('submit', withForm, true);
  document.addEventListener('click', ({ target }) => {
    const says = (target as Element).closest<HTMLElement>('[data-lone-says]')?.dataset['loneSays'];
    if (says) void choose(says).catch(() => {});
  });
  void draw().catch(() => {});
}
