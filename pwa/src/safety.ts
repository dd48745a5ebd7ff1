/** The safety bar: the time left by the office's clock, what still waits on this phone, and help that is held for. */

import './shared';
import { startBattery } from './battery';
import { onNews } from './channel';
import { startClock, watchClock } from './clock-watch';
import { waitsSince, type Op } from './command';
import { startHolding } from './holding';
import { opsOf } from './ops';
import { person } from './person';
import { el, outBar, restate, standing } from './safety-out';
import { startPin } from './safety-pin';
import { follow, sayWhere, startWhere } from './safety-where';
import { aloneBar, drawAlone, lookAlone, lookOfNobody, startAlone, untold } from './safety-alone';
import { sessionOf } from './safety-begun';
import { keepPage } from './kept';
import { NO_SIGNAL } from './safety-known';
import { startPlace } from './safety-place';
import { dropArrived, lookArrived, sayArrived } from './safety-arrived';
import { drawHelp, dropHelp, standHelp } from './safety-help';
import { inWords } from './safety-words';
import { sendFirst } from './safety-send';
import { getMeta, setMeta } from './store';
import { toast } from './toast';
import { askTrust, distrust, trust } from './trust';

/** The bar as the office last gave it: a page that was kept shows this one, not its own from before. */
interface Kept {
  person: string;
  html: string;
  /** The office's clock less this phone's, in ms, when it came. */
  ahead: number;
}

const KEPT = 'safety';
const MINUTE = 60_000;
const TRY_MS = 5_000;
/** Between tries of what says that somebody is well, or is not; then every half minute, for ever. */
const AGAIN_MS = [2_000, 4_000, 8_000, 16_000, 30_000];
/** Amber once the office has not confirmed for so long. The words say it at once. */
const UNSURE_MS = 60_000;
const SILENT_SECONDS = 15;

let bar: HTMLElement | null = null;
/** The office's clock less this page's own, which nobody can set. */
let gap = 0;
/** The page is a copy, and nothing has come from the office since. */
let unheard = false;
let waits: Op[] = [];
/** All of theirs that does not wait its turn, of whatever session. */
let urgent: Op[] = [];
let all: Op[] = [];
let known = new Set<string>();
/** Help was asked for on this page: until it is left, it says where it is. */
let called = false;
/** When something of the bar's was first unconfirmed, by this page's clock; none: it is confirmed. */
let unsureSince: number | null = null;
let tries = 0;
let nextTry = 0;
let started = false;

const found = (): HTMLElement | null => document.querySelector<HTMLElement>('#safety-bar:is([data-safety], [data-unwatched])');

/** The bar by itself, for a page that stood open when a start was received. Whether it came. */
export async function askBar(): Promise<boolean> {
  const reply = await fetch('/lone-working/bar', { headers: { 'HX-Request': 'true' } });
  const place = document.getElementById('safety-bar');
  const fresh = new DOMParser().parseFromString(reply.ok ? await reply.text() : '', 'text/html').getElementById('safety-bar');
  if (!place || !fresh) return false;
  place.replaceWith(fresh);
  fresh.dispatchEvent(new CustomEvent('doorstep:process', { bubbles: true }));
  return true;
}

/** `isAnswer`: it came by what was just pressed, on a page that may itself be a copy. */
export async function startSafety(isFresh: boolean, isAnswer: boolean): Promise<void> {
  void startBattery().catch(() => {});
  if (started) return meet();
  started = true;
  const clock = startClock().catch(() => {});
  const isCopy = !isAnswer && document.documentElement.dataset['copy'] !== undefined;
  // What goes wrong here is tried again each second; it keeps nobody from the rest.
  await firstLook(isFresh, isAnswer, isCopy).catch(() => {});
  await clock;
  unheard = isCopy;
  if (!isCopy) meet();
  onNews('changed', look);
  onNews('answered', ({ reply, receipt }) => {
    if (receipt) unheard = false;
    if (reply.headers['safety']) hearStanding(reply.headers['safety']);
    look();
  });
  startHolding();
  startPin(() => bar ?? aloneBar());
  startAlone();
  startPlace();
  document.addEventListener('doorstep:urgent', look);
  document.addEventListener('doorstep:moved', () => void askBar().then((came) => came && meet()).catch(() => {}));
  window.addEventListener('online', atOnce);
  document.addEventListener('visibilitychange', () => document.hidden || atOnce());
  startWhere(() => bar);
  document.addEventListener('htmx:error', noSignal);
  window.setInterval(tick, 1_000);
  look();
  // Nothing of a page's own waits for it.
  await standHelp().catch(() => {});
  // Whom to ring, and the key of a PIN, for where there is none.
  if (isFresh && ['officer', 'manager', 'contractor'].includes(document.body.dataset['role'] ?? '')) await keepPage(NO_SIGNAL);
}

