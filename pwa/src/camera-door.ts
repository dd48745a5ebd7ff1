/** "Same spot": the live picture with the earlier photo over it. The part that shows it is fetched when first wanted. */

import { onNews } from './channel';
import { saveDrafts } from './drafts';
import { takeIn } from './photos';

export function startCamera(): void {
  document.addEventListener('click', ({ target }) => {
    const form = (target as Element).closest<HTMLElement>('[data-same-spot]')?.closest('form');
    if (!form) return;
    import('./camera').then(
      ({ openCamera }) => openCamera(form, { takeIn, saveDrafts }),
      () => form.querySelector<HTMLElement>('input[type=file]')?.click(),
    );
  });
  // Fetched ahead on a page with earlier photos, for the place with no signal.
  onNews('idle', () => document.querySelector('[data-over]') && void import('./camera').catch(() => {}));
}
