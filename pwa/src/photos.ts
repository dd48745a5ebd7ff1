/** Photographs on the phone: the original to disk first, then one at a time made small, named and queued. */

import { attachOf, placeOf, putOf, takenOf, typeOf } from './attach';
import { tell } from './channel';
import { saveDrafts } from './drafts';
import { sha256, stamp, uuid7 } from './ids';
import { keep, rawKey, rawKeys } from './ops';
import { person } from './person';
import { capture } from './outbox';
import { drawTile } from './pending';
import { bestPosition, lookForPosition } from './position';
import { send } from './sender';
import type { Shrunk } from './shrink';
import { shrinkAside } from './shrink-aside';
import { getMeta, read, ready, setMeta, write, type BlobRow, type PhotoRow, type Raw } from './store';
import { sayFull, toast } from './toast';

/** Each person's own: what did not arrive is told to whoever took it, on a page of theirs. */
const cameraNote = (): string => `camera ${person()}`;

let line: Promise<void> = Promise.resolve();

/** One at a time, whatever the number chosen: each needs a good part of a phone's memory while it is decoded. */
function inTurn(work: () => Promise<void>): Promise<void> {
  line = line.then(work).catch((error: unknown) => {
    // Without the part that shrinks (no signal, nothing cached) the original stays on disk until there is signal.
    if (!(error instanceof TypeError)) sayFull(error);
  });
  return line;
}

export function startPhotos(): void {
  document.addEventListener('click', beforeCamera, true);
  document.addEventListener('change', afterCamera);
  document.addEventListener('cancel', () => void setMeta(cameraNote(), null), true);
  document.addEventListener('htmx:after:swap', getReady);
  getReady();
  window.addEventListener('online', () => void finishLeft().catch(() => {}));
  void recover().catch(() => {});
}

/** The part that shrinks is fetched while there is a signal: the camera may be opened where there is none. */
function getReady(): void {
  if (document.querySelector('form[data-photos]')) void import('./shrink').catch(() => {});
}

const photoInput = (target: EventTarget | null): HTMLInputElement | null =>
  target instanceof HTMLInputElement && target.type === 'file' && target.form?.hasAttribute('data-photos') ? target : null;

let letThrough = false;

/** The camera may kill this page: all that is typed goes to disk first, and a note that a photo was on its way. */
function beforeCamera(event: Event): void {
  const input = photoInput(event.target);
  if (!input || letThrough) return;
  event.preventDefault();
  lookForPosition();
  const note = { at: stamp(), where: input.form!.dataset['where'] ?? '' };
  void Promise.allSettled([saveDrafts(), setMeta(cameraNote(), note)]).then(() => {
    letThrough = true;
    input.click();
    letThrough = false;
  });
}

function afterCamera(event: Event): void {
  const input = photoInput(event.target);
  if (!input?.files?.length) return;
  const files = [...input.files];
  input.value = '';
  for (const file of files) void takeIn(input.form!, file);
  // Only once every original is on disk: a kill before that must be owned up to.
  void inTurn(async () => void (await setMeta(cameraNote(), null)));
}

/** A photo from the camera, the library, or drawn on in the viewer. `takenOver`: the earlier photo it is a pair with. */
export async function takeIn(
  form: HTMLFormElement, file: Blob, drawnFrom: string | null = null, takenOver: string | null = null,
): Promise<void> {
  if (file.size === 0) return toast('That photo came out empty. Take it again.', { stay: true });
  const captured = { ...capture(form), id: uuid7() };
  if (takenOver) captured.body += `&taken_over=${takenOver}`;
  const key = rawKey(captured);
  await inTurn(async () => {
    const raw: Raw = { captured, position: await bestPosition(), drawnFrom };
    const row: BlobRow = { key, bytes: await file.arrayBuffer(), type: file.type, raw };
    await write(['blobs'], (tx) => tx.objectStore('blobs').put(row));
    tell({ kind: 'changed' });
    await drawTile(form, captured);
  });
  await inTurn(() => finish(key));
}

/** From an original on disk to a photo in the queue. The original goes in the transaction that adds the photo. */
async function finish(key: string): Promise<void> {
  const row = await read((db) => db.get('blobs', key));
  if (!row?.raw) return;
  const type = typeOf(row.type);
  const made = (await shrinkAside(row.bytes, type)) ?? (await original(key, type));
  const name = await sha256(made.bytes);
  const attach = attachOf(row.raw, name, made.exif);
  const { position, drawnFrom } = row.raw;
  const place = position ?? placeOf(made.exif);
  const takenAt = takenOf(row.raw, made.exif);
  const meta = { takenAt, taken: made.exif?.takenAt ? 'camera' : 'phone', ...place, ...(drawnFrom ? { drawnFrom } : {}) } as const;
  const photo: PhotoRow = { sha256: name, thumb: made.thumb, type: made.type, size: made.bytes.byteLength, meta, receivedAt: null };
  await keep([putOf(attach, name, made.type), attach], {
    stores: ['blobs', 'photos'],
    work: async (tx) => {
      await tx.objectStore('blobs').put({ key: name, bytes: made.bytes, type: made.type, raw: null });
      await tx.objectStore('photos').put(photo);
      await tx.objectStore('blobs').delete(key);
    },
  });
  tell({ kind: 'changed' });
  send(true);
}

/** What this phone cannot make small goes to the office as it is, which can. */
async function original(key: string, type: string): Promise<Shrunk> {
  const row = await read((db) => db.get('blobs', key));
  return { bytes: row!.bytes, type, thumb: null, exif: null };
}

/** After a kill: finish the originals that were left, and own up to the photo that never reached us. */
async function recover(): Promise<void> {
  await ready;
  if (!person()) return;
  const left = await finishLeft();
  const note = await getMeta<{ at: string; where: string } | null>(cameraNote());
  if (!note) return;
  await setMeta(cameraNote(), null);
  if (!left) toast(`The last photo${note.where ? ` at ${note.where}` : ''} did not arrive. Take it again.`, { stay: true });
}

/** How many originals were left on this phone. */
async function finishLeft(): Promise<number> {
  const left = await rawKeys(person());
  for (const key of left) void inTurn(() => finish(key));
  return left.length;
}
