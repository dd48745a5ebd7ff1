/** That a check-out has reached the office, until its officer has closed it. Alike for either PIN, and it names no place and
 * nobody: whoever looks over their shoulder learns nothing by it. */

import { sentCopies } from './behind';
import { icon } from './icons';
import { sessionOf } from './safety-begun';
import { el } from './safety-out';
import { getMeta, setMeta } from './store';
import { when } from './words';

const closedKey = (author: string): string => `lone-arrived ${author}`;

let asked = '';
let shown: HTMLElement | null = null;

/** By the copies of what was sent, so that it is said also where the page on which it arrived is gone. Once a page, unless `anew`. */
export async function sayArrived(author: string, anew = false): Promise<void> {
  if (!author || (asked === author && !anew)) return;
  asked = author;
  const ends = (await sentCopies()).filter(({ op, outcome }) => ['done', 'held'].includes(outcome) && op.author === author && sessionOf(op) && op.url.endsWith('/end'));
  const last = ends.map(({ at }) => at).sort().at(-1);
  if (!last || last <= ((await getMeta<string>(closedKey(author))) ?? '')) return;
  stand(`Your check-out reached the office at ${when(last)}.`, () => void setMeta(closedKey(author), last).catch(() => {}));
}

/** At the head of the page and not over its foot: the next step there is not in its way. */
function stand(words: string, closed: () => void): void {
  dropArrived();
  const close = el('button', { class: 'btn btn--fit btn--quiet', type: 'button' }, 'Close');
  close.addEventListener('click', () => (dropArrived(), closed()));
  const says = el('p', { class: 'grow', role: 'status' });
  shown = el('div', { class: 'notice notice--ok arrived' }, says, close);
  shown.prepend(icon('tick'));
  (document.querySelector('.entry__card') ?? document.getElementById('main') ?? document.body).prepend(shown);
  // A place for such words that came with them in it is not read out.
  requestAnimationFrame(() => (says.textContent = words));
}

/** Somebody is out again: nothing there may sound as if that was over. */
export function dropArrived(): void {
  shown?.remove();
  shown = null;
}
