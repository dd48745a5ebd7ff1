/** Sends what is queued: in order within a record, records independent of each other, for ever. */

import { hearRestored, lastMark, markToTell, stillHolds } from './again';
import { backoff, judge, sentenceOf, type Reply, type Verdict } from './answers';
import { onNews, tell, tellOthers } from './channel';
import { isPhoto, sendHeaders, type Op } from './command';
import { hearLost } from './lost';
import { later, opsOf, park, received } from './ops';
import { person } from './person';
import { getMeta, read } from './store';
import { request } from './transport';
import { tokenFor } from './trust';
import { takeTurn, type Mine } from './turn';

const AT_ONCE = 3;
const PHOTOS_AT_ONCE = 2;
const PORTAL_MS = 60_000;
const EVERY_MS = 30_000;
const TURN_TAKEN_MS = 2_000;
/** A wait longer than this comes from a clock that was changed: ignore it. */
const LONGEST_WAIT_MS = 3_600_000;

let running = false;
let wanted = false;
let signedOut = false;
let linkUntil = 0;
let portalUntil = 0;
let linkTries = 0;
/** When a person, or the network coming back, last asked: our own waits from before then are over. */
let askedAt = 0;
let wake = 0;
let nudge: () => void = () => {};
let done = { texts: 0, photos: 0 };

export function startSending(): void {
  document.addEventListener('visibilitychange', () => document.hidden || sendNow());
  window.addEventListener('online', sendNow);
  window.setInterval(() => document.hidden || send(), EVERY_MS);
  onNews('kick', () => running && send());
  sendNow();
}

/** Look at the queue now. `saved`: something was just stored, so an earlier failure of the link counts no more. */
export function send(saved = false): void {
  if (!person()) return;
  if (saved) linkUntil = 0;
  wanted = true;
  nudge();
  if (!running) void drain();
}

/** By the button, on opening the page, and when the network is back: all our own waits end. */
export function sendNow(): void {
  signedOut = false;
  linkUntil = portalUntil = linkTries = 0;
  askedAt = Date.now();
  send();
}

async function drain(): Promise<void> {
  running = true;
  try {
    while (wanted) {
      wanted = false;
      if (await takeTurn(work)) continue;
      // Another tab is sending. Tell it, and look again in case it was just finishing.
      tellOthers({ kind: 'kick' });
      wakeIn(TURN_TAKEN_MS);
    }
  } catch {
    // The database failed to open or to answer: tried again soon, nothing has left the queue.
    wakeIn(backoff(linkTries++));
  } finally {
    running = false;
  }
}

async function work(mine: Mine): Promise<void> {
  const going = new Map<string, Promise<void>>();
  done = { texts: 0, photos: 0 };
  while (!paused() && (await mine()) && (await isCurrent())) {
    wanted = false;
    const nudged = new Promise<void>((resolve) => (nudge = resolve));
    const ops = await opsOf(person());
    for (const op of pick(ops, going)) {
      going.set(op.record, deliver(op, ops).catch(stumbled).finally(() => going.delete(op.record)));
    }
    if (!going.size) {
      if (!wanted) break;
      continue;
    }
    await Promise.race([...going.values(), nudged]);
  }
  await Promise.all(going.values());
  await rest();
}

const paused = (): boolean => signedOut || Date.now() < Math.max(linkUntil, portalUntil);

/** A page left open from before somebody else signed in must not send in their session. */
async function isCurrent(): Promise<boolean> {
  return (await getMeta<string>('person')) === person();
}

/** The answer could not be written down (a full phone, a lost database): not again at once. */
function stumbled(): void {
  linkUntil = Date.now() + backoff(linkTries);
  linkTries += 1;
}

/** The head of every record that may go now; texts before photos, so that words are never behind pictures. */
function pick(ops: Op[], going: Map<string, unknown>): Op[] {
  const queued = ops.filter((op) => op.status === 'queued');
  const heads = queued.filter((op, i) => queued.findIndex((other) => other.record === op.record) === i);
  const photosGoing = [...going.keys()].filter((record) => record.startsWith('photo-')).length;
  let photos = PHOTOS_AT_ONCE - photosGoing;
  let free = AT_ONCE - going.size;
  return heads
    .filter((op) => !going.has(op.record) && !urgent.has(op.id) && isDue(op))
    .sort((a, b) => Number(isHelp(b)) - Number(isHelp(a)) || Number(isPhoto(a)) - Number(isPhoto(b)) || a.sequence - b.sequence)
    .filter((op) => isHelp(op) || (free > 0 && (!isPhoto(op) || photos-- > 0) && free-- > 0));
}

/** Somebody asks for help: before everything, however much is on its way already. */
const isHelp = (op: Op): boolean => op.url.endsWith('/panic');

