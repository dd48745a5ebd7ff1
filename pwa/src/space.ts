/** Room on the phone: said while there is still some, and asked about before something big is begun. */

import { ask } from './ask';
import { onNews } from './channel';
import { person } from './person';
import { toast } from './toast';

/** What an inspection with its photographs may need, and still leave the phone its breath. */
const ENOUGH_BYTES = 200e6;
const WARN_SHARE = 0.8;
const MB = 1e6;
const TOLD = 'space-told';

interface Room {
  free: number;
  share: number;
}

// Null where the browser does not say, and until it has.
let room: Room | null = null;
let letThrough: HTMLFormElement | null = null;

async function measure(): Promise<void> {
  const { usage, quota } = (await navigator.storage?.estimate?.()) ?? {};
  if (usage === undefined || !quota) return;
  room = { free: Math.max(0, quota - usage), share: usage / quota };
  if (person() && (room.share >= WARN_SHARE || room.free < ENOUGH_BYTES)) warn(room);
}

const left = ({ free }: Room): string => `about ${Math.round(free / MB)} MB`;

/** Once in each window: what is said on every page is soon not read. */
function warn(now: Room): void {
  if (sessionStorage.getItem(TOLD)) return;
  sessionStorage.setItem(TOLD, 'yes');
  toast(`This phone is getting full: ${left(now)} left for Doorstep. Nothing is lost. Send what waits, then delete videos or apps you do not need.`, { stay: true });
}

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
