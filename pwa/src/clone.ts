/**
 * A page with fifty items has each kind of form once, in a <template>. An item's forms are made from it when the item
 * is opened, or when this phone holds something typed or queued for it.
 *
 * <div data-clone="template-id" data-key="kitchen_hob" data-label="Hob" data-values='{"condition":"G"}'></div>
 */

import htmx from 'htmx.org';
import { onNews } from './channel';
import { fillForm } from './fields';
import { opsOf } from './ops';
import { person } from './person';
import { rename } from './rename';
import { read } from './store';
import type { Op } from './command';

const PLACES = '[data-clone]';

function unfold(place: HTMLElement): void {
  const template = document.getElementById(place.dataset['clone'] ?? '');
  if (!(template instanceof HTMLTemplateElement)) return;
  const made = template.content.cloneNode(true) as DocumentFragment;
  rename(made, { 'CLONE-KEY': place.dataset['key'] ?? '', 'CLONE-LABEL': place.dataset['label'] ?? '' });
  for (const form of made.querySelectorAll('form')) choose(form, JSON.parse(place.dataset['values'] ?? '{}'));
  delete place.dataset['clone'];
  place.replaceChildren(made);
  htmx.process(place);
  place.dispatchEvent(new CustomEvent('htmx:after:swap', { bubbles: true }));
}

function choose(form: HTMLFormElement, values: Record<string, string>): void {
  for (const control of form.elements) {
    if (!(control instanceof HTMLInputElement) || !(control.name in values)) continue;
    if (control.type === 'radio') control.checked = control.value === values[control.name];
    else if (control.type === 'text') control.value = values[control.name] ?? '';
  }
}

/** What this phone still holds is drawn by the form it came from, so that form must be there. */
async function unfoldHeld(): Promise<void> {
  const places = [...document.querySelectorAll<HTMLElement>(PLACES)];
  if (!person() || !places.length) return;
  const ops = await opsOf(person());
  const drafts = (await read((db) => db.getAllKeys('drafts'))).map(String);
  for (const place of places) {
    const key = place.dataset['key'] ?? '';
    const mine = ops.filter((op) => op.body?.includes(`item=${key}`) && location.pathname.startsWith(pathOf(op)));
    const typed = drafts.some((draft) => draft.includes(location.pathname.split('/').pop() ?? '-') && draft.endsWith(key));
    if (!mine.length && !typed) continue;
    unfold(place);
    for (const op of mine) showChoice(place, op);
  }
}

let soon = 0;

function unfoldSoon(): void {
  clearTimeout(soon);
  soon = window.setTimeout(() => void unfoldHeld().catch(() => {}), 20);
}

const pathOf = (op: Op): string => op.url.split('/').slice(0, 3).join('/');

function showChoice(place: HTMLElement, op: Op): void {
  for (const form of place.querySelectorAll<HTMLFormElement>('form[data-autosend]')) {
    if (form.getAttribute('hx-post') === op.url) fillForm(form, new URLSearchParams(op.body ?? ''));
  }
}

export function startCloning(): void {
  const open = (event: Event) => {
    const details = event.target;
    if (!(details instanceof HTMLDetailsElement) || !details.open) return;
    for (const place of details.querySelectorAll<HTMLElement>(PLACES)) unfold(place);
  };
  document.addEventListener('toggle', open, true);
  onNews('changed', unfoldSoon);
  // A room drawn on this phone brings places of its own.
  document.addEventListener('htmx:after:swap', unfoldSoon);
  unfoldSoon();
}
