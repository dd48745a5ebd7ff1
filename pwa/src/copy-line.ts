/** A page served from the phone says so, and from when it is. */

import { when } from './words';

export function sayCopy(): void {
  const at = document.documentElement.dataset['copy'];
  if (at === undefined || document.querySelector('.copy-line')) return;
  const words = document.createElement('p');
  words.className = 'copy-line';
  words.textContent = at ? `Copy from ${when(at)}` : 'Copy kept on this phone';
  const main = document.querySelector('main');
  if (main) main.prepend(words);
  else document.body.prepend(words);
}

/** The worker has put a newer copy in the pack: shown when the officer wants it, never under their hands. */
export function hearFresher(): void {
  navigator.serviceWorker?.addEventListener('message', (event: MessageEvent<{ kind?: string }>) => {
    if (event.data?.kind === 'lost') return location.reload();
    const line = document.querySelector('.copy-line');
    if (event.data?.kind !== 'fresher' || !line || line.querySelector('button')) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'btn btn--plain btn--fit';
    button.textContent = 'Show what is new';
    button.addEventListener('click', () => location.reload());
    line.append(button);
  });
}
