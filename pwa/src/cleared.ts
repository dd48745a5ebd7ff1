/** The browser may clear what pages are kept in, whenever it likes. What was recorded is kept elsewhere. */

import { items } from './command';
import { allOps } from './ops';
import { count } from './words';

/** Which day was packed here, in a store that is not cleared with the pages: "person time". */
const PACKED = 'packed';

export const notePacked = (person: string, at: string): void => tried(() => localStorage.setItem(PACKED, `${person} ${at}`), undefined);

/** We took it away ourselves. Nothing is said of one person's pack to another. */
export const noteUnpacked = (except?: string): void =>
  tried(() => void (packedFor() !== except && localStorage.removeItem(PACKED)), undefined);

/** When the person's day was packed here, or nothing. */
export const packedAt = (person: string): string =>
  tried(() => (packedFor() === person ? (localStorage.getItem(PACKED)?.split(' ')[1] ?? '') : ''), '');

const packedFor = (): string | undefined => localStorage.getItem(PACKED)?.split(' ')[0];

/** Storage that is switched off throws. */
function tried<T>(work: () => T, otherwise: T): T {
  try {
    return work();
  } catch {
    return otherwise;
  }
}

/** Where not even our own page for no signal is left: made by the worker, with what it still knows. */
export async function clearedPage(): Promise<Response> {
  const waits = await allOps().then((ops) => items(ops).length, () => null);
  const safe =
    waits === null ? '' : waits ? `${count(waits, 'thing')} recorded here ${waits === 1 ? 'is' : 'are'} still on this phone, and ${waits === 1 ? 'goes' : 'go'} to the office when you open Doorstep with signal.` : 'Nothing recorded here was waiting to be sent.';
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"><title>The office cannot be reached</title>
<main><h1>The office cannot be reached</h1><p>This phone’s browser cleared the pages that were kept on it, so none can be shown until there is signal.</p><p>${safe}</p><p><a href="">Try again</a></p></main></html>`;
  return new Response(html, { status: 503, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}
