/** That a check-out has reached the office, until its officer has closed it. Alike for either PIN, and it names no place and
 * nobody: whoever looks over their shoulder learns nothing by it. */

import { sentCopies } from './behind';
import type { Op, SentCopy } from './command';
import { icon } from './icons';
import { opsOf } from './ops';
import { isStart, sessionOf } from './safety-begun';
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
  try {
    const last = await toSay(author);
    if (last) stand(`Your check-out reached the office at ${when(last)}.`, () => void setMeta(closedKey(author), last).catch(() => {}));
    else dropArrived();
  } catch (error) {
    asked = '';
    throw error;
  }
}

/** While it stands: whether it still may. */
export const lookArrived = async (author: string): Promise<void> => (shown ? sayArrived(author, true) : undefined);

/** When the newest check-out came; not once closed, and not once they have gone in again, whoever looks out for them there. */
async function toSay(author: string): Promise<string> {
  const copies = (await sentCopies()).filter(({ op }) => op.author === author);
  const ends = copies.filter(({ op, outcome }) => ['done', 'held'].includes(outcome) && sessionOf(op) && op.url.endsWith('/end'));
  const last = ends.sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1);
  if (!last || last.at <= ((await getMeta<string>(closedKey(author))) ?? '') || await wentInSince(last, copies)) return '';
  return last.at;
}

async function wentInSince(end: SentCopy, copies: SentCopy[]): Promise<boolean> {
  const another = (op: Op): boolean => isStart(op) && op.id !== sessionOf(end.op);
  if (copies.some(({ op, at }) => another(op) && at > end.at)) return true;
  return (await opsOf(end.op.author)).some((op) => another(op) && (op.status === 'queued' || op.sequence > end.op.sequence));
}

/** At the head of the page and not over its foot: the next step there is not in its way. */
function stand(words: string, closed: () => void): void {
  if (shown?.isConnected && shown.textContent?.includes(words)) return;
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
