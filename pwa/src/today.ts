/** The officer's day: put in order by hand, how far each home is, what waits for it, tomorrow by a swipe. */

import './shared';
import type { HtmxRequestCtx } from 'htmx.org';
import { onNews } from './channel';
import { items, type Op } from './command';
import { opsOf } from './ops';
import { person } from './person';
import { lastKnown } from './position';
import { count } from './words';

const MILE = 1609.344;
const SWIPE = 70;

const cards = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('#day [data-visit]')];
const orderField = (): HTMLInputElement | null => document.querySelector<HTMLInputElement>('#order input[name="order"]');

/** The list as it was last put in order here: it is newer than anything that is still on its way to the store. */
let ordered: Element | null = null;

/** A press moves the card at once; the whole order as it then is goes through the outbox. */
function move(event: Event): void {
  const button = (event.target as Element | null)?.closest<HTMLElement>('button[data-move]');
  const card = button?.closest<HTMLElement>('[data-visit]');
  const form = document.querySelector<HTMLFormElement>('#order');
  if (!button || !card || !form) return;
  event.preventDefault();
  const all = cards();
  const steps = Number(button.dataset['move']);
  const other = all[all.indexOf(card) + steps];
  if (!other) return;
  // The other one moves, so that the button that was pressed keeps the focus.
  if (steps < 0) card.after(other);
  else card.before(other);
  if (!button.checkVisibility()) card.querySelector<HTMLElement>(`button[data-move="${-steps}"]`)?.focus();
  writeOrder();
  ordered = document.querySelector('#day');
  form.requestSubmit();
}

function writeOrder(): void {
  const field = orderField();
  if (field) field.value = cards().map((card) => card.dataset['visit']).join(' ');
}

/** A copy of the page shows the order that still waits on this phone, not the one from before. */
function waitingOrder(): void {
  const words = document.querySelector('#order-said[data-op] [data-value="order"]')?.textContent?.trim();
  if (!words || words === orderField()?.value || ordered === document.querySelector('#day')) return;
  const wanted = words.split(' ');
  const all = cards();
  const place = (card: HTMLElement) => (wanted.indexOf(card.dataset['visit'] ?? '') + wanted.length + 1) % (wanted.length + 1);
  const spots = all.map((card) => card.parentElement!.insertBefore(document.createComment(''), card));
  [...all].sort((one, other) => place(one) - place(other)).forEach((card, n) => spots[n]!.replaceWith(card));
  writeOrder();
}

/** Finished somewhere else on this phone, and not yet at the office: it is done here too. */
async function waiting(): Promise<void> {
  const ops = person() ? await opsOf(person()) : [];
  for (const line of document.querySelectorAll<HTMLElement>('#day .visit__waits')) {
    const mine = ops.filter((op) => op.record === line.dataset['waits'] && !document.querySelector(`#day [data-op="${op.id}"]`));
    line.hidden = mine.length === 0;
    if (ops.some((op) => op.record === line.dataset['waits'] && op.page !== location.pathname)) [elsewhere, whole] = [true, false];
    const said = words(mine);
    if (line.textContent !== said) line.textContent = said;
    if (mine.some((op) => op.url.endsWith('/finish'))) sink(line.closest<HTMLElement>('.visit'));
  }
  underWay(ops);
  sayDone();
  if (elsewhere && !whole && !ops.length) document.querySelector('#day')?.dispatchEvent(new CustomEvent('doorstep:received'));
}

/** What waited for a visit here was begun on another page, so no answer to it brings this list up to date. */
let elsewhere = false;
/** The list was asked for after that. The answer to something older may take its place, and then it is asked for again. */
let whole = false;
let list: Element | null = null;

function swapped(event: Event): void {
  const now = document.querySelector('#day');
  if (now !== list) whole = (event as CustomEvent<{ ctx: HtmxRequestCtx }>).detail.ctx.request?.method === 'GET';
  list = now;
  redraw();
}

