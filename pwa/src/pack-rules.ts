/** What a pack is made of. Shared by the pages and the service worker. */

import { sha256 } from './ids';
import { isFresh, KEEP_MS, stamped } from './kept-rules';

export const PACK = 'Doorstep-Pack';
/** On a packed answer: the SHA-256 of its bytes, by which it is compared with what the office has now. */
export const HASH = 'Doorstep-Hash';
/** The whole pack, as an entry of its own store, so that the two cannot part. */
export const SEAL = '/pack-seal';

export const packCache = (person: string): string => `pack-${person}`;
export const isPackCache = (name: string): boolean => name.startsWith('pack-');

/** As the office gives it to a pack: the same to the byte while nothing changed. */
export const askPacked = (url: string): Promise<Response> =>
  fetch(url, { headers: { [PACK]: '1', Accept: 'text/html, image/*' }, cache: 'no-store' });

/** Written, read back and hashed again. Gives its size; throws when what is on the phone is not what came. */
export async function putPacked(cache: Cache, url: string, answer: Response, wanted?: string): Promise<number> {
  const copy = await stamped(answer);
  const bytes = await copy.clone().arrayBuffer();
  const hash = await sha256(bytes);
  if (wanted && hash !== wanted) throw new Changed();
  copy.headers.set(HASH, hash);
  await cache.put(url, copy);
  const back = await cache.match(url, { ignoreVary: true });
  if (!back || (await sha256(await back.arrayBuffer())) !== hash) throw new Error('not read back');
  return bytes.byteLength;
}

/** It is no longer what the list says: somebody changed it meanwhile. */
export class Changed extends Error {}

export async function packedIn(cache: Cache, url: string, within = KEEP_MS): Promise<Response | undefined> {
  const found = await cache.match(url, { ignoreVary: true });
  return found && isFresh(found, within) ? found : undefined;
}
