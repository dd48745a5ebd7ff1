/** Ids made on the phone: every data-minted field of one data-mint scope carries the same fresh id. */

import { uuid7 } from './ids';
import { person } from './person';
import { read, ready, write } from './store';

const SCOPE = '[data-mint]';

const fields = (scope: Element): HTMLInputElement[] =>
  [...scope.querySelectorAll<HTMLInputElement>('input[data-minted]')];

/** A scope keeps its id over a reload, so that photos taken for an unfinished finding stay with it. */
function keyOf(scope: HTMLElement): string {
  const drafted = scope.querySelector<HTMLElement>('form[data-draft]')?.dataset['draft'];
  const name = scope.dataset['mint'] || drafted || scope.getAttribute('id') || scope.querySelector('form')?.getAttribute('action');
  return `mint ${person()} ${location.pathname} ${name ?? ''}`;
}

// An id that came with the page is for a browser without script: a page kept on the phone would give it out twice.
const ours = new WeakSet<HTMLInputElement>();

export function mint(scope: HTMLElement): void {
  const all = fields(scope);
  const has = all.find((input) => ours.has(input) && input.value)?.value;
  const id = has ?? uuid7();
  give(all, id);
  if (!has) void write(['drafts'], (tx) => tx.objectStore('drafts').put(row(scope, id))).catch(() => {});
}

function give(inputs: HTMLInputElement[], id: string): void {
  for (const input of inputs) {
    input.value = id;
    ours.add(input);
  }
}

const row = (scope: HTMLElement, id: string) => ({
  key: keyOf(scope), person: person(), values: [['', id] as [string, string]], at: new Date().toISOString(),
});

/** After the thing was stored under its id, the next one gets another. Its photos do not count. */
export function remint(form: HTMLFormElement): void {
  const scope = form.closest<HTMLElement>(SCOPE);
  if (!scope || form.hasAttribute('data-photos')) return;
  const key = keyOf(scope);
  for (const input of fields(scope)) ours.delete(input);
  void write(['drafts'], (tx) => tx.objectStore('drafts').delete(key)).catch(() => {});
}

async function restore(scope: HTMLElement): Promise<void> {
  await ready;
  const kept = await read((db) => db.get('drafts', keyOf(scope)));
  const id = kept?.values[0]?.[1];
  const all = fields(scope);
  if (id && !all.some((input) => ours.has(input))) give(all, id);
}

function restoreMinted(): void {
  for (const scope of document.querySelectorAll<HTMLElement>(SCOPE)) void restore(scope).catch(() => {});
}

export function startMinting(): void {
  const touch = (event: Event) => {
    const scope = (event.target as Element | null)?.closest?.<HTMLElement>(SCOPE);
    if (scope) mint(scope);
  };
  for (const kind of ['pointerdown', 'focusin', 'input', 'change', 'submit']) {
    document.addEventListener(kind, touch, true);
  }
  document.addEventListener('htmx:after:swap', restoreMinted);
  restoreMinted();
}
