/** Which answers may be kept, and how they are marked. Shared by the pages and the service worker. */

export const KEPT_AT = 'Doorstep-Kept-At';
/** On a page the phone made itself: it is no copy of anything at the office. */
export const MADE_HERE = 'Doorstep-Made-Here';
export const KEEP_MS = 24 * 3_600_000;

export const keptCache = (person: string): string => `kept-${person}`;
export const isKeptCache = (name: string): boolean => name.startsWith('kept-');

/** Only a whole, direct answer that says itself that it may be kept. */
export function keepable(response: Response): boolean {
  return (
    response.status === 200 && response.type === 'basic' && !response.redirected && response.headers.has('Doorstep-Keep')
  );
}

/**
 * What may be kept of an answer: itself, or, where it names what no phone keeps, the page as it is packed.
 * Nothing: then what was kept of it before goes too.
 */
export async function toKeep(response: Response, url: string): Promise<Response | null> {
  if (!keepable(response)) return null;
  if (response.headers.get('Doorstep-Keep') !== 'as packed') return stamped(response);
  const packed = await fetch(url, { headers: { 'Doorstep-Pack': '1', Accept: 'text/html' }, cache: 'no-store' });
  return keepable(packed) ? stamped(packed) : null;
}

/** A whole page of the office's that says nothing about being kept: it may not be, whatever was so before. */
export const isNotToKeep = (response: Response): boolean =>
  response.status === 200 && response.type === 'basic' && !response.redirected && !response.headers.has('Doorstep-Keep');

export const LOST = 'Doorstep-Device';
export const saysLost = (answer: Response): boolean => answer.headers.get(LOST) === 'lost';

/** The same answer with the time it was kept. */
export async function stamped(response: Response): Promise<Response> {
  const headers = new Headers(response.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  // The bytes are unpacked by now.
  headers.delete('Content-Encoding');
  headers.delete('Content-Length');
  return new Response(await response.arrayBuffer(), { status: 200, headers });
}

export function isFresh(response: Response, within = KEEP_MS, now = Date.now()): boolean {
  const age = now - Date.parse(response.headers.get(KEPT_AT) ?? '');
  return age < within && age > -within;
}
