/** Signing out: what can be read goes from the phone, what is not yet sent stays and waits for the same person. */

import { ask } from './ask';
import { listen, onNews, tellOthers } from './channel';
import { items } from './command';
import { saveDrafts } from './drafts';
import { hasLeft, rememberLeaving } from './leaving';
import { opsOf, rawKeys } from './ops';
import { person } from './person';
import { dropNotifications } from './push-off';
import { dropKept } from './room';
import { sendNow } from './sender';
import { getMeta } from './store';
import { toast } from './toast';
import { count } from './words';

const WAIT_MS = 60_000;
const LOOK_MS = 10_000;
const DOOR = '/sign-in';
const LEFT =
  'Signed out on this phone. It finishes when there is signal. What was not sent yet stays here, where nobody else can ' +
  'read it in Doorstep, and goes when its author signs in here again.';

export function startSignOut(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches('form[data-sign-out]')) return;
    event.preventDefault();
    void leave().catch(() => form.submit());
  });
  onNews('left', () => void saveDrafts().finally(awaitDoor));
  // A page the browser itself had put aside comes back as it was left.
  window.addEventListener('pageshow', (event) => event.persisted && void stillTheirs().catch(() => {}));
}

async function stillTheirs(): Promise<void> {
  if (person() && (await getMeta('person')) !== person()) location.reload();
}

async function leave(): Promise<void> {
  await saveDrafts();
  const waiting = await unsent();
  if (waiting && !(await settled(waiting))) return;
  await rememberLeaving(person());
  // From here on nothing of theirs is written again by what is still under way.
  document.body.dataset['person'] = '';
  await Promise.all([dropKept(), dropNotifications().catch(() => {})]);
  sessionStorage.clear();
  tellOthers({ kind: 'left' });
  // At once, not after an answer that may be slow: their page is off the screen from here on.
  awaitDoor();
}

/** Nothing of theirs stays on the screen; the way in opens once the office knows that they left. */
export function awaitDoor(): void {
  document.body.dataset['person'] = document.body.dataset['personName'] = '';
  const main = Object.assign(document.createElement('main'), { id: 'main' });
  const title = Object.assign(document.createElement('h1'), { textContent: 'Signed out on this phone' });
  const words = Object.assign(document.createElement('p'), { textContent: LEFT });
  main.append(title, words);
  document.body.className = '';
  document.body.replaceChildren(main);
  const look = () => void hasLeft().then((left) => left && location.replace(DOOR));
  window.addEventListener('online', look);
  window.setInterval(look, LOOK_MS);
  look();
}

const unsent = async (): Promise<number> => items(await opsOf(person())).length + (await rawKeys(person())).length;

/** True when the officer may go now. */
async function settled(waiting: number): Promise<boolean> {
  const choice = await ask(
    `${count(waiting, 'item')} not sent yet`,
    'They stay on this phone, where nobody else can read them in Doorstep, and go when you sign in here again.',
    [
      { value: 'send', label: 'Send first', main: true },
      { value: 'leave', label: 'Sign out, keep them here' },
      { value: 'stay', label: 'Stay signed in' },
    ],
  );
  if (choice !== 'send') return choice === 'leave';
  await drained();
  const left = await unsent();
  return left === 0 || settled(left);
}

/** Until everything went, or sending has come to rest. */
function drained(): Promise<void> {
  toast('Sending what is left.');
  return new Promise((resolve) => {
    const timer = window.setTimeout(resolve, WAIT_MS);
    const stop = listen((news) => {
      if (news.kind !== 'idle') return;
      clearTimeout(timer);
      stop();
      resolve();
    });
    sendNow();
  });
}
