/** A page served from the phone says so, and from when it is. One begun on this phone is a copy of nothing. */

import { when } from './words';

export function sayCopy(): void {
  const { copy: at, madeHere } = document.documentElement.dataset;
  if (at === undefined || madeHere !== undefined || document.querySelector('.copy-line')) return;
  const words = document.createElement('p');
  words.className = 'copy-line';
  words.textContent = at ? `Copy from ${when(at)}` : 'Copy kept on this phone';
  const main = document.querySelector('main');
  if (main) main.prepend(words);
  else document.body.prepend(words);
}

const OFFERS: Record<string, [string, () => void]> = {
  fresher: ['Show what is new', () => location.reload()],
  'signed-out': ['You are signed out. Sign in again', () => location.assign(`/sign-in?next=${encodeURIComponent(location.pathname)}`)],
};

/** The worker has put a newer copy in the pack: shown when the officer wants it, never under their hands. */
export function hearFresher(): void {
  navigator.serviceWorker?.addEventListener('message', (event: MessageEvent<{ kind?: string }>) => {
    const kind = event.data?.kind ?? '';
    if (kind === 'lost') return location.reload();
    const line = document.querySelector('.copy-line');
    const offer = OFFERS[kind];
    if (!offer || !line || line.querySelector('button')) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn--plain btn--fit';
    button.textContent = offer[0];
    button.addEventListener('click', offer[1]);
    line.append(button);
  });
}
