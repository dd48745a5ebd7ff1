/** Why nothing is going just now, said once in plain words. Recording always goes on. */

import { onNews } from './channel';
import { items } from './command';
import { opsOf } from './ops';
import { person } from './person';
import { sendNow } from './sender';
import { toast } from './toast';
import { count } from './words';

/** The list page shows the latest of these for as long as it holds. */
function say(words: string): void {
  for (const place of document.querySelectorAll('[data-outbox-say]')) place.textContent = words;
}

async function paused(why: 'wifi' | 'sign-in'): Promise<void> {
  const waiting = items(await opsOf(person())).length;
  if (why === 'wifi') {
    const words = 'This wifi needs a sign-in. Open its page in your browser, or switch to mobile data. Nothing is lost.';
    say(words);
    return toast(words, { stay: true, act: { label: 'Try again', go: sendNow } });
  }
  const words = `Sign in to send ${count(waiting, 'item')}. Nothing is lost.`;
  say(words);
  toast(words, { stay: true, act: { label: 'Sign in', href: '/sign-in' } });
}

export function startPauses(): void {
  onNews('paused', ({ why }) => void paused(why));
  onNews('weak', () => {
    const words = 'Weak signal. It is saved on this phone and still being sent.';
    say(words);
    toast(words);
  });
  onNews('idle', ({ delivered }) => delivered && say(''));
}
