/** A press on a photo opens it on the whole screen. The part that shows it is fetched when first wanted. */

import { onNews } from './channel';
import { takeIn } from './photos';
import { read } from './store';

const PHOTO = 'a[data-photo-open], .photo[data-sha256] .ph:has(img[src])';

/** What the phone itself holds of a photo: there also with no signal. */
async function bytesOf(sha256: string): Promise<Blob | null> {
  const row = await read((db) => db.get('blobs', sha256));
  return row ? new Blob([row.bytes], { type: row.type }) : null;
}

export function startViewer(): void {
  document.addEventListener('click', (event) => {
    const pressed = (event.target as Element).closest<HTMLElement>(PHOTO);
    if (!pressed || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    import('./viewer').then(
      ({ openViewer }) => openViewer(pressed, { bytesOf, takeIn }),
      () => pressed instanceof HTMLAnchorElement && location.assign(pressed.href),
    );
  });
  // Fetched ahead on a page with photos, for the place with no signal.
  const ahead = () => document.querySelector(PHOTO) && void import('./viewer').catch(() => {});
  onNews('idle', ahead);
}
