/** Help where no session runs: the same hold, in the frame of every page, and the same other ways when there is no signal. */

import { waitsSince, type Op } from './command';
import { uuid7 } from './ids';
import { opsOf } from './ops';
import { person } from './person';
import { known, toRing } from './safety-known';
import { sessionOf } from './safety-begun';
import { el, helpForm, ways } from './safety-out';

const TRY_MS = 5_000;
const FIELD = ['officer', 'manager'];

let form: HTMLElement | null = null;
let others: HTMLElement | null = null;

/** Contractors only where their firm has asked the council to look out for its people. */
const isAsked = async (): Promise<boolean> =>
  FIELD.includes(document.body.dataset['role'] ?? '') || (await known().catch(() => null)) !== null;

/** Beside whose page this is, wherever no bar stands. */
export async function standHelp(): Promise<void> {
  const sheet = document.querySelector<HTMLElement>('#safety-bar[data-sheet]')?.dataset['sheet'];
  const end = document.querySelector('.top__end');
  if (form?.isConnected || !sheet || !end || !person() || !(await isAsked())) return;
  // Pressed on another page, and waiting: pressed again it is about the same session.
  const before = (await opsOf(person()).catch((): Op[] => [])).find((op) => op.status === 'queued' && op.url.endsWith('/panic'));
  if (form?.isConnected) return;
  const whose = { session: before ? sessionOf(before) : uuid7(), author: person() };
  form = helpForm(whose, el('div', { hidden: '' }));
  form.classList.add('tophelp');
  form.dataset['pendingInto'] = '#tophelp-waits';
  others = el('div', { class: 'safety tophelp__ways', role: 'status', hidden: '' }, el('div', {}), el('div', { id: 'tophelp-waits' }));
  form.prepend(el('link', { rel: 'stylesheet', href: sheet }));
  end.prepend(form);
  document.body.append(others);
  form.dispatchEvent(new CustomEvent('doorstep:process', { bubbles: true }));
}

export function dropHelp(): void {
  form?.remove();
  others?.remove();
  [form, others] = [null, null];
}

/** Five seconds without signal, and the other ways are offered. */
export function drawHelp(waiting: Op[]): void {
  const help = waiting.find(({ url }) => url.endsWith('/panic'));
  const hidden = !help || Date.now() - waitsSince(help) < TRY_MS;
  if (!others || others.hidden === hidden) return;
  others.hidden = hidden;
  if (!hidden) void sayWays(others);
}

/** Asked of what is kept only now: on a phone's first page it was not there yet when the button was. */
async function sayWays(place: HTMLElement): Promise<void> {
  const ring = toRing(await known().catch(() => null), '');
  const said = ways(ring ? `sms:${ring.phone}` : '', ring?.name);
  said.hidden = false;
  place.firstElementChild?.replaceWith(said);
}
