/** The browser may clear what pages are kept in, whenever it likes. What was recorded is kept elsewhere. */

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
