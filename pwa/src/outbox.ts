/** The one htmx extension: a form marked data-outbox is stored on the phone first, and only then sent. */

import htmx, { type HtmxRequestCtx } from 'htmx.org';
import type { Reply } from './answers';
import { listen, tell } from './channel';
import { FORM_TYPE, type Captured, type Op } from './command';
import { draftKey, draftStored } from './drafts';
import { stamp, uuid7 } from './ids';
import { remint } from './mint';
import { keep, leave } from './ops';
import { htmlOf, pendingOf, postUrl, waiting } from './pending';
import { person, personName } from './person';
import { send } from './sender';
import { startRecord } from './start';
import { Full, read } from './store';
import { straight } from './straight';
import { toast } from './toast';

/** How long a tap waits for the server before the phone answers for it. */
const GRACE_MS = 1_200;
const GRACE_PLAIN_MS = 8_000;

/** Parked commands whose form, with the server's remarks, is on the screen: sending it again replaces them. */
const mends = new WeakMap<Element, string>();

interface Ctx extends Omit<HtmxRequestCtx, 'fetch'> {
  fetch?: (url: string, request: unknown) => Promise<Response>;
  confirm?: string;
}

export function startOutbox(): void {
  htmx.registerExtension('outbox', { htmx_config_request: take });
}

function take(_element: Element, detail: { ctx: Ctx }): boolean | void {
  const { ctx } = detail;
  const form = (ctx.request['form'] as HTMLFormElement | null) ?? (ctx.sourceElement as HTMLFormElement);
  if (!form.matches('form[data-outbox]') || ctx.request.method !== 'POST') return;
  if (form.hasAttribute('data-photos')) return false;
  const captured = capture(form, ctx);
  // Stored at the tap, not when htmx gets round to it: its own queue may drop a third tap.
  const saved = ctx.confirm ? null : store(form, captured);
  saved?.catch(() => {});
  ctx.fetch = async () => answerFor(form, ctx, captured, saved ?? store(form, captured));
}

export function capture(form: HTMLFormElement, ctx?: Pick<Ctx, 'request' | 'target'>): Captured {
  const data = (ctx?.request.body as FormData | undefined) ?? new FormData(form);
  const body = new URLSearchParams();
  for (const [name, value] of data) {
    if (name !== '_command' && typeof value === 'string') body.append(name, value);
  }
  const target = ctx?.target instanceof Element ? ctx.target : document.querySelector(targetOf(form) ?? '#none');
  return {
    id: uuid7(), method: 'POST', url: ctx?.request.action ?? postUrl(form), body: body.toString(), blob: null,
    type: FORM_TYPE, capturedAt: stamp(), monotonic: Math.round(performance.now()),
    author: person(), authorName: personName(),
    record: form.dataset['record'] ?? postUrl(form), what: form.dataset['what'] ?? '', where: form.dataset['where'] ?? '',
    page: location.pathname, shows: labels(form),
    target: target?.id ? `#${CSS.escape(target.id)}` : targetOf(form),
    targetHeader: ctx?.request.headers['HX-Target'] ?? '',
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
    }
  }
  return shows;
}

async function store(form: HTMLFormElement, captured: Captured): Promise<Op> {
  const draft = draftKey(form);
  const mended = mends.get(form);
  const [op] = await keep([captured], {
    stores: ['drafts', 'sent'],
    work: async (tx) => {
      if (draft) await tx.objectStore('drafts').delete(draft);
      const old = mended ? await tx.objectStore('ops').get(mended) : undefined;
      if (old) await leave(tx, old, { id: old.id, op: old, at: new Date().toISOString(), outcome: 'replaced' });
    },
  });
  waiting.add(captured.id);
  draftStored(form);
  remint(form);
  tell({ kind: 'changed' });
  send(true);
  return op!;
}

async function answerFor(form: HTMLFormElement, ctx: Ctx, captured: Captured, saved: Promise<Op>): Promise<Response> {
  let op: Op;
  try {
    op = await saved;
  } catch (error) {
    return notSaved(captured, error);
  }
  const pending = pendingOf(form, op);
  const answer = await heard(op.id, pending || form.dataset['start'] ? GRACE_MS : GRACE_PLAIN_MS);
  waiting.delete(op.id);
  if (answer && (answer.received || answer.reply.status === 422)) return fromServer(form, ctx, op, answer.reply);
  if (form.dataset['start'] && !answer) await startRecord(form, captured);
  if (answer) toast(answer.reply.status === 0 ? 'Needs you' : (await parkedWords(op.id)));
  if (!pending) {
    if (!answer) toast('Saved on this phone. It goes to the office by itself.');
    return new Response(null, { status: 204 });
  }
  const headers: Record<string, string> = { 'Content-Type': 'text/html' };
  if (op.into) headers['HX-Retarget'] = op.into;
  if (op.intoSwap) headers['HX-Reswap'] = op.intoSwap;
  return new Response(htmlOf(pending), { status: 200, headers });
}

function fromServer(form: HTMLFormElement, ctx: Ctx, op: Op, reply: Reply): Response {
  if (reply.status === 422) mendLater(ctx, op.id, form);
  for (const drawn of document.querySelectorAll(`[data-op="${op.id}"]`)) drawn.remove();
  const empty = [204, 205, 304].includes(reply.status);
  return new Response(empty ? null : reply.text, { status: reply.status, headers: reply.headers });
}

/** The form comes back with the server's remarks: what is sent from it takes the place of this command. */
function mendLater(ctx: Ctx, id: string, form: Element): void {
  const target = ctx.target instanceof Element ? ctx.target : form;
  const record = (event: Event) => {
    const place = event.target as Element;
    for (const one of [place, ...place.querySelectorAll('form[data-outbox]')]) mends.set(one, id);
  };
  const parent = target.parentElement ?? document.body;
  parent.addEventListener('htmx:after:settle', record, { once: true });
}

interface Heard {
  reply: Reply;
  received: boolean;
}

/** The server's answer to one command, or null when it stays on the phone for now. */
function heard(id: string, patience: number): Promise<Heard | null> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(() => resolve(null), patience);
    listen((news) => {
      if (!('id' in news) || news.id !== id || news.kind === 'progress') return;
      clearTimeout(timer);
      resolve(news.kind === 'answered' ? { reply: news.reply, received: news.receipt !== null } : null);
    });
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
