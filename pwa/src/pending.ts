/** Queued work is visible: each command is drawn in its place until the server's own fragment takes over. */

import htmx from 'htmx.org';
import type { Reply } from './answers';
import { onNews } from './channel';
import { clean } from './clean';
import { field, type Captured, type Op } from './command';
import { saveDrafts } from './drafts';
import { BLANK_ID, MADE_ID, MADE_LABEL } from './ids';
import { isMistake, reopen } from './mend';
import { opsOf } from './ops';
import { person } from './person';
import { rename } from './rename';
import { read } from './store';
import { restoreChoice } from './choice';

const drawnSpot = (id: string): Element | null => document.querySelector(`[data-op="${CSS.escape(id)}"]`);

/** The form's own template, filled in with what was typed. Null when the form has none for it. */
export function pendingOf(form: HTMLFormElement, op: Op): DocumentFragment | null {
  const template = templateOf(form, op);
  if (!template) return null;
  const filled = template.content.cloneNode(true) as DocumentFragment;
  fill(filled, op);
  filled.firstElementChild?.setAttribute('data-op', op.id);
  // No answer to it is about this page: what is drawn stays.
  if (!isOwn(form, op)) filled.firstElementChild?.setAttribute('data-stays', '');
  return filled;
}

/** Where the look depends on what was chosen, `data-pending-by` names the field, and each template its value. */
function templateOf(form: HTMLFormElement, op: Op): HTMLTemplateElement | undefined {
  const by = form.dataset['pendingBy'];
  const all = [...form.querySelectorAll<HTMLTemplateElement>('template[data-pending]')];
  return by ? all.find((one) => one.dataset['pending'] === field(op, by)) : all[0];
}

function fill(root: DocumentFragment, op: Op): void {
  // A photo's words carry its id only once it is made small; from the start it is the command's own.
  const id = field(op, 'id') ?? op.id;
  // A thing made on this phone is linked to by the id it was given here.
  rename(root, { [MADE_ID]: id, [BLANK_ID]: id, [MADE_LABEL]: clean(field(op, 'label') ?? '') });
  for (const element of root.querySelectorAll<HTMLElement>('*')) {
    const name = element.dataset['value'];
    if (name) put(element, op.shows[name] ?? field(op, name) ?? '');
    if (element.hasAttribute('data-op-state')) element.textContent = stateWords(op);
  }
  if (op.status === 'parked') root.firstElementChild?.setAttribute('data-parked', '');
  if (op.photo) root.querySelector('.photo')?.setAttribute('data-sha256', op.photo);
}

function put(element: HTMLElement, text: string): void {
  const typed = clean(text);
  if (element instanceof HTMLInputElement) element.setAttribute('value', typed);
  // In its own direction, as on the office's page: words written from the right turn nothing round beside them.
  else element.replaceChildren(...(typed ? [Object.assign(document.createElement('bdi'), { textContent: typed })] : []));
}

export const stateWords = (op: Op): string =>
  op.status === 'parked' ? `Needs you: ${op.answer?.say ?? ''}` : 'Saved on this phone';

export function htmlOf(fragment: DocumentFragment): string {
  const holder = document.createElement('div');
  holder.append(fragment);
  return holder.innerHTML;
}

/** The form a command was made with, if this page has it, or one that does the same from here: `data-also`. */
export function formOf(op: Op): HTMLFormElement | null {
  const forms = document.querySelectorAll<HTMLFormElement>('form[data-outbox]');
  const same = [...forms].filter((form) => isOwn(form, op) || form.dataset['also'] === op.url);
  return same.find((form) => (form.dataset['what'] ?? '') === op.what) ?? null;
}

const isOwn = (form: HTMLFormElement, { url }: Pick<Op, 'url'>): boolean => postUrl(form) === url;

export const postUrl = (form: Element): string =>
  (form.getAttribute('hx-post') ?? form.getAttribute('action') ?? '').split('#')[0]!;

let again = 0;

/** Draw what is queued and not yet drawn. Safe to call as often as anything changed. */
export function drawSoon(): void {
  clearTimeout(again);
  again = window.setTimeout(() => void draw().catch(() => {}), 20);
}

async function draw(): Promise<void> {
  if (!person()) return;
  const ops = (await opsOf(person())).filter((op) => op.method === 'POST');
  for (const op of ops) {
    if (held.has(op.id)) continue;
    const form = formOf(op);
    if (form && isMistake(op)) reopen(form, op);
    const drawn = drawnSpot(op.id);
    if (drawn) markState(drawn, op);
    else if (form && !isMistake(op) && !replacedLater(op, ops)) await drawOne(form, op);
  }
}

async function drawOne(form: HTMLFormElement, op: Op): Promise<void> {
  restoreChoice(form, op);
  const filled = pendingOf(form, op);
  if (!filled || isShown(op)) return;
  if (isOwn(form, op)) return place(form, op.into ?? op.target, op.intoSwap ?? op.swap, htmlOf(filled));
  const { pendingInto, pendingSwap } = form.dataset;
  await place(form, pendingInto ?? form.getAttribute('hx-target'), pendingSwap ?? form.getAttribute('hx-swap') ?? '', htmlOf(filled));
}

/** A page fresh from the server may show what is still queued here: it came, and only its reply was lost. */
function isShown(op: Op): boolean {
  const spot = op.into ?? op.target;
  const id = field(op, 'id');
  const place = spot ? document.querySelector(spot) : null;
  const beside = ['beforebegin', 'afterend'].includes(styleOf(op.intoSwap ?? op.swap));
  const things = [...((beside ? place?.parentElement : place)?.children ?? [])];
  return things.some((one) => !one.hasAttribute('data-op') &&
    ((id !== null && one.getAttribute('id')?.endsWith(id)) || (op.photo !== null && one.getAttribute('data-sha256') === op.photo)));
}

