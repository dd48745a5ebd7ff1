/** The list of what waits on this phone, in plain words. Nothing leaves it here without being asked twice. */

import './shared';
import { ask } from './ask';
import { onNews, tell } from './channel';
import { isPhoto, items, type Op } from './command';
import { allOps, goneOf, opsOf, rawKeys, remove, tryAgain } from './ops';
import { person } from './person';
import { sendNow } from './sender';
import { read } from './store';
import { toast } from './toast';
import { count, when } from './words';

const OTHERS = 'Saved on this phone. It goes when the phone with what it belongs to has sent that again.';
const AGAIN = 'The office was put back to an earlier copy. What you sent since then is sent again, and counts once.';

export function startWaiting(): void {
  onNews('changed', () => void draw());
  onNews('progress', ({ id, percent }) => {
    const place = document.querySelector(`[data-item="${CSS.escape(id)}"] .waiting__state`);
    if (place) place.textContent = `Sending ${percent}%`;
  });
  document.addEventListener('click', (event) => {
    const pressed = event.target as Element;
    if (pressed.closest('[data-send-now]')) sendNow();
    if (pressed.closest('[data-save-copy]')) void saveCopy();
  });
  void draw();
}

async function draw(): Promise<void> {
  await sayOthers();
  const list = document.querySelector('[data-outbox-list]');
  if (!list || !person()) return;
  const ops = await opsOf(person());
  const raws = (await rawKeys(person())).length;
  const rows = await Promise.all(items(ops).map((op) => row(op, ops)));
  if (ops.some((op) => op.again)) rows.unshift(plain(AGAIN));
  if (raws) rows.push(plain(`${count(raws, 'photo')} being made ready on this phone.`));
  if (!rows.length) rows.push(plain(await nothing()));
  list.replaceChildren(...rows);
}

async function nothing(): Promise<string> {
  const { received, removed } = await goneOf(person());
  return [
    'Nothing is waiting.',
    removed && `${removed} ${removed === 1 ? 'was' : 'were'} removed here, not sent.`,
    received && `The last thing was received at ${when(received)}.`,
  ].filter(Boolean).join(' ');
}

async function row(op: Op, all: Op[]): Promise<HTMLLIElement> {
  const made = document.createElement('li');
  made.className = op.status === 'parked' ? 'waiting waiting--needs' : 'waiting';
  made.dataset['item'] = op.id;
  const photo = op.photo ? await read((db) => db.get('photos', op.photo!)) : undefined;
  if (photo?.thumb) made.append(picture(photo.thumb));
  made.append(
    text('b', 'waiting__what', op.what || 'A form'),
    text('span', 'waiting__where', [op.where, when(op.capturedAt)].filter(Boolean).join(' · ')),
    text('span', 'waiting__state', stateOf(op)),
  );
  if (op.status === 'parked') made.append(choices(op, all));
  return made;
}

function stateOf(op: Op): string {
  if (op.status === 'parked') return `Needs you: ${op.answer?.say ?? ''}`;
  if (op.again && op.answer?.status === 404) return OTHERS;
  if (op.answer) return `Saved on this phone. Tried ${count(op.tries, 'time')}; the office said: ${op.answer.say}`;
  return op.again ? 'Saved on this phone. Sent again' : 'Saved on this phone';
}

function choices(op: Op, all: Op[]): HTMLElement {
  const group = Object.assign(document.createElement('div'), { className: 'btns' });
  group.append(
    button('Try again', async () => {
      await tryAgain(op.id);
      tell({ kind: 'changed' });
      sendNow();
    }),
    button('Save a copy', () => saveCopy(related(op, all))),
    button('Remove', () => removeAsked(op, all)),
  );
  return group;
}

/** A photo and the words that attach it go together. */
const related = (op: Op, all: Op[]): Op[] =>
  isPhoto(op) ? all.filter((one) => one.photo === op.photo) : [op];

async function removeAsked(op: Op, all: Op[]): Promise<void> {
  const sure = await ask(
    `Remove ${op.what || 'this'}?`,
    'The office does not have it. A copy stays on this phone for three days, then it is gone.',
    [
      { value: true, label: 'Remove it' },
      { value: false, label: 'Keep it', main: true },
    ],
  );
  if (!sure) return;
  await remove(related(op, all));
  tell({ kind: 'changed' });
}

async function saveCopy(only?: Op[]): Promise<void> {
  try {
    const { exportCopy } = await import('./export');
    await exportCopy(only);
  } catch {
    toast('The copy could not be made. Nothing is lost. Try again.', { stay: true });
  }
}

async function sayOthers(): Promise<void> {
  // What the bar of a session sends needs nobody to sign in, and is not told of here: a call for help is among it.
  const theirs = (await allOps()).filter((op) => op.author !== person() && !op.url.startsWith('/lone-working/'));
  const others = items(theirs).length;
  for (const place of document.querySelectorAll<HTMLElement>('[data-waiting-others]')) {
    place.textContent = others
      ? `${count(others, 'item')} from another officer ${others === 1 ? 'waits' : 'wait'} on this phone, and ${others === 1 ? 'goes' : 'go'} when they sign in here.`
      : '';
    place.hidden = !others;
  }
}

function picture(thumb: ArrayBuffer): HTMLImageElement {
  const image = Object.assign(document.createElement('img'), { alt: '', className: 'waiting__photo' });
  const url = URL.createObjectURL(new Blob([thumb], { type: 'image/jpeg' }));
  image.addEventListener('load', () => URL.revokeObjectURL(url), { once: true });
  image.src = url;
  return image;
}

function text(tag: string, className: string, words: string): HTMLElement {
  return Object.assign(document.createElement(tag), { className, textContent: words });
}

function plain(words: string): HTMLLIElement {
  return text('li', 'waiting waiting--none', words) as HTMLLIElement;
}

function button(label: string, go: () => unknown): HTMLButtonElement {
  const made = Object.assign(document.createElement('button'), { type: 'button', className: 'btn', textContent: label });
  made.addEventListener('click', () => void go());
  return made;
}
