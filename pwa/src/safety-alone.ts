/** The red bar of somebody who has gone in and whom the office does not know of yet: what to do, and what this phone counts. */

import { onNews } from './channel';
import type { Op } from './command';
import { allOps, remove } from './ops';
import { drawSoon } from './pending';
import { person } from './person';
import { begunHere, isStart, sessionOf, type Begun } from './safety-begun';
import { known, toRing, type Known, type Ring } from './safety-known';
import { act, clock, el, helpForm, saved, ways } from './safety-out';
import { inWords } from './safety-words';

let now: Begun | null = null;
let ring: Ring | null = null;
let bar: HTMLElement | null = null;
let drawn = '';
let ops: Op[] = [];

export const aloneBar = (): HTMLElement | null => bar;

/** What waits has changed. */
export async function lookAlone(all: Op[]): Promise<void> {
  ops = all;
  const found = await begunHere(all);
  if (found && found.session !== now?.session) ring = toRing(await known().catch((): Known | null => null), found.buddy);
  now = found;
}

const LATELY_MS = 12 * 3_600_000;

/** Nobody is signed in here, and what somebody began waits for them: without a word of who, where or whom to ring. Whoever
 * comes to this phone the day after is not the one who went in. */
export async function lookOfNobody(): Promise<void> {
  const lately = (await allOps()).filter((op) => !isStart(op) || Date.now() - Date.parse(op.capturedAt) < LATELY_MS);
  const found = await begunHere(lately);
  [ops, ring] = [[], null];
  now = found?.out ? null : found;
}

export const untold = (): Begun | null => now;

const sheet = (): string => css || (document.querySelector<HTMLElement>('#safety-bar[data-sheet]')?.dataset['sheet'] ??
  document.querySelector<HTMLMetaElement>('meta[name="doorstep-safety"]')?.content ?? '');
let css = '';

/** Each second, where no bar of the office's stands. Whether one of ours does. */
export function drawAlone(): boolean {
  if (!now) {
    if (bar) clear();
    return false;
  }
  const left = now.due - Date.now();
  const look = `${now.session} ${left <= 0} ${now.out} ${now.refused} ${person()}`;
  // Not from under a finger that holds for help.
  if ((look !== drawn || !bar?.isConnected) && !bar?.querySelector('.is-held')) stand(now, left <= 0, look);
  say('[data-time-left]', inWords(left).replace('+', ''));
  say('[data-due-words]', clock(now.due));
  return true;
}

function say(place: string, words: string): void {
  const found = bar?.querySelector(place);
  if (found && found.textContent !== words) found.textContent = words;
}

function stand(one: Begun, late: boolean, look: string): void {
  css = sheet();
  const made = built(one, late);
  const slot = document.getElementById('safety-bar');
  if (slot) slot.replaceWith(made);
  else document.body.append(made);
  [bar, drawn] = [made, look];
  made.dispatchEvent(new CustomEvent('doorstep:process', { bubbles: true }));
  drawSoon();
}

function clear(): void {
  bar?.replaceWith(el('div', { id: 'safety-bar', 'data-sheet': css }));
  [bar, drawn] = [null, ''];
}

function built(one: Begun, late: boolean): HTMLElement {
  if (!person()) return ofNobody(one, late && !one.refused);
  const made = el('aside', {
    class: `safety ${one.out ? 'safety--off' : 'safety--not safety--alone'}`, id: 'safety-bar', 'aria-label': 'Lone working',
    'data-begun': one.session, 'data-author': one.author, 'data-record': one.record,
  }, ...(css ? [el('link', { rel: 'stylesheet', href: css })] : []));
  made.append(...(one.refused ? notBegun(one) : one.out ? isOut(one) : goesOn(one, late)));
  return made;
}

/** The phone tells the office nothing until its author is signed in again, so it offers nothing that would only wait here.
 * Where the office has refused, no sign-in changes that, and nothing is counted. */
function ofNobody(one: Begun, late: boolean): HTMLElement {
  return el('aside', { class: 'safety safety--not safety--alone', id: 'safety-bar', 'aria-label': 'Lone working' },
    ...(css ? [el('link', { rel: 'stylesheet', href: css })] : []),
    el('p', { class: 'safety__not' }, el('b', { role: 'alert' }, `NOT MONITORED: ${late ? 'your time is up. Ring' : 'ring'} your buddy${late ? ' now' : ''}.`),
      ...(one.refused ? ['Nobody looks out for you. Tell somebody where you are.']
        : ['The office does not know that you went in. Sign in here as soon as you can, so that it does. ', ...counts(late)])),
    el('div', { class: 'safety__ring' }, el('a', { class: 'sbtn', href: 'tel:999' }, 'Call 999')));
}