async function firstLook(isFresh: boolean, isAnswer: boolean, isCopy: boolean): Promise<void> {
  if (isCopy) await restore();
  else if (isFresh && !found() && !document.querySelector('.fault')) await forget(person());
  // The page of no signal, or the door: nobody's, as far as the office said when it made it.
  else if (!isFresh && !isAnswer && !found()) await showSignedOut();
}

/** A bar that has just come from the office: its own page, or the answer to a press. */
function meet(): void {
  const now = found();
  if (now === bar) return;
  bar = now;
  if (!bar) return;
  unheard = false;
  const office = Date.parse(bar.dataset['now'] ?? '') || Date.now();
  gap = office - performance.now();
  const kept: Kept = { person: person(), html: bar.outerHTML, ahead: office - Date.now() };
  void setMeta(KEPT, kept).catch(() => {});
  void askTrust(person(), bar.dataset['safety']!).then((isNew) => (isNew ? sayWhere('start') : undefined)).catch(() => {});
  look();
}

async function restore(): Promise<void> {
  const kept = await getMeta<Kept | null>(KEPT);
  const slot = document.getElementById('safety-bar');
  const mine = kept?.person === person() ? kept : null;
  document.body.classList.toggle('has-safety', mine !== null);
  if (!slot || !mine) return void (slot && withdraw(slot));
  slot.outerHTML = mine.html;
  bar = found();
  gap = mine.ahead + Date.now() - performance.now();
  bar?.dispatchEvent(new CustomEvent('doorstep:process', { bubbles: true }));
}

/** A copy's bar is from before: its place stays, for what this phone itself knows. */
function withdraw(slot: HTMLElement): void {
  const sheet = slot.dataset['sheet'] ?? slot.querySelector('link')?.getAttribute('href') ?? '';
  slot.replaceWith(el('div', { id: 'safety-bar', 'data-sheet': sheet }));
}

/** A PIN is stored nowhere here, so what is asked with one is asked now or never. */
function noSignal({ target }: Event): void {
  if ((target as Element).matches('form[data-now-or-never]')) toast('No signal. Your session goes on. Try again where there is some.');
}

/** There may be signal again: the wait between tries is over. */
function atOnce(): void {
  [tries, nextTry] = [0, 0];
  look();
}

/** Whose bar it is, also where nobody is signed in. */
const author = (): string => bar?.dataset['author'] ?? person();

function look(): void {
  void opsOf(author()).then(async (ops) => {
    urgent = ops.filter((op) => op.status === 'queued' && sessionOf(op));
    waits = urgent.filter((op) => sessionOf(op) === bar?.dataset['safety']);
    all = ops;
    await (author() ? lookAlone(ops) : lookOfNobody());
    if (urgent.some(({ id }) => !known.has(id))) [tries, nextTry] = [0, 0];
    known = new Set(urgent.map(({ id }) => id));
    tick();
    await lookArrived(author());
  }).catch(() => {});
}

/** On a page where nobody is signed in, or any more: what this phone was given for the session lets it say these few things. */
async function showSignedOut(): Promise<void> {
  const kept = await getMeta<Kept | null>(KEPT);
  const one = kept && standing(kept.html, kept.person);
  const given = one && (await trust(one.session));
  if (!kept || !one || given?.person !== kept.person || (person() && person() !== one.author) || bar) return;
  document.getElementById('safety-bar')?.remove();
  bar = outBar(one);
  document.body.append(bar);
  gap = kept.ahead + Date.now() - performance.now();
  bar.dispatchEvent(new CustomEvent('doorstep:process', { bubbles: true }));
  look();
}

function hearStanding(says: string): void {
  if (says === 'over') return void ended();
  if (bar?.dataset['author'] === undefined) return;
  restate(bar, says);
  gap = Date.parse(bar.dataset['now']!) - performance.now();
}