/** Begun on another page of this phone, and not at the office yet: it is first, and the way back to it is the next thing. */
function underWay(ops: Op[]): void {
  const is = (record: string, what: RegExp): boolean => ops.some((op) => op.record === record && op.status !== 'parked' && what.test(op.url));
  const card = [...document.querySelectorAll<HTMLElement>('#day .visit:not(.visit--done)')].find((one) => {
    const record = one.id;
    return is(record, /\/start(\/today)?$/) && !is(record, /\/(finish|hand-over|cancel)$/);
  });
  const next = document.querySelector<HTMLElement>('#day .visit--next');
  // The one that is first anyway is drawn by its own form.
  if (!card || card === next || card.querySelector('[data-back-to]')) return;
  look(next, '');
  // Another one is begun from its own page, where the rules for it are.
  next?.querySelector('.visit__foot')?.remove();
  const title = card.querySelector<HTMLAnchorElement>('h2 a')!;
  const foot = Object.assign(document.createElement('div'), { className: 'visit__foot' });
  const back = Object.assign(document.createElement('a'), { className: 'btn btn--main', href: title.href, textContent: `Back to the visit at ${title.textContent}` });
  back.dataset['backTo'] = '';
  foot.append(back);
  card.querySelector('.visit__body')!.after(foot);
  look(card, 'next');
  card.parentElement?.prepend(card);
}

/** As the office draws it: the border, and the plate on the door. */
function look(card: HTMLElement | null, state: 'next' | 'done' | ''): void {
  for (const [element, of] of [[card, 'visit'], [card?.querySelector('.plate'), 'plate']] as const) {
    element?.classList.remove(`${of}--next`, `${of}--done`);
    if (state) element?.classList.add(`${of}--${state}`);
  }
}

function words(ops: Op[]): string {
  const last = ops.at(-1);
  if (!last) return '';
  if (last.status === 'parked') return `Needs you: ${last.what}`;
  const done = ops.some((op) => op.url.endsWith('/finish')) ? 'Visit finished. ' : '';
  const said = ops.length > 1 ? `${count(items(ops).length, 'thing')} recorded` : last.what;
  return `${done && ops.length === 1 ? 'Visit finished' : done + said}. Saved on this phone`;
}

/** How many are done, as the list shows it: what is finished here and not at the office yet is done. */
function sayDone(): void {
  const place = document.querySelector<HTMLElement>('#day [data-day-done]');
  const done = document.querySelectorAll('#day .visit--done').length;
  if (place) place.textContent = done ? `, ${done} done` : '';
}

function sink(card: HTMLElement | null): void {
  if (!card || card.classList.contains('visit--done')) return;
  look(card, 'done');
  card.removeAttribute('data-visit');
  card.parentElement?.append(card);
  writeOrder();
}

/** Over the ball, which is within half a percent: on a card "1.2 miles" says the same. The server's order is exact. */
function metres(a: [number, number], b: [number, number]): number {
  const [up, along] = [Math.PI / 180 * (b[0] - a[0]), Math.PI / 180 * (b[1] - a[1])];
  const middle = Math.cos(Math.PI / 360 * (a[0] + b[0]));
  return 6_371_009 * Math.hypot(up, along * middle);
}

function away(metres: number): string {
  const miles = metres / MILE;
  if (metres < 20) return 'here';
  if (miles < 0.2) return `${Math.round(metres / 9.144) * 10} yards`;
  if (miles >= 0.95 && miles < 1.05) return '1 mile';
  return `${miles < 10 ? miles.toFixed(1) : Math.round(miles)} miles`;
}

let here: [number, number] | null = null;

function sayDistances(): void {
  if (!here) return;
  for (const place of document.querySelectorAll<HTMLElement>('[data-away]')) {
    const [latitude, longitude] = place.dataset['away']!.split(',').map(Number);
    place.textContent = away(metres(here, [latitude!, longitude!]));
    place.hidden = false;
  }
}

async function findDistances(): Promise<void> {
  const found = await lastKnown();
  if (found) here = [found.latitude, found.longitude];
  sayDistances();
}

/** From one day to the other by a thumb. The links are there as well. */
function swipes(): void {
  let start: Touch | null = null;
  document.addEventListener('touchstart', (event) => {
    const sideways = (event.target as Element).closest('.filters, input, textarea, select');
    start = event.touches.length === 1 && !sideways ? event.touches[0]! : null;
  }, { passive: true });
  document.addEventListener('touchend', (event) => {
    const end = event.changedTouches[0];
    if (!start || !end) return;
    const [right, down] = [end.clientX - start.clientX, end.clientY - start.clientY];
    if (Math.abs(right) < SWIPE || Math.abs(right) < 2 * Math.abs(down)) return;
    document.querySelector<HTMLAnchorElement>(`a[data-swipe="${right < 0 ? 'left' : 'right'}"]`)?.click();
  }, { passive: true });
}

function redraw(): void {
  waitingOrder();
  sayDistances();
  void waiting().catch(() => {});
}

export function startToday(): void {
  document.addEventListener('click', move);
  list = document.querySelector('#day');
  document.addEventListener('htmx:after:swap', swapped);
  onNews('changed', redraw);
  onNews('idle', redraw);
  swipes();
  redraw();
  void findDistances();
}
