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
