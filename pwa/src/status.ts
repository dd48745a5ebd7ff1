/** The state of my work, always in sight: four states and no others, changed only by the store or the server. */

import { onNews } from './channel';
import { items, waitsSince, type Op } from './command';
import { icon, line, type Icon } from './icons';
import { goneOf, opsOf, rawKeys, type Gone } from './ops';
import { person } from './person';
import { HOUR, time, when } from './words';

/** Sending that is over sooner than this is not worth a flicker. */
const SHOW_SENDING_MS = 400;

interface Sending {
  done: number;
  total: number;
  photos: boolean;
  since: number;
}

let sending: Sending | null = null;
let percent = 0;

export const isSending = (): boolean => sending !== null;

interface Look {
  icon: Icon;
  kind: '' | 'all' | 'sending' | 'needs';
  bits: string[];
  short: string;
  fill?: number;
}

function lookOf(ops: Op[], raws: number, { received, removed }: Gone): Look {
  const parked = ops.filter((op) => op.status === 'parked');
  if (parked.length) {
    const words = parked.length === 1 ? '1 needs you' : `${parked.length} need you`;
    return { icon: 'warn', kind: 'needs', bits: [words, parked[0]!.where].filter(Boolean), short: words };
  }
  if (sending && ops.length && Date.now() - sending.since >= SHOW_SENDING_MS) return sendingLook(sending);
  if (ops.length || raws) return waitingLook(ops, raws);
  // What was taken out was not sent, and nothing here may sound as if it was.
  if (removed) return { icon: 'phone', kind: '', bits: ['Nothing waiting', `${removed} removed, not sent`], short: 'Nothing waiting' };
  const sent = received ? `All sent ${when(received)}` : 'All sent';
  return { icon: 'tick', kind: 'all', bits: [sent], short: 'All sent' };
}

function sendingLook({ done, total, photos }: Sending): Look {
  const words = `Sending ${Math.min(done + 1, total)} of ${total}`;
  const fill = ((done + percent / 100) / total) * 100;
  return { icon: 'arrow', kind: 'sending', bits: [photos ? `${words} photos` : words], short: words, fill };
}

function waitingLook(ops: Op[], raws: number): Look {
  const oldest = Math.min(...ops.map(waitsSince));
  const age = ops.length ? Date.now() - oldest : 0;
  const waiting = `${items(ops).length + raws} waiting`;
  if (age < 24 * HOUR) return { icon: 'phone', kind: '', bits: ['Saved on this phone', waiting], short: waiting };
  const since = age < 72 * HOUR ? `since ${when(oldest)}` : `for ${Math.floor(age / (24 * HOUR))} days`;
  return { icon: 'warn', kind: 'needs', bits: ['Saved on this phone', `${waiting} ${since}`], short: waiting };
}

function paint(chip: HTMLElement, look: Look): void {
  const short = chip.classList.contains('chip--short');
  chip.className = ['chip', short && 'chip--short', look.kind && `chip--${look.kind}`].filter(Boolean).join(' ');
  const text = document.createElement(short ? 'b' : 'span');
  if (!short && look.bits.length > 1) {
    text.className = 'bits';
    text.append(...look.bits.map((bit) => Object.assign(document.createElement('span'), { textContent: bit })));
  } else {
    text.textContent = short ? look.short : look.bits.join(' ');
  }
  chip.replaceChildren(icon(look.icon), text, ...(short ? [] : [icon('go', 'end')]));
  if (look.fill !== undefined) chip.append(line('chip__line', look.fill, '4'));
}

let last = '';

export async function refreshStatus(): Promise<void> {
  const chips = document.querySelectorAll<HTMLElement>('[data-chip]');
  if (!person()) return;
  const [ops, originals, gone] = await Promise.all([opsOf(person()), rawKeys(person()), goneOf(person())]);
  const raws = originals.length;
  badge(items(ops).length + raws);
  const look = lookOf(ops, raws, gone);
  const key = JSON.stringify(look);
  if (key === last && chips[0]?.dataset['chip'] === 'on') return;
  last = key;
  for (const chip of chips) {
    paint(chip, look);
    chip.dataset['chip'] = 'on';
  }
}

/** The number on the app's icon, where the phone has one. */
function badge(waiting: number): void {
  const set = waiting ? navigator.setAppBadge?.(waiting) : navigator.clearAppBadge?.();
  set?.catch(() => {});
}

let soon = 0;
function paintSoon(ms = 0): void {
  clearTimeout(soon);
  soon = window.setTimeout(() => void refreshStatus().catch(() => {}), ms);
}

export function startStatus(): void {
  onNews('sending', ({ done, total, photos }) => {
    sending = { done, total, photos, since: sending?.since ?? Date.now() };
    percent = 0;
    paintSoon(Math.max(0, SHOW_SENDING_MS - (Date.now() - sending.since)));
  });
  onNews('progress', (news) => {
    percent = news.percent;
    paintSoon();
  });
  onNews('idle', () => {
    sending = null;
    paintSoon();
  });
  onNews('changed', () => paintSoon());
  document.addEventListener('htmx:after:swap', () => paintSoon());
  void refreshStatus().catch(() => {});
}

export const sentWords = (at: string): string => `Received ${time(at)}`;
