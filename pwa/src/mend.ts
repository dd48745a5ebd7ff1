/** A form the server remarked on: what is sent from it next takes the place of the command that was refused. */

import type { Op } from './command';
import { fillForm, isUntouched } from './fields';

const mends = new WeakMap<Element, string>();

export const mendedBy = (form: Element): string | undefined => mends.get(form);

export const isMistake = (op: Op): boolean => op.status === 'parked' && op.answer?.status === 422;

/** When the answer is the form itself, with its remarks, that form mends the command once it is in place. */
export function watchFor(target: Element, sent: Element, id: string): void {
  mark(sent, id);
  const settled = (event: Event) => {
    const place = event.target as Element;
    const form = place.matches('form[data-outbox]') ? place : place.querySelector('form[data-outbox]');
    if (form && form !== sent) mark(form, id);
  };
  (target.parentElement ?? document.body).addEventListener('htmx:after:settle', settled, { once: true });
}

function mark(form: Element, id: string): void {
  mends.set(form, id);
  form.setAttribute('data-op', id);
}

/** The form again as it was sent, with the server's remarks beside their fields. */
export function reopen(form: HTMLFormElement, op: Op): void {
  const shown = form.getAttribute('data-remarks') === op.id;
  if (shown || (form.getAttribute('data-op') !== op.id && !isUntouched(form))) return;
  mark(form, op.id);
  form.setAttribute('data-remarks', op.id);
  fillForm(form, new URLSearchParams(op.body ?? ''));
  // The server's own form brings its own remarks.
  if (!form.querySelector('.fault__say, .govuk-error-message')) remark(form, op);
}

function remark(form: HTMLFormElement, op: Op): void {
  const fields = Object.entries(op.answer?.fields ?? {});
  const placed = fields.filter(([name, words]) => beside(form, name, words));
  if (placed.length < Math.max(fields.length, 1)) form.prepend(said(op.answer?.say ?? ''));
  form.closest('details')?.setAttribute('open', '');
  form.querySelector<HTMLElement>('[aria-invalid]')?.focus();
}

/** A remark at a field. False: the form has no such field to see. */
export function beside(form: HTMLFormElement, name: string, words: string): boolean {
  const found = form.elements.namedItem(name);
  const control = found instanceof RadioNodeList ? (found[0] as HTMLElement | undefined) : (found as HTMLElement | null);
  if (!control || (control as HTMLInputElement).type === 'hidden') return false;
  const group = control.closest('fieldset') ?? control.closest('.govuk-form-group') ?? control.parentElement!;
  const line = said(words);
  line.id = `said-${op8(form)}-${name}`;
  if (group instanceof HTMLFieldSetElement) group.querySelector('legend')?.after(line);
  else control.before(line);
  group.classList.add('govuk-form-group--error');
  control.setAttribute('aria-invalid', 'true');
  control.setAttribute('aria-describedby', [line.id, control.getAttribute('aria-describedby')].filter(Boolean).join(' '));
  return true;
}

const op8 = (form: Element): string => (form.getAttribute('data-op') ?? '').slice(-8);

function said(words: string): HTMLElement {
  const line = document.createElement('p');
  line.className = 'govuk-error-message fault__say';
  line.setAttribute('data-said', '');
  line.setAttribute('role', 'alert');
  line.textContent = words;
  return line;
}

/** The mended command is stored: the form is an ordinary one again. */
export function mended(form: Element): void {
  mends.delete(form);
  form.removeAttribute('data-op');
  form.removeAttribute('data-remarks');
  for (const line of form.querySelectorAll('[data-said]')) line.remove();
  for (const group of form.querySelectorAll('.govuk-form-group--error')) group.classList.remove('govuk-form-group--error');
  for (const control of form.querySelectorAll('[aria-invalid]')) control.removeAttribute('aria-invalid');
}
