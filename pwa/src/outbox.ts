/** The one htmx extension: a form marked data-outbox is stored on the phone first, and only then sent; data-unkept never. */

import htmx, { type HtmxRequestCtx } from 'htmx.org';
import type { Reply } from './answers';
import { listen, tell } from './channel';
import { LIFE } from './clock';
import { FORM_TYPE, type Captured, type Op } from './command';
import { draftKey, draftStored, holdDraft, wantDraft } from './drafts';
import { named, pairsOf } from './fields';
import { stamp, uuid7 } from './ids';
import { mended, mendedBy, watchFor } from './mend';
import { remint } from './mint';
import { keep, leave } from './ops';
import { hold, htmlOf, pendingOf, postUrl, release, superseded } from './pending';
import { person, personName } from './person';
import { send } from './sender';
import { startRecord } from './start';
import { Full, read, type Tx } from './store';
import { straight, unkept } from './straight';
import { toast } from './toast';
import { day } from './words';

/** How long a tap waits for the server before the phone answers for it. */
const GRACE_MS = 1_200;
const GRACE_PLAIN_MS = 8_000;

const ADDS = ['beforeend', 'afterbegin', 'beforebegin', 'afterend', 'append', 'prepend', 'before', 'after'];

interface Ctx extends Omit<HtmxRequestCtx, 'fetch'> {
  fetch?: (url: string, request: unknown) => Promise<Response>;
  confirm?: string;
  outbox?: { id: string; sawAnswer: boolean };
}

export function startOutbox(): void {
  htmx.registerExtension('outbox', { htmx_config_request: take, htmx_finally_request: finished });
  document.addEventListener('doorstep:process', ({ target }) => htmx.process(target as Element));
}

function finished(_element: Element, { ctx }: { ctx: Ctx }): void {
  if (ctx.outbox) release(ctx.outbox.id, ctx.outbox.sawAnswer);
}

function take(_element: Element, detail: { ctx: Ctx }): boolean | void {
  const { ctx } = detail;
  const form = (ctx.request['form'] as HTMLFormElement | null) ?? (ctx.sourceElement as HTMLFormElement);
  if (ctx.request.method !== 'POST') return;
  if (form.matches('form[data-unkept]')) ctx.fetch = () => unkept(form, capture(form, ctx));
  if (!form.matches('form[data-outbox]')) return;
  if (form.hasAttribute('data-photos')) return false;
  const captured = capture(form, ctx);
  if (isSecondTap(form)) return false;
  // Stored at the tap, not when htmx gets round to it: its own queue may drop a third tap.
  const saved = ctx.confirm ? null : store(form, captured);
  if (form.dataset['start']) begin(form, captured.id);
  saved?.catch(() => beginning.delete(form));
  ctx.fetch = async () => answerFor(form, ctx, captured, saved ?? store(form, captured));
}

/** A thing under a new id: two quick presses are one press, whatever id the second would carry. */
const SECOND_TAP_MS = 1_500;
const pressed = new WeakMap<HTMLFormElement, { at: number; typed: string }>();
/** A record that was begun by this form and has no answer yet: however late it is pressed again, that is one press. */
const beginning = new WeakMap<HTMLFormElement, string>();

function isSecondTap(form: HTMLFormElement): boolean {
  const minted = new Set([...form.querySelectorAll<HTMLInputElement>('[data-minted]')].map((input) => input.name));
  if (!minted.size) return false;
  const typed = JSON.stringify(pairsOf(form).filter(([name]) => !minted.has(name)));
  const last = pressed.get(form);
  const now = performance.now();
  pressed.set(form, { at: now, typed });
  if (last?.typed !== typed) return false;
  return now - last.at < SECOND_TAP_MS || beginning.has(form);
}

function begin(form: HTMLFormElement, id: string): void {
  beginning.set(form, id);
  const stop = listen((news) => {
    if (news.kind !== 'answered' || news.id !== id) return;
    stop();
    if (beginning.get(form) === id) beginning.delete(form);
  });
}

export function capture(form: HTMLFormElement, ctx?: Pick<Ctx, 'request' | 'target'>): Captured {
  const data = (ctx?.request.body as FormData | undefined) ?? new FormData(form);
  const body = new URLSearchParams(pairsOf(form, data));
  const target = ctx?.target instanceof Element ? ctx.target : document.querySelector(targetOf(form) ?? '#none');
  // Never a form's own property: a field named id stands in its place.
  const place = target?.getAttribute('id');
  return {
    id: uuid7(), method: 'POST', url: ctx?.request.action ?? postUrl(form), body: body.toString(), blob: null,
    type: FORM_TYPE, capturedAt: stamp(), monotonic: Math.round(performance.now()), life: LIFE,
    // A bar that stands where nobody is signed in says whose it is.
    author: form.dataset['author'] ?? person(), authorName: personName(),
    // A record made here is named by its own new id, so that what follows in it waits for its beginning.
    record: named(form.dataset['record'] ?? postUrl(form), body),
    what: form.dataset['what'] ?? '', where: form.dataset['where'] ?? '',
    page: location.pathname, shows: labels(form),
    target: place ? `#${CSS.escape(place)}` : targetOf(form),
    targetHeader: ctx && target ? `${target.localName}${place ? `#${encodeURI(place)}` : ''}` : '',
    swap: form.getAttribute('hx-swap') ?? htmx.config.defaultSwap,
    into: form.dataset['pendingInto'] ?? null, intoSwap: form.dataset['pendingSwap'] ?? null, photo: null,
  };
}

const targetOf = (form: Element): string | null => form.getAttribute('hx-target');

