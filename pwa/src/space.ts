/** Room on the phone: said while there is still some, and asked about before something big is begun. */

import { ask } from './ask';
import { banner } from './banner';
import { onNews } from './channel';
import { person } from './person';

/** What an inspection with its photographs may need, and still leave the phone its breath. */
const ENOUGH_BYTES = 200e6;
const WARN_SHARE = 0.8;
const MB = 1e6;
const REFUSED = 'space-refused-at';
const REFUSED_MS = 3_600_000;

interface Room {
  free: number;
  share: number;
}

// Null where the browser does not say, and until it has.
let room: Room | null = null;
let letThrough: HTMLFormElement | null = null;

async function measure(): Promise<void> {
  room = refusedLately() ? { free: 0, share: 1 } : await estimated();
  if (!room) return;
  const isFull = room.share >= WARN_SHARE || room.free < ENOUGH_BYTES;
  banner('space', person() && isFull ? full(room) : null);
}

async function estimated(): Promise<Room | null> {
  const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {};
  return usage === undefined || !quota ? null : { free: Math.max(0, quota - usage), share: usage / quota };
}

// Chromium since 138 says that 10 GiB are left whatever is true. There the one sign is a write that was refused.
const refusedLately = (): boolean => Date.now() - Number(localStorage.getItem(REFUSED) ?? 0) < REFUSED_MS;

/** The phone had no room for something just now. Believed for an hour: in that time there may be room again. */
export function sawFull(): void {
  localStorage.setItem(REFUSED, String(Date.now()));
  void measure().catch(() => {});
}

/** To the nearest ten: it changes with every photo, and is not worth reading out each time. */
const left = ({ free }: Room): string => free === 0 ? 'no room' : `about ${free < 10 * MB ? Math.floor(free / MB) : Math.round(free / MB / 10) * 10} MB`;

const full = (now: Room): string =>
  `This phone is getting full: ${left(now)} left for Doorstep. Nothing is lost. Send what waits, then delete videos or apps you do not need.`;

/** Only what is about to begin is asked about. What is begun already is always taken in. */
function gate(event: SubmitEvent): void {
  const form = event.target as HTMLFormElement;
  if (!form.matches('form[data-needs-room]') || !room || room.free >= ENOUGH_BYTES) return;
  if (letThrough === form) return void (letThrough = null);
  event.preventDefault();
  event.stopImmediatePropagation();
  void askFirst(form, event.submitter, room);
}

async function askFirst(form: HTMLFormElement, submitter: HTMLElement | null, now: Room): Promise<void> {
  const begin = await ask(
    `This phone has ${left(now)} left`,
    'An inspection with photos may need 200 MB. If the phone fills up, new photos cannot be saved on it. What is saved already is safe. Make room first: send what waits, then delete videos or apps you do not need.',
    [
      { value: true, label: 'Start all the same' },
      { value: false, label: 'Not now', main: true },
    ],
  );
  if (!begin) return;
  letThrough = form;
  form.requestSubmit(submitter);
}

export function startSpace(): void {
  document.addEventListener('submit', gate, true);
  const again = () => void measure().catch(() => {});
  onNews('changed', again);
  again();
}
