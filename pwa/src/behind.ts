/** Copies of pages from before something that this phone has sent since: alone, they would turn time back. */

import type { SentCopy } from './command';
import { read } from './store';

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

export const sentCopies = (): Promise<SentCopy[]> => read((db) => db.getAll('sent'));

/** Whether something about this page was received after the copy was made. */
export function isBehind(path: string, keptAt: string, copies: SentCopy[]): boolean {
  return copies.some(({ at, op }) => at > keptAt &&
    [op.page, ...(`${op.url} ${op.record}`.match(UUID) ?? [])].some((part) => path.includes(part)));
}