/** What the chosen things are called, for the pending look: "Hob" rather than an id. */
function labels(form: HTMLFormElement): Record<string, string> {
  const shows: Record<string, string> = {};
  for (const control of form.elements) {
    if (control instanceof HTMLSelectElement && control.name) {
      shows[control.name] = control.selectedOptions[0]?.textContent?.trim() ?? '';
    } else if (control instanceof HTMLInputElement && control.checked && control.name) {
      const label = control.labels?.[0]?.textContent?.replace(/\s+/g, ' ').trim() ?? control.value;
      shows[control.name] = [shows[control.name], label].filter(Boolean).join(', ');
    } else if (control instanceof HTMLInputElement && control.type === 'date' && control.value) {
      shows[control.name] = day(control.value);
    }
  }
  return shows;
}

async function store(form: HTMLFormElement, captured: Captured): Promise<Op> {
  const draft = draftKey(form);
  const refused = mendedBy(form);
  holdDraft(form);
  const [op] = await keep([captured], {
    stores: ['drafts', 'sent'],
    work: async (tx) => {
      if (draft) await tx.objectStore('drafts').delete(draft);
      const old = refused ? await tx.objectStore('ops').get(refused) : undefined;
      if (old) await leave(tx, old, { id: old.id, op: old, at: new Date().toISOString(), outcome: 'replaced' });
      if (form.dataset['alone']) await noteAlone(tx, captured.id, form.dataset['alone']);
    },
  });
  mended(form);
  if (new URLSearchParams(pairsOf(form)).toString() === captured.body) {
    draftStored(form);
    // A form that adds to a list stays on the page: empty it for the next one, unless that is begun already.
    if (ADDS.some((style) => captured.swap.startsWith(style)) || captured.intoSwap === 'beforeend') form.reset();
  } else {
    wantDraft(form);
  }
  remint(form);
  tell({ kind: 'changed' });
  send(true);
  return op!;
}

/** For how long somebody goes in: what the phone counts down until the office does (safety-begun.ts). */
async function noteAlone(tx: Tx, id: string, minutes: string): Promise<void> {
  const before = Object.entries((await tx.objectStore('meta').get('alone')) ?? {}).slice(-9);
  await tx.objectStore('meta').put(Object.fromEntries([...before, [id, minutes]]), 'alone');
}

async function answerFor(form: HTMLFormElement, ctx: Ctx, captured: Captured, saved: Promise<Op>): Promise<Response> {
  let op: Op;
  try {
    op = await saved;
  } catch (error) {
    wantDraft(form);
    return notSaved(captured, error);
  }
  const pending = pendingOf(form, op);
  hold(op.id);
  const seen = { id: op.id, sawAnswer: false };
  ctx.outbox = seen;
  const answer = await heard(op.id, pending || form.dataset['start'] ? GRACE_MS : GRACE_PLAIN_MS);
  if (answer && (answer.received || answer.reply.status === 422)) {
    seen.sawAnswer = true;
    return (await superseded(op)) ? nothing() : fromServer(form, ctx, op, answer.reply);
  }
  if (!answer && !(await read((db) => db.get('ops', op.id)))) return nothing();
  if (form.dataset['start'] && !answer) await startRecord(form, captured).catch(() => {});
  if (answer) toast(await parkedWords(op.id));
  if (!pending) {
    if (!answer) toast('Saved on this phone. It goes to the office by itself.');
    return nothing();
  }
  const headers: Record<string, string> = { 'Content-Type': 'text/html' };
  if (op.into) headers['HX-Retarget'] = op.into;
  if (op.intoSwap) headers['HX-Reswap'] = op.intoSwap;
  return new Response(htmlOf(pending), { status: 200, headers });
}

const nothing = (): Response => new Response(null, { status: 204 });

function fromServer(form: HTMLFormElement, ctx: Ctx, op: Op, reply: Reply): Response {
  if (reply.status === 422) watchFor(ctx.target instanceof Element ? ctx.target : form, form, op.id);
  for (const drawn of document.querySelectorAll(`[data-op="${op.id}"]:not(form)`)) drawn.remove();
  const empty = [204, 205, 304].includes(reply.status);
  return new Response(empty ? null : reply.text, { status: reply.status, headers: reply.headers });
}

interface Heard {
  reply: Reply;
  received: boolean;
}

/** The server's answer to one command, or null when it stays on the phone for now. */
function heard(id: string, patience: number): Promise<Heard | null> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(() => end(null), patience);
    const end = (answer: Heard | null) => {
      clearTimeout(timer);
      stop();
      resolve(answer);
    };
    const stop = listen((news) => {
      if (news.kind === 'idle') end(null);
      else if ('id' in news && news.id === id && news.kind === 'kept') end(null);
      else if (news.kind === 'answered' && news.id === id) end({ reply: news.reply, received: news.receipt !== null });
    });
    // htmx may have kept this back until it was already answered: then its fragment is on the page by now.
    void read((db) => db.get('ops', id)).then((op) => op || end(null), () => end(null));
  });
}

async function parkedWords(id: string): Promise<string> {
  const op = await read((db) => db.get('ops', id));
  return op?.answer ? `Needs you: ${op.answer.say}` : 'Saved on this phone';
}

async function notSaved(captured: Captured, error: unknown): Promise<Response> {
  const reply = await straight(captured);
  if (reply) return new Response(reply.text, { status: reply.status, headers: reply.headers });
  toast(error instanceof Full
    ? 'Your phone is full. This was not saved. Free some space, then press the button again: what you typed is still here.'
    : 'This phone could not save that. What you typed is still here: press the button again, or write it down.', { stay: true });
  throw error;
}
