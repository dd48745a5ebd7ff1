/** What may be dropped when the phone is full: copies of what the server already holds, never unsent work. */

import { noteUnpacked } from './cleared';
import { read } from './store';

/** Of pages as they were opened, and of the day that was packed. */
const KEPT = ['kept-', 'pack-'];

export async function makeRoom(): Promise<void> {
  const photos = await read((db) => db.getAll('photos'));
  const received = photos.filter((photo) => photo.receivedAt).map((photo) => photo.sha256);
  await forgetPhotos(received);
  await read((db) => db.clear('sent'));
  await dropKept();
}

export async function forgetPhotos(hashes: string[]): Promise<void> {
  await read(async (db) => {
    const tx = db.transaction(['blobs', 'photos'], 'readwrite');
    for (const sha of hashes) {
      void tx.objectStore('blobs').delete(sha);
      void tx.objectStore('photos').delete(sha);
    }
    await tx.done;
  });
}

/** Delete kept pages and packs: all of them, or all but one person's. */
export async function dropKept(except?: string): Promise<void> {
  if (!('caches' in globalThis)) return;
  noteUnpacked(except);
  const names = (await caches.keys()).filter((name) => KEPT.some((kind) => name.startsWith(kind) && name !== kind + except));
  await Promise.all(names.map((name) => caches.delete(name)));
}
