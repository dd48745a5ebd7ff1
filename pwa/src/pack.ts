/** Take my day: fetch what the office lists, check it, read it back, and only then say that it is ready. */

import './shared';
import { isBehind, sentCopies } from './behind';
import { notePacked, noteUnpacked, packedAt } from './cleared';
import { askPacked, Changed, HASH, packCache, packedIn, putPacked, SEAL } from './pack-rules';
import { isNotToKeep, KEEP_MS, LOST } from './kept-rules';
import { hearLost } from './lost';
import { all, type Group, type List, type Listed, type Seal, visits } from './pack-list';
import { drawPack } from './pack-said';
import { person } from './person';
import { count, time } from './words';

const AT_ONCE = 3;
const FULL = 'Your phone is full. What you recorded is safe. Free some space, then try again.';
const SIGNED_OUT = 'Sign in again, then take your day. What is packed stays packed.';
const GONE = 'There is no signal just now. What is packed stays packed.';

const gone = (): string => (cleared ? `${cleared} It is packed again when there is signal.` : GONE);

let seal: Seal | null = null;
/** What belongs together and is not on the phone as the office has it now. */
let changed: Group[] = [];
let failed = new Map<string, string>();
let busy = false;
let said = '';
/** The browser cleared a pack of today, and this one stands in its place. */
let cleared = '';

const store = (): Promise<Cache> => caches.open(packCache(person()));

export async function startPack(): Promise<void> {
  if (!('caches' in window) || !navigator.serviceWorker || !person()) return;
  document.addEventListener('visibilitychange', () => void againIfCleared());
  window.addEventListener('online', () => void againIfCleared());
  await open();
}

async function open(): Promise<void> {
  seal = await sealed();
  if (seal) await findGone(seal.list, 'it is over a day old');
  if (!seal) cleared = clearedBefore();
  draw();
  if (cleared) return pack();
  if (!seal) return;
  await followNotes().catch(() => {});
  if (!seal.whole || failed.size) return pack();
  await look();
}

/** What was sent back since the day was packed: its inspection opens with the notes that Today shows. */
async function followNotes(): Promise<void> {
  if (!navigator.onLine || document.documentElement.dataset['copy'] !== undefined) return;
  const cache = await store();
  for (const list of document.querySelectorAll<HTMLElement>('[data-sent-back]')) {
    const url = list.dataset['sentBack']!;
    const html = (await (await packedIn(cache, url))?.text()) ?? '';
    const notes = [...list.querySelectorAll<HTMLElement>('[data-note]')];
    if (notes.every((note) => html.includes(note.dataset['note']!))) continue;
    const answer = await askPacked(url);
    if (answer.ok && !answer.redirected) await putPacked(cache, url, answer);
  }
}

/** What the browser cleared is packed again, without being asked: nobody knows that it is gone. */
async function againIfCleared(): Promise<void> {
  if (busy || document.hidden || !packedAt(person()) || (await (await store()).match(SEAL))) return;
  await open();
}

function clearedBefore(): string {
  const at = packedAt(person());
  return at && Date.now() - Date.parse(at) < KEEP_MS ? `This phone’s browser cleared what was packed at ${time(at)}.` : '';
}

/** The pack as it was last sealed; one that is a day old is gone. */
async function sealed(): Promise<Seal | null> {
  const found = await (await store()).match(SEAL);
  if (!found) return null;
  const kept = (await found.json()) as Seal;
  if (Math.abs(Date.now() - Date.parse(kept.packedAt)) < KEEP_MS) return kept;
  await caches.delete(packCache(person()));
  noteUnpacked();
  return null;
}

/** Pages are as old as they are, whenever the pack was last sealed. */
async function findGone(list: List, why: string): Promise<void> {
  const cache = await store();
  for (const { url } of all(list)) if (!failed.has(url) && !(await packedIn(cache, url))) failed.set(url, why);
}

async function listed(mark = ''): Promise<List | null> {
  try {
    const answer = await fetch(`/today/pack?mark=${encodeURIComponent(mark)}`, { headers: { Accept: 'application/json' }, cache: 'no-store' });
    if (await hearLost(answer.headers.get(LOST))) return void location.assign('/sign-in'), null;
    if (answer.redirected) said = SIGNED_OUT;
    return answer.status === 200 && !answer.redirected ? ((await answer.json()) as List) : null;
  } catch {
    return null;
  }
}

/** The list may cost the office a rendering of every page. */
const LOOK_MS = 5 * 60_000;

/** Quietly, when Today opens with a signal: what is not on the phone as the office has it now. */
async function look(): Promise<void> {
  if (!seal || !navigator.onLine || Math.abs(Date.now() - Date.parse(seal.lookedAt ?? '')) < LOOK_MS) return;
  const list = await listed(seal.list.mark);
  if (!list) return;
  const forgot = await forgetSecret(list);
  const wanted = new Set(await missing(list));
  const differ = list.groups.filter((group) => group.urls.some((one) => wanted.has(one)));
  const own = await ownWork(differ, seal);
  // The packed Today names the home, too.
  if (forgot) for (const group of differ) if (!group.visit) own.add(group);
  changed = differ.filter((group) => !own.has(group));
  if (own.size) await followOwn(list, own, wanted);
  // A change that was found is found again whenever Today opens, until it is packed.
  if (!changed.length) await write({ ...seal, lookedAt: new Date().toISOString() });
  draw();
}

