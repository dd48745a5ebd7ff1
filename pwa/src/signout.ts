/** Signing out: what can be read goes from the phone, what is not yet sent stays and waits for the same person. */

import { ask } from './ask';
import { listen } from './channel';
import { items } from './command';
import { saveDrafts } from './drafts';
import { opsOf, rawKeys } from './ops';
import { person } from './person';
import { dropKept } from './room';
import { sendNow } from './sender';
import { setMeta } from './store';
import { toast } from './toast';
import { count } from './words';

const WAIT_MS = 60_000;

export function startSignOut(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches('form[data-sign-out]')) return;
    event.preventDefault();
    void leave(form).catch(() => form.submit());
  });
}

async function leave(form: HTMLFormElement): Promise<void> {
  await saveDrafts();
  const waiting = await unsent();
  if (waiting && !(await settled(waiting))) return;
  await dropKept();
  sessionStorage.clear();
  await setMeta('person', null);
  form.submit();
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