/** A photo's tile, before there is a command for it: the original is on disk. */
export async function drawTile(form: HTMLFormElement, captured: Captured): Promise<void> {
  const filled = pendingOf(form, { ...captured, status: 'queued', answer: null } as Op);
  if (filled) await place(form, captured.into ?? captured.target, captured.intoSwap ?? captured.swap, htmlOf(filled));
}

function markState(drawn: Element, op: Op): void {
  drawn.toggleAttribute('data-parked', op.status === 'parked');
  for (const element of drawn.querySelectorAll('[data-op-state]')) {
    // A room that waits holds readings that wait: each says what is so of itself.
    if (element.closest('[data-op]') !== drawn) continue;
    if (element.textContent !== stateWords(op)) element.textContent = stateWords(op);
  }
}

const REPLACES = ['innerHTML', 'outerHTML', 'outerMorph', 'innerMorph'];

/** Of several changes to one thing only the last is shown. Two records' pages may use the same ids. */
function replacedLater(op: Op, ops: Op[]): boolean {
  const place = op.into ?? op.target;
  if (!place || !replaces(op.intoSwap ?? op.swap)) return false;
  return ops.some(
    (other) => other.sequence > op.sequence && other.record === op.record && (other.into ?? other.target) === place,
  );
}

const replaces = (swap: string): boolean => REPLACES.includes(styleOf(swap));

const styleOf = (swap: string): string => swap.trim().split(/\s+/)[0] ?? '';

async function place(source: Element, selector: string | null, swap: string, text: string): Promise<void> {
  const target = selector ? document.querySelector(selector) : null;
  if (target) await htmx.swap({ text, target, swap, sourceElement: source });
}

/** Commands that htmx itself is about to draw or to swap: hands off until it has. */
const held = new Map<string, (() => void) | null>();

export const hold = (id: string): void => void held.set(id, null);

/** htmx is done with it. An answer it did not get to see meanwhile takes the place of what it drew. */
export function release(id: string, sawAnswer: boolean): void {
  const late = held.get(id);
  held.delete(id);
  if (!sawAnswer) late?.();
  drawSoon();
}

/** The server has answered a command nobody is waiting for any more: its fragment replaces the pending look. */
async function settle(id: string, reply: Reply, received: boolean): Promise<void> {
  if (held.has(id)) return void held.set(id, () => void settle(id, reply, received).catch(() => {}));
  const copy = received ? await read((db) => db.get('sent', id)) : undefined;
  const op = copy?.op;
  if (!op || op.author !== person() || op.method !== 'POST') return;
  // Somebody who pressed Start, and still stands there, is taken to what was begun, however late the answer.
  const begun = op.again || formOf(op)?.dataset['start'] === undefined ? undefined : reply.headers['hx-redirect'];
  if (begun) return location.assign(begun);
  const drawn = drawnSpot(id);
  if (drawn && stays(op, drawn)) return stay(drawn);
  // What stands in its place may be half filled in: on disk, it is put back into the new one.
  await saveDrafts();
  const here = drawn || formOf(op) || op.page === location.pathname;
  if (here && isFragment(reply) && !(await superseded(op))) await swapIn(op, drawn, reply.text);
  else if (drawn && (!replaces(op.swap) || op.into)) drawn.remove();
  drawSoon();
}

/** <form data-stays>: what it draws is whole already, and being worked in. The answer only ends its waiting. */
const stays = (op: Op, drawn: Element): boolean => [drawn, formOf(op)].some((one) => one?.hasAttribute('data-stays'));

function stay(drawn: Element): void {
  drawn.removeAttribute('data-op');
  for (const line of drawn.querySelectorAll('[data-waits]')) line.remove();
}

/** A page kept from before such a thing was received does not have it: it is drawn again. */
async function drawReceived(): Promise<void> {
  if (!person() || !document.querySelector('form:is([data-stays], [data-also])')) return;
  const copies = (await read((db) => db.getAll('sent'))).filter(({ op, outcome }) => outcome === 'done' && op.author === person());
  for (const { op } of copies) {
    const form = formOf(op);
    if (!form?.matches('[data-stays], [data-also]') || drawnSpot(op.id)) continue;
    await drawOne(form, op);
    const drawn = drawnSpot(op.id);
    if (drawn) stay(drawn);
  }
}

/** Something to put in place: not a whole page, and not an answer that says where to go. */
function isFragment({ text, status, headers }: Reply): boolean {
  const elsewhere = headers['hx-redirect'] ?? headers['hx-location'] ?? headers['hx-refresh'];
  return status !== 204 && !elsewhere && headers['hx-reswap'] !== 'none' && !/^\s*<(!doctype|html|body)/i.test(text);
}

async function swapIn(op: Op, drawn: Element | null, text: string): Promise<void> {
  if (replaces(op.swap)) {
    if (op.into && op.into !== op.target) drawn?.remove();
    return place(formOf(op) ?? document.body, op.target, op.swap, text);
  }
  if (drawn) return htmx.swap({ text, target: drawn, swap: 'outerHTML', sourceElement: drawn });
  if (!isShown(op)) return place(formOf(op) ?? document.body, op.target, op.swap, text);
}

/** A later change to the same place is still on its way: showing this answer would show the past. */
export async function superseded(op: Op): Promise<boolean> {
  return replacedLater(op, await opsOf(op.author));
}

export function startDrawing(): void {
  onNews('changed', drawSoon);
  onNews('answered', ({ id, reply, receipt }) => void settle(id, reply, receipt !== null).catch(() => {}));
  document.addEventListener('htmx:after:swap', drawSoon);
  void drawReceived().catch(() => {}).then(drawSoon);
}