/** A home that became confidential since, and one that is not theirs to know of any more, leaves the phone without being asked. */
async function forgetSecret(list: List): Promise<boolean> {
  const here = new Set(list.groups.map((group) => group.visit));
  const cache = await store();
  const listedNow = new Set(all(list).map(({ url }) => url));
  const gone: Group[] = [];
  for (const group of visits(seal!.list).filter(({ visit }) => !here.has(visit))) {
    const answer = await askPacked(group.href);
    if (answer.status === 404 || isNotToKeep(answer)) gone.push(group);
  }
  for (const { url } of gone.flatMap((group) => group.urls)) {
    if (!listedNow.has(url)) await cache.delete(url, { ignoreVary: true });
  }
  if (gone.length) await write({ ...seal!, list: { ...seal!.list, groups: seal!.list.groups.filter((one) => !gone.includes(one)) } });
  return gone.length > 0;
}

/** What differs because of what was sent from here since: that is no news to who did it. */
async function ownWork(groups: Group[], { packedAt }: Seal): Promise<Set<Group>> {
  const since = (await sentCopies()).filter(({ at }) => at > packedAt);
  const ours = (group: Group): boolean => group.urls.some(({ url }) => isBehind(url, packedAt, since));
  return new Set(groups.filter((group) => (group.visit ? ours(group) : since.length > 0)));
}

/** It is packed anew without a word; the rest stays listed as it is on this phone. */
async function followOwn(list: List, own: Set<Group>, wanted: Set<Listed>): Promise<void> {
  await some([...own].flatMap((group) => group.urls.filter((one) => wanted.has(one))));
  const before = new Map(seal!.list.groups.map((group) => [group.visit, group]));
  const groups = list.groups.flatMap((group) => (own.has(group) ? group : before.get(group.visit)) ?? []);
  await write({ ...seal!, list: { ...list, groups } });
}

async function missing(list: List, within = KEEP_MS): Promise<Listed[]> {
  const cache = await store();
  const held = await Promise.all(all(list).map(async ({ url }) => (await packedIn(cache, url, within))?.headers.get(HASH)));
  return all(list).filter(({ sha256 }, n) => !sha256 || held[n] !== sha256);
}

/** Everything that is not here yet. What was fetched before the tab was killed is not fetched again. */
async function pack(): Promise<void> {
  if (busy) return;
  busy = true;
  said = 'Asking the office what you need.';
  draw();
  try {
    await fetchAll();
  } catch (error) {
    if (error instanceof Lost) return location.assign('/sign-in');
    said = isFull(error) ? FULL : gone();
  } finally {
    busy = false;
    draw();
  }
}

async function fetchAll(): Promise<void> {
  for (let round = 0; round < 2; round += 1) {
    const list = await listed();
    if (!list) return void (said = said === SIGNED_OUT ? said : gone());
    await write({ list, packedAt: new Date().toISOString(), whole: false });
    const wanted = await missing(list, KEEP_MS / 2);
    failed = new Map();
    await some(wanted);
    // Somebody changed one while it was fetched: the office is asked once more.
    if (![...failed.values()].includes(CHANGED)) break;
  }
  await finish();
}

const CHANGED = 'it changed just now';
const NOT_KEPT = 'this phone did not keep it whole';

/** The office called this phone lost while it packed: what was packed is gone already, and nothing more is taken. */
class Lost extends Error {}

async function some(wanted: Listed[]): Promise<void> {
  const cache = await store();
  let next = 0;
  let done = 0;
  const worker = async (): Promise<void> => {
    for (let one = wanted[next++]; one; one = wanted[next++]) {
      await fetchOne(cache, one);
      done += 1;
      said = `Packing: ${done} of ${count(wanted.length, 'page')}`;
      draw();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function fetchOne(cache: Cache, { url, sha256 }: Listed): Promise<void> {
  try {
    const answer = await askPacked(url);
    if (await hearLost(answer.headers.get(LOST))) throw new Lost();
    if (!answer.ok || answer.redirected) failed.set(url, answer.status === 401 ? 'you are signed out' : 'the office could not give it');
    else await putPacked(cache, url, answer, sha256);
  } catch (error) {
    if (isFull(error) || error instanceof Lost) throw error;
    failed.set(url, error instanceof Changed ? CHANGED : error instanceof TypeError ? 'no signal' : NOT_KEPT);
  }
}

/** Sealed only when every address is on the phone and its bytes, read back, are those of the list. */
async function finish(): Promise<void> {
  const list = seal!.list;
  const cache = await store();
  changed = [];
  said = '';
  // Another page, signing out or making room, may have cleared what was written: then it is not here.
  await findGone(list, NOT_KEPT);
  await drop(cache, new Set(all(list).map(({ url }) => new URL(url, location.href).href)));
  await write({ list, packedAt: new Date().toISOString(), whole: failed.size === 0 });
  if (person()) notePacked(person(), seal!.packedAt);
}

/** What is no longer listed has no business on the phone. */
async function drop(cache: Cache, listedNow: Set<string>): Promise<void> {
  const sealAt = new URL(SEAL, location.href).href;
  for (const request of await cache.keys()) {
    if (request.url !== sealAt && !listedNow.has(request.url)) await cache.delete(request, { ignoreVary: true });
  }
}

async function write(now: Seal): Promise<void> {
  if (!person()) return;
  await (await store()).put(SEAL, new Response(JSON.stringify(now), { headers: { 'Content-Type': 'application/json' } }));
  seal = now;
}

const isFull = (error: unknown): boolean => error instanceof DOMException && error.name === 'QuotaExceededError';

const draw = (): void => drawPack({ seal, changed, failed, busy, said, cleared }, () => void pack());
