/** What is typed and not yet sent is on the phone's disk within a third of a second. */

import { fillForm, pairsOf } from './fields';
import { person } from './person';
import { read, ready, write, type Draft } from './store';
import { sayFull } from './toast';
import { time } from './words';

const QUIET_MS = 300;
const timers = new Map<HTMLFormElement, number>();
const dirty = new Set<HTMLFormElement>();

export function draftKey(form: HTMLFormElement): string | null {
  const name = form.dataset['draft'];
  return name === undefined || !person() ? null : `${person()} ${name || form.getAttribute('action') || ''}`;
}

/** True while something typed is not yet on disk. */
export const isTyping = (): boolean => dirty.size > 0;

async function save(form: HTMLFormElement): Promise<void> {
  clearTimeout(timers.get(form));
  timers.delete(form);
  const key = draftKey(form);
  if (!key || !dirty.has(form)) return;
  const at = new Date().toISOString();
  const row: Draft = { key, person: person(), values: pairsOf(form), at };
  try {
    await write(['drafts'], (tx) => tx.objectStore('drafts').put(row));
    const stored = await read((db) => db.get('drafts', key));
    if (stored?.at !== at && stored) return;
    dirty.delete(form);
    sayLine(form, `Kept on this phone ${time(at)}, not sent yet`);
  } catch (error) {
    sayLine(form, 'Not saved on this phone yet');
    sayFull(error);
  }
}

function sayLine(form: HTMLFormElement, words: string): void {
  let line = form.querySelector<HTMLElement>('.saved');
  if (!line) {
    line = document.createElement('p');
    line.className = 'saved';
    form.append(line);
  }
  line.hidden = false;
  const text = line.querySelector<HTMLElement>('[data-saved]') ?? line;
  text.textContent = words;
}

/** Put everything typed on disk now. Awaited before the camera opens, which may kill this page. */
export async function saveDrafts(): Promise<void> {
  await Promise.all([...dirty].map((form) => save(form)));
}

/** What is in the form is about to be stored as a command, which also takes its draft away: write none meanwhile. */
export function holdDraft(form: HTMLFormElement): void {
  clearTimeout(timers.get(form));
  timers.delete(form);
}

/** Storing failed, or something new was typed meanwhile: the draft is wanted after all. */
export function wantDraft(form: HTMLFormElement): void {
  if (!form.hasAttribute('data-draft')) return;
  dirty.add(form);
  clearTimeout(timers.get(form));
  timers.set(form, window.setTimeout(() => void save(form), QUIET_MS));
}

/** The command is stored, and its draft went in the same transaction. */
export function draftStored(form: HTMLFormElement): void {
  clearTimeout(timers.get(form));
  timers.delete(form);
  dirty.delete(form);
  const line = form.querySelector<HTMLElement>('.saved');
  if (line) line.hidden = true;
}

async function restore(form: HTMLFormElement): Promise<void> {
  await ready;
  const key = draftKey(form);
  const draft = key ? await read((db) => db.get('drafts', key)) : undefined;
  if (!draft || dirty.has(form)) return;
  fillForm(form, draft.values);
  sayLine(form, `Kept on this phone ${time(draft.at)}, not sent yet`);
  form.dispatchEvent(new CustomEvent('doorstep:restored', { bubbles: true }));
}

const restored = new WeakSet<HTMLFormElement>();

export function restoreDrafts(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>('form[data-draft]')) {
    if (restored.has(form)) continue;
    restored.add(form);
    void restore(form).catch(() => {});
  }
}

export function startDrafts(): void {
  const typed = (event: Event) => {
    const form = (event.target as HTMLInputElement | null)?.form;
    if (form) wantDraft(form);
  };
  document.addEventListener('input', typed);
  document.addEventListener('change', typed);
  window.addEventListener('pagehide', () => void saveDrafts());
  document.addEventListener('visibilitychange', () => document.hidden && void saveDrafts());
  document.addEventListener('htmx:after:swap', restoreDrafts);
  restoreDrafts();
}
