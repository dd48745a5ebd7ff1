/** The safety bar: the time left by the office's clock, what still waits on this phone, and help that is held for. */

import './shared';
import { startBattery } from './battery';
import { onNews } from './channel';
import { waitsSince, type Op } from './command';
import { opsOf } from './ops';
import { person } from './person';
import { sendNow } from './sender';
import { getMeta, setMeta } from './store';
import { toast } from './toast';

/** The bar as the office last gave it: a page that was kept shows this one, not its own from before. */
interface Kept {
  person: string;
  html: string;
  /** The office's clock less this phone's, in ms, when it came. */
  ahead: number;
}

const KEPT = 'safety';
const MINUTE = 60_000;
const SOON = 5 * MINUTE;
const HOLD_MS = 1_500;
const TRY_MS = 5_000;
const AGAIN_MS = 8_000;
const SILENT_SECONDS = 15;

let bar: HTMLElement | null = null;
/** The office's clock less this page's own, which nobody can set. */
let gap = 0;
/** The page is a copy, and nothing has come from the office since. */
let unheard = false;
let waits: Op[] = [];
let asked = 0;
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
  const isCopy = !isAnswer && document.documentElement.dataset['copy'] !== undefined;
  if (isCopy) await restore();
  else if (isFresh && !found()) await setMeta(KEPT, null);
  unheard = isCopy;
  if (!isCopy) meet();
  onNews('changed', look);
  onNews('answered', ({ receipt }) => {
    if (receipt) unheard = false;
    look();
  });
  document.addEventListener('submit', unlessHeld, true);
  for (const type of ['pointerdown', 'keydown']) document.addEventListener(type, press);
  for (const type of ['pointerup', 'pointercancel', 'keyup']) document.addEventListener(type, letGo, true);
  window.addEventListener('blur', letGo);
  document.addEventListener('contextmenu', (event) => helpOf(event) && event.preventDefault());
  document.addEventListener('htmx:error', noSignal);
  window.setInterval(tick, 1_000);
  look();
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
  look();
}

async function restore(): Promise<void> {
  const kept = await getMeta<Kept | null>(KEPT);
  const slot = document.getElementById('safety-bar');
  const mine = kept?.person === person() ? kept : null;
  document.body.classList.toggle('has-safety', mine !== null);
  if (!slot || !mine) return void slot?.replaceChildren();
  slot.outerHTML = mine.html;
  bar = found();
  gap = mine.ahead + Date.now() - performance.now();
  bar?.dispatchEvent(new CustomEvent('doorstep:process', { bubbles: true }));
}

/** A PIN is stored nowhere here, so what is asked with one is asked now or never. */
function noSignal({ target }: Event): void {
  if ((target as Element).matches('form[data-now-or-never]')) toast('No signal. Your session goes on. Try again where there is some.');
}

function look(): void {
  void opsOf(person()).then((ops) => {
    waits = ops.filter((op) => op.url.startsWith(`/lone-working/${bar?.dataset['safety']}/`));
    tick();
  }, () => {});
}

function say(place: Element | null | undefined, words: string): void {
  if (place && place.textContent !== words) place.textContent = words;
}

function tick(): void {
  engine();
  if (!bar?.isConnected) meet();
  if (!bar) return document.body.classList.remove('has-safety');
  document.body.classList.add('has-safety');
  if (bar.dataset['unwatched'] !== undefined) return;
  const left = Date.parse(bar.dataset['due']!) - (performance.now() + gap);
  const unsure = waits.length > 0 || unheard || !navigator.onLine;
  bar.classList.toggle('safety--late', left <= 0);
  bar.classList.toggle('safety--soon', left > 0 && left <= SOON);
  bar.classList.toggle('safety--off', unsure);
  say(bar.querySelector('[data-time-left]'), inWords(left));
  for (const [name, hidden] of [['until', left <= 0], ['past', left > 0], ['sure', unsure], ['unsure', !unsure]] as const) {
    for (const place of bar.querySelectorAll<HTMLElement>(`[data-shown="${name}"]`)) place.hidden = hidden;
  }
  insist();
}

/** By the minute, and by the second only under one. */
function inWords(left: number): string {
  if (left <= 0) return `+${Math.floor(-left / MINUTE)} min`;
  return left < MINUTE ? `${Math.ceil(left / 1000)} s` : `${Math.ceil(left / MINUTE)} min`;
}

/** What says that somebody is well, or is not, does not wait as long between tries as other work. */
function insist(): void {
  const now = performance.now();
  if (waits.length && now - asked > AGAIN_MS) {
    asked = now;
    sendNow();
  }
  const help = waits.find((op) => op.url.endsWith('/panic'));
  const ways = bar?.querySelector<HTMLElement>('[data-ways]');
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

// --- help is held for, so that no pocket asks for it

let holding = 0;
let isHeld = false;

const helpOf = (event: Event): HTMLElement | null =>
  (event.target as Element | null)?.closest?.<HTMLElement>('form[data-hold] button') ?? null;

function press(event: Event): void {
  const button = helpOf(event);
  if (!button || holding || (event instanceof KeyboardEvent && ![' ', 'Enter'].includes(event.key))) return;
  button.classList.add('is-held');
  holding = window.setTimeout(() => {
    letGo();
    isHeld = true;
    button.closest('form')?.requestSubmit();
    isHeld = false;
  }, HOLD_MS);
}

function letGo(): void {
  clearTimeout(holding);
  holding = 0;
  for (const one of document.querySelectorAll('.is-held')) one.classList.remove('is-held');
}

function unlessHeld(event: Event): void {
  if (isHeld || !(event.target as Element).matches('form[data-hold]')) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}
