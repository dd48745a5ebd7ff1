/** A short message at the bottom of the screen, also read out. */

import { Full } from './store';

interface Options {
  /** Stays until it is closed. */
  stay?: boolean;
  act?: { label: string; href?: string; go?: () => void };
}

const LONG_MS = 6_000;

function place(): HTMLElement {
  const found = document.querySelector<HTMLElement>('[data-toasts]');
  if (found) return found;
  const made = document.createElement('div');
  made.className = 'toasts';
  made.setAttribute('data-toasts', '');
  made.setAttribute('role', 'status');
  document.body.append(made);
  return made;
}

export function toast(words: string, { stay = false, act }: Options = {}): void {
  const shown = [...place().children].find((one) => one.firstElementChild?.textContent === words);
  shown?.remove();
  const box = document.createElement('div');
  box.className = stay ? 'toast toast--stay' : 'toast';
  const text = document.createElement('p');
  text.textContent = words;
  box.append(text);
  if (act) box.append(action(act, box));
  if (stay) box.append(button('Close', () => box.remove()));
  else window.setTimeout(() => box.remove(), LONG_MS);
  place().append(box);
}

function action(act: NonNullable<Options['act']>, box: Element): HTMLElement {
  if (act.href === undefined) return button(act.label, () => (box.remove(), act.go?.()));
  const link = document.createElement('a');
  link.className = 'btn btn--fit';
  link.href = act.href;
  link.textContent = act.label;
  return link;
}

function button(label: string, go: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = 'btn btn--fit';
  made.textContent = label;
  made.addEventListener('click', go);
  return made;
}

export function sayFull(error: unknown): void {
  const words = error instanceof Full
    ? 'Your phone is full. The last thing was not saved. Free some space and try again; everything saved before is safe.'
    : 'This phone could not save that. Everything saved before is safe. Try again, or write it down.';
  toast(words, { stay: true });
}