function isDue(op: Op): boolean {
  const wait = op.nextTry - Date.now();
  if (wait <= 0 || wait > LONGEST_WAIT_MS) return true;
  return !op.askedToWait && op.answer !== null && askedAt > Date.parse(op.answer.at);
}

/** What cannot wait its turn, whoever sends here: the office takes a command once, however often it comes. */
const urgent = new Set<string>();

export async function sendUrgent(ops: Op[], all: Op[]): Promise<void> {
  await Promise.all(ops.filter((op) => !urgent.has(op.id)).map(async (op) => {
    urgent.add(op.id);
    await deliver(op, all).catch(() => {}).finally(() => urgent.delete(op.id));
  }));
}

async function deliver(op: Op, all: Op[]): Promise<void> {
  const body = op.blob ? ((await read((db) => db.get('blobs', op.blob!)))?.bytes ?? null) : op.body;
  if (op.blob && !body) return missing(op);
  const left = all.filter((one) => one.status === 'queued' && isPhoto(one) === isPhoto(op)).length;
  const gone = isPhoto(op) ? done.photos : done.texts;
  tell({ kind: 'sending', done: gone, total: gone + left, photos: isPhoto(op) });
  const mark = await lastMark();
  const token = await tokenFor(op.url, op.author);
  const said = { ...sendHeaders(op, all, markToTell(mark)), ...(token ? { 'Visit-Token': token } : {}) };
  const reply = await request(op.method, op.url, said, body, {
    progress: (percent) => tell({ kind: 'progress', id: op.id, photo: op.blob, percent }),
    weak: () => tell({ kind: 'weak' }),
  });
  const words = reply?.headers['doorstep-restored'];
  await hearRestored(words);
  await hearLost(reply?.headers['doorstep-device']);
  const verdict = judge(op, reply);
  const holds = verdict.kind === 'received' && (await received(op, verdict.receipt, (tx) => stillHolds(tx, mark, words)));
  // What the office said before it was put back, or before what is older was sent again, counts no more.
  if (!holds && (await lastMark()) !== mark) tell({ kind: 'kept', id: op.id });
  // Turned away with the token of a session: that says nothing of whether anybody is signed in here.
  else if (token && verdict.kind === 'sign-in') await setAside(op, reply!);
  else await act(op, reply, verdict);
  tell({ kind: 'changed' });
}

async function setAside(op: Op, reply: Reply): Promise<void> {
  await wait(op, reply, false, null);
  if (reply.headers['safety']) tell({ kind: 'answered', id: op.id, reply, receipt: null });
  tell({ kind: 'kept', id: op.id });
}

async function act(op: Op, reply: Reply | null, verdict: Verdict): Promise<void> {
  switch (verdict.kind) {
    case 'received':
      linkTries = 0;
      done[isPhoto(op) ? 'photos' : 'texts'] += 1;
      return tell({ kind: 'answered', id: op.id, reply: reply!, receipt: verdict.receipt });
    case 'refused':
      await park(op.id, { status: reply!.status, say: verdict.say, fields: verdict.fields, at: new Date().toISOString() });
      return tell({ kind: 'answered', id: op.id, reply: reply!, receipt: null });
    case 'portal':
      portalUntil = Date.now() + PORTAL_MS;
      tell({ kind: 'paused', why: 'wifi' });
      break;
    case 'sign-in':
      signedOut = true;
      tell({ kind: 'paused', why: 'sign-in' });
      break;
    case 'later':
      await wait(op, reply, verdict.link, verdict.waitMs);
  }
  tell({ kind: 'kept', id: op.id });
}

async function wait(op: Op, reply: Reply | null, link: boolean, asked: number | null): Promise<void> {
  const now = Date.now();
  if (link) {
    linkUntil = now + backoff(linkTries);
    linkTries += 1;
    return;
  }
  const answer = { status: reply!.status, say: sentenceOf(reply!.text), at: new Date(now).toISOString() };
  await later(op, now + Math.max(backoff(op.tries), asked ?? 0), asked !== null, answer);
}

/** The bytes are gone (the browser lost them): say so rather than send half a record. */
function missing(op: Op): Promise<void> {
  const say = 'This photo is no longer on the phone. Take it again.';
  return park(op.id, { status: 0, say, at: new Date().toISOString() }).then(() => tell({ kind: 'changed' }));
}

/** After a drain: say so, and wake up when the earliest wait is over. */
async function rest(): Promise<void> {
  tell({ kind: 'idle', delivered: done.texts + done.photos });
  const queued = (await opsOf(person())).filter((op) => op.status === 'queued');
  if (!queued.length || signedOut) return;
  const due = Math.max(linkUntil, portalUntil, Math.min(...queued.map((op) => op.nextTry)));
  wakeIn(due - Date.now());
}

function wakeIn(ms: number): void {
  clearTimeout(wake);
  wake = window.setTimeout(() => send(), Math.min(Math.max(ms, 1000), 300_000));
}
