/** The queue as one zip file: for a phone that cannot send, and an office that can take it in. */

import './shared';
import { Zip, ZipDeflate, ZipPassThrough, strToU8 } from 'fflate';
import { attachOf, putOf, typeOf } from './attach';
import { headers, type Captured, type Op } from './command';
import { exifOf } from './exif';
import { idFor, sha256 } from './ids';
import { opsOf, rawKeys } from './ops';
import { person, personName } from './person';
import { read, type BlobRow, type Raw, type Reader } from './store';
import { toast } from './toast';

const FORMAT = 1;
const ENDINGS: Record<string, string> = { 'image/jpeg': 'jpg', 'image/png': 'png', 'image/heic': 'heic' };

const ending = (type: string): string => ENDINGS[type] ?? 'bin';

export async function exportCopy(only?: Op[], from: Reader = read): Promise<void> {
  const ops = only ?? (await opsOf(person(), from));
  const raws = only ? [] : await rawKeys(person(), from);
  if (!ops.length && !raws.length) return toast('Nothing is waiting, so there is nothing to copy.');
  const day = new Date().toISOString().slice(0, 16).replace(/[:T]/g, '-');
  const file = new File([await zipped(ops, raws, from)], `doorstep-${day}.zip`, { type: 'application/zip' });
  await hand(file);
}

/** One photo in memory at a time: the parts are handed to the browser as they are made. */
async function zipped(ops: Op[], raws: string[], from: Reader): Promise<Blob> {
  const parts: BlobPart[] = [];
  let failed: Error | null = null;
  const zip = new Zip((error, chunk) => {
    failed ??= error;
    parts.push(new Blob([chunk as Uint8Array<ArrayBuffer>]));
  });
  const add = (name: string, bytes: Uint8Array, packed: boolean) => {
    const entry = packed ? new ZipDeflate(name) : new ZipPassThrough(name);
    zip.add(entry);
    entry.push(bytes, true);
  };
  const originals: Original[] = [];
  for (const key of raws) {
    const row = await from((db) => db.get('blobs', key));
    if (row?.raw) originals.push(...(await asItIs(row, row.raw)));
  }
  const listed = { format: FORMAT, device: await from((db) => db.get('meta', 'device')), person: { id: person(), name: personName() }, ops: [...ops.map(listOp), ...originals.map(({ listed }) => listed)] };
  add('doorstep-outbox.json', strToU8(JSON.stringify(listed, null, 1)), true);
  for (const op of ops) {
    const row = op.blob ? await from((db) => db.get('blobs', op.blob!)) : undefined;
    if (row) add(photoName(op), new Uint8Array(row.bytes), false);
  }
  for (const { key, listed: { blob } } of originals) {
    const row = blob ? await from((db) => db.get('blobs', key)) : undefined;
    if (row) add(blob!, new Uint8Array(row.bytes), false);
  }
  zip.end();
  if (failed) throw failed as Error;
  return new Blob(parts, { type: 'application/zip' });
}

const photoName = (op: Op): string => `photos/${op.blob}.${ending(op.type)}`;

const listOp = (op: Op) => ({
  id: op.id, method: op.method, url: op.url, headers: headers(op),
  ...(op.blob ? { blob: photoName(op) } : { body: op.body }),
  what: op.what, where: op.where, status: op.status, answer: op.answer,
});

interface Original {
  key: string;
  listed: ReturnType<typeof listOp> & { blob?: string; after?: string };
}

/**
 * An original that waits to be made small, as commands the office can take in. The phone sends it later under the
 * photograph's own command; these have ids of their own, the same in every copy, and name the same photograph.
 */
async function asItIs({ key, bytes, type }: BlobRow, raw: Raw): Promise<Original[]> {
  const name = await sha256(bytes);
  const attach = attachOf(raw, name, exifOf(bytes));
  const blob = `originals/${raw.captured.id}.${ending(type)}`;
  const put = await stored(putOf(attach, name, typeOf(type)), 'bytes', raw.captured.id);
  const words = await stored(attach, 'words', raw.captured.id);
  return [{ key, listed: { ...listOp(put), blob } }, { key, listed: { ...listOp(words), after: put.id } }];
}

/** As the queue would hold it. It is in no phone's queue, so it has no place in the order of one. */
async function stored(captured: Captured, part: string, photo: string): Promise<Op> {
  return {
    ...captured, v: 1, id: await idFor(`${part} of the original of ${photo}`), device: '',
    sha256: captured.blob ?? (await sha256(captured.body ?? '')), sequence: 0,
    status: 'queued', tries: 0, nextTry: 0, askedToWait: false, answer: null,
  };
}

async function hand(file: File): Promise<void> {
  if (navigator.canShare?.({ files: [file] })) {
    try {
      return await navigator.share({ files: [file], title: 'Doorstep: a copy of what waits' });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') return;
    }
  }
  const url = URL.createObjectURL(file);
  const link = Object.assign(document.createElement('a'), { href: url, download: file.name });
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
