/** A photograph that did not come is a camera on a quiet ground, never a broken picture. */

import { tilesSoon } from './tiles';

const PICTURE = '.ph img';

function mark(event: Event): void {
  const image = event.target;
  if (!(image instanceof HTMLImageElement) || !image.matches(PICTURE)) return;
  image.classList.toggle('is-missing', event.type === 'error');
  // This phone may hold it itself.
  if (event.type === 'error' && !image.src.startsWith('blob:')) tilesSoon();
}

export function startMissing(): void {
  document.addEventListener('error', mark, true);
  document.addEventListener('load', mark, true);
  // What failed before this script was there.
  for (const image of document.querySelectorAll<HTMLImageElement>(PICTURE)) {
    if (image.getAttribute('src') && image.complete && !image.naturalWidth) image.classList.add('is-missing');
  }
}