/** The office knows that they are out. The same for either PIN: nothing here tells one from the other. */
async function ended(): Promise<void> {
  const whose = author();
  await forget(whose, bar?.dataset['safety']);
  // It is said there.
  if (person()) return location.assign('/today');
  bar?.replaceWith(Object.assign(document.createElement('p'), { className: 'notice', role: 'status', textContent: 'That session has ended.' }));
  bar = null;
  await sayArrived(whose, true);
}

/** Only one's own: somebody else may be out whose phone this was a moment ago. */
async function forget(whose: string, session?: string): Promise<void> {
  if ((await getMeta<Kept | null>(KEPT))?.person === whose) await setMeta(KEPT, null);
  await distrust(whose, session);
}

function say(place: Element | null | undefined, words: string): void {
  if (place && place.textContent !== words) place.textContent = words;
}

function tick(): void {
  engine();
  if (!bar?.isConnected) meet();
  if (!bar && !person()) void showSignedOut().catch(() => {});
  const stands = bar !== null || drawAlone();
  document.body.classList.toggle('has-safety', stands);
  if (stands) [dropHelp(), dropArrived()];
  else for (const stand of [standHelp(), sayArrived(person())]) void stand.catch(() => {});
  drawHelp(urgent);
  const shown = bar ?? aloneBar();
  // The page's own action stands above it, however much it has to say.
  if (shown) document.documentElement.style.setProperty('--bar', `${shown.offsetHeight}px`);
  if (!bar) return insist(shown);
  sayUntold(bar);
  if (bar.dataset['unwatched'] !== undefined) return;
  watchClock();
  const left = Date.parse(bar.dataset['due']!) - (performance.now() + gap);
  const unsure = waits.length > 0 || unheard || !navigator.onLine;
  bar.classList.toggle('safety--late', left <= 0);
  bar.classList.toggle('safety--soon', left > 0 && left <= Number(bar.dataset['soon'] ?? 5) * MINUTE);
  unsureSince = unsure ? (unsureSince ?? performance.now()) : null;
  bar.classList.toggle('safety--off', unsureSince !== null && performance.now() - unsureSince >= UNSURE_MS);
  say(bar.querySelector('[data-time-left]'), inWords(left));
  for (const [name, hidden] of [['until', left <= 0], ['past', left > 0], ['sure', unsure], ['unsure', !unsure]] as const) {
    for (const place of bar.querySelectorAll<HTMLElement>(`[data-shown="${name}"]`)) place.hidden = hidden;
  }
  insist(bar);
  follow(left <= 0 || called);
}

/** Somebody watches; but not where they have gone since. */
function sayUntold(now: HTMLElement): void {
  const one = untold();
  const place = now.querySelector<HTMLElement>('[data-untold]');
  if (place) place.hidden = !one || one.out;
  say(place?.querySelector('b'), one?.where || 'another place');
}

/** What says that somebody is well, or is not, does not wait as long between tries as other work. */
function insist(on: HTMLElement | null): void {
  const now = performance.now();
  const help = urgent.find((op) => op.url.endsWith('/panic'));
  called ||= help !== undefined;
  if ((urgent.length || untold()) && now >= nextTry) {
    nextTry = now + AGAIN_MS[Math.min(tries++, AGAIN_MS.length - 1)]!;
    void sendFirst(urgent, all);
  }
  const ways = on?.querySelector<HTMLElement>('[data-ways]');
  if (ways) ways.hidden = !help || Date.now() - waitsSince(help) < TRY_MS;
}

/** The board says by itself that nobody watches: it is not told so by what has stopped. */
let board: Element | null = null;
let seenAt = 0;

function engine(): void {
  const place = document.querySelector<HTMLElement>('[data-engine]');
  if (!place) return;
  if (place !== board) [board, seenAt] = [place, performance.now()];
  const age = place.dataset['engine'] === '' ? NaN : Number(place.dataset['engine']) + (performance.now() - seenAt) / 1000;
  const silent = !(age < SILENT_SECONDS);
  place.classList.toggle('engine--late', silent);
  const seen = Number.isNaN(age) ? 'Nobody is watching: the engine has not run' : `Engine seen ${Math.round(age)} s ago`;
  say(place, silent && !Number.isNaN(age) ? `${seen}. Alarms may be late: watch by phone` : seen);
}
