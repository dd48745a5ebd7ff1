/** The store does not open: what can still be read of it can be taken away, and nothing is written. */

import './shared';
import { exportCopy } from './export';
import { opsOf, rawKeys } from './ops';
import { person } from './person';
import { openAsItIs, type Reader } from './store';
import { count } from './words';

const TITLE = 'This phone’s store did not open';
const WORDS =
  'Doorstep has deleted nothing, but until it opens nothing new is saved on this phone. Close Doorstep everywhere and open it again, or try again here.';
const COPY = ' You can also save a copy of what waits, and give it to the office.';
const NOTHING =
  'Nothing in this phone’s store can be read just now, so no copy could be made. Do not clear this browser’s data, and do not remove Doorstep: what was saved may still be there. Restart the phone and open Doorstep again. If it still does not open, show this to the office.';

export function offerRescue(): void {
  if (document.querySelector('[data-rescue]')) return;
  const box = document.createElement('section');
  box.className = 'card card__pad stack';
  box.setAttribute('data-rescue', '');
  box.setAttribute('role', 'alert');
  const words = text('p', WORDS + (person() ? COPY : ''));
  const buttons = Object.assign(document.createElement('div'), { className: 'btns' });
  buttons.append(button('Try again', () => location.reload()));
  // Somebody else's work is not for whoever opens the phone.
  if (person()) buttons.append(button('Save a copy', async () => void (words.textContent = await saveCopy())));
  box.append(text('h2', TITLE), words, buttons);
  (document.querySelector('main') ?? document.body).prepend(box);
}

/** Gives what is to be said of it. */
async function saveCopy(): Promise<string> {
  try {
    const db = await openAsItIs();
    const whole: Reader = (work) => work(db);
    const waiting = (await opsOf(person(), whole)).length + (await rawKeys(person(), whole)).length;
    if (!waiting) return 'The store can be read, and nothing of yours waits in it. Try again, or restart the phone.';
    let lost = 0;
    await exportCopy(undefined, (work) => work(db).catch(() => ((lost += 1), undefined as never)));
    db.close();
    const gaps = lost ? ` ${count(lost, 'photo')} could not be read and ${lost === 1 ? 'is' : 'are'} not in it.` : '';
    return `A copy of what waits was made.${gaps} Give it to the office. If this phone sends the same later, it counts once.`;
  } catch {
    return NOTHING;
  }
}

function text(tag: string, words: string): HTMLElement {
  return Object.assign(document.createElement(tag), { textContent: words });
}

function button(label: string, go: () => unknown): HTMLButtonElement {
  const made = Object.assign(document.createElement('button'), { type: 'button', className: 'btn btn--fit', textContent: label });
  made.addEventListener('click', () => void go());
  return made;
}
