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
