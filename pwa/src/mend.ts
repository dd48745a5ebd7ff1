/** A form the server remarked on: what is sent from it next takes the place of the command that was refused. */

import type { Op } from './command';
import { fillForm } from './fields';

const mends = new WeakMap<Element, string>();

export const mendedBy = (form: Element): string | undefined => mends.get(form);

export const isMistake = (op: Op): boolean => op.status === 'parked' && op.answer?.status === 422;

/** The server's own form, with its remarks, is about to be put in place of `target`. */
export function watchFor(target: Element, id: string): void {
  const settled = (event: Event) => {
    const place = event.target as Element;
    const form = place.matches('form[data-outbox]') ? place : place.querySelector('form[data-outbox]');
    if (form) mark(form, id);
  };
  (target.parentElement ?? document.body).addEventListener('htmx:after:settle', settled, { once: true });
}

function mark(form: Element, id: string): void {
  mends.set(form, id);
  form.setAttribute('data-op', id);
}

/** On a later visit: the form again as it was sent, with the server's remark above it. */
export function reopen(form: HTMLFormElement, op: Op): void {
  if (form.hasAttribute('data-op')) return;
  mark(form, op.id);
  fillForm(form, new URLSearchParams(op.body ?? ''));
  const remark = document.createElement('p');
  remark.className = 'fault__say';
  remark.setAttribute('role', 'alert');
  remark.textContent = op.answer?.say ?? '';
  form.prepend(remark);
}

/** The mended command is stored: the form is an ordinary one again. */
export function mended(form: Element): void {
  mends.delete(form);
  form.removeAttribute('data-op');
  form.querySelector(':scope > .fault__say[role]')?.remove();
}