const counts = (late: boolean): (HTMLElement | string)[] => (late ? ['It ran out ', el('b', { 'data-time-left': '' }), ' ago, by this phone alone.']
  : [el('b', { 'data-time-left': '' }), ' left, until ', el('span', { 'data-due-words': '' }), ', by this phone alone.']);

const place = (name: string): HTMLElement => el('div', { class: 'safety__waits', id: `waits-${name}` });
const sms = (): string => (ring ? `sms:${ring.phone}` : '');
/** Names only where somebody is signed in. */
const who = (): string => (person() && ring ? ring.name : 'your buddy');

function ringing(): HTMLElement[] {
  if (!ring) return [];
  const link = (words: string, href: string) => el('a', { class: 'sbtn', href }, words);
  return [el('div', { class: 'safety__dealt safety__ring' }, link(`Ring ${who()}`, `tel:${ring.phone}`), link('Text them', sms()))];
}

function goesOn(one: Begun, late: boolean): HTMLElement[] {
  const tell = late ? `your time is up. Ring ${who()} now, then enter your PIN.` : `ring ${who()}.`;
  const line = el('p', { class: 'safety__not' }, el('b', { role: 'alert' }, `NOT MONITORED: ${tell}`),
    one.home ? 'No signal: say when you will be home. ' : 'No signal: say where you are. ', ...counts(late));
  return [line, ...ringing(), el('div', { role: 'status' }, ...['panic', 'check-in', 'extend'].map(place)), acts(one, late)];
}

function acts(one: Begun, late: boolean): HTMLElement {
  const pinned = (words: string, href: string, small = 'PIN') =>
    el('a', { class: 'sbtn', href: `/lone-working/${one.session}/${href}` }, words, el('small', { 'aria-hidden': 'true' }, small));
  const minutes = (n: number) => {
    if (late) return pinned(`+${n}`, `more?minutes=${n}`);
    const form = act(one, 'extend', `${n} minutes more`, {}, el('button', { class: 'sbtn' }, `+${n}`, el('small', { 'aria-hidden': 'true' }, 'min')), saved(`${n} minutes more.`));
    form.prepend(el('input', { type: 'hidden', name: 'minutes', value: String(n) }));
    return form;
  };
  const safe = late ? pinned('I’m safe', 'end')
    : act(one, 'check-in', 'I’m safe', {}, el('button', { class: 'sbtn sbtn--safe' }, 'I’m safe'), saved('I’m safe.'));
  return el('div', { class: 'safety__acts' }, safe, minutes(15), minutes(30), helpForm({ ...one, record: `lone-panic-${one.session}` }, ways(sms(), who())),
    el('a', { class: 'sbtn', href: `/lone-working/${one.session}/end` }, one.home ? 'Home' : 'End'));
}

function isOut(one: Begun): HTMLElement[] {
  return [
    el('p', { class: 'safety__line' }, el('span', { class: 'grow' }, el('b', {}, one.home ? 'Home and safe.' : 'Out and safe.'),
      ' Saved on this phone. The office does not know yet that you went in, and nobody watched. It goes when there is signal.')),
    el('div', { role: 'status' }, place('panic')),
    el('div', { class: 'safety__acts safety__acts--few' }, helpForm({ ...one, record: `lone-panic-${one.session}` }, ways(sms(), who())),
      el('a', { class: 'sbtn', href: `/lone-working/${one.session}/end` }, 'Enter PIN again')),
  ];
}

/** It came, and nobody could be told: until they have dealt with it. */
function notBegun(one: Begun): HTMLElement[] {
  const dealt = el('button', { class: 'sbtn', type: 'button' }, 'I’m out, or somebody knows');
  dealt.addEventListener('click', () => void dealWith(one).catch(() => {}));
  return [
    el('p', { class: 'safety__not', role: 'alert' }, el('b', {}, `NOT MONITORED: ring ${who()}.`), ' ', one.refused), ...ringing(),
    el('div', { class: 'safety__dealt' }, el('a', { class: 'sbtn', href: one.home ? '/lone-working/home' : '/lone-working/new' }, 'Start again'), dealt),
  ];
}

/** With it go the check-ins of a session that never was. A call for help is never among what goes. */
/** A call for help stays, and a PIN that the office has not read yet: it may be the one that asks for help. */
const stays = (op: Op): boolean => op.url.endsWith('/panic') || (!op.answer && !!op.body?.startsWith('sealed='));
const dealWith = async (one: Begun): Promise<void> => {
  await remove(ops.filter((op) => op.id === one.session || (sessionOf(op) === one.session && !stays(op))));
  document.dispatchEvent(new CustomEvent('doorstep:urgent'));
};

/** An own start has arrived on the page it was made on: what is drawn there is true no more. */
export function startAlone(): void {
  onNews('answered', ({ id, reply, receipt }) => {
    const to = reply.headers['hx-redirect'];
    if (receipt && id === now?.session && to && location.pathname === '/lone-working/new') location.assign(to);
  });
}
