/** The queue: putting a command in, and the only two ways out (a receipt, or a person's own decision). */

import { SET_BACK } from './clock-watch';
import { bySequence, type Answer, type Captured, type Op, type Receipt, type SentCopy } from './command';
import { sha256, uuid7 } from './ids';
import { Full, getMeta, read, write, type Reader, type Stores, type Tx } from './store';

export const KEEP_SENT_MS = 72 * 3_600_000;
export const KEEP_PHOTOS_MS = 7 * 24 * 3_600_000;

// Taps are stored in the order they were made, whichever hash is ready first.
let line: Promise<unknown> = Promise.resolve();

interface Also {
  stores?: Stores[];
  /** Done in the same transaction, so that both happen or neither. */
  work?: (tx: Tx) => Promise<void>;
}

/** Store commands and read them back. When this resolves, they are saved. */
export function keep(captured: Captured[], also: Also = {}): Promise<Op[]> {
  const turn = line.then(() => commit(captured, also));
  line = turn.catch(() => {});
  return turn;
}

async function commit(captured: Captured[], also: Also): Promise<Op[]> {
  const hashes = await Promise.all(captured.map((one) => one.blob ?? sha256(one.body ?? '')));
  const ops = await write(['ops', 'meta', ...(also.stores ?? [])], async (tx) => {
    const meta = tx.objectStore('meta');
    const device = ((await meta.get('device')) as string | undefined) ?? uuid7();
    const setBack = ((await meta.get(SET_BACK)) as number | undefined) ?? 0;
    let sequence = ((await meta.get('sequence')) as number | undefined) ?? 0;
    const made: Op[] = captured.map((one, i) => ({
      ...one, v: 1, setBack, sha256: hashes[i]!, device, sequence: ++sequence,
      status: 'queued', tries: 0, nextTry: 0, askedToWait: false, answer: null,
    }));
    await Promise.all([meta.put(device, 'device'), meta.put(sequence, 'sequence')]);
    await Promise.all(made.map((op) => tx.objectStore('ops').put(op)));
    await also.work?.(tx);
    return made;
  });
  for (const op of ops) {
    const stored = await read((db) => db.get('ops', op.id));
    if (stored?.sha256 !== op.sha256) throw new Error('What was written could not be read back.');
  }
  return ops;
}

export async function allOps(): Promise<Op[]> {
  return (await read((db) => db.getAll('ops'))).sort(bySequence);
}

export async function opsOf(author: string, from: Reader = read): Promise<Op[]> {
  return (await from((db) => db.getAllFromIndex('ops', 'author', author))).sort(bySequence);
}

const RAW = 'raw ';

export const rawKey = ({ author, id }: { author: string; id: string }): string => `${RAW}${author} ${id}`;

/** One person's originals still to be made small: saved, and not yet in the queue. */
export async function rawKeys(author: string, from: Reader = read): Promise<string[]> {
  const mine = `${RAW}${author} `;
  return from((db) => db.getAllKeys('blobs', IDBKeyRange.bound(mine, `${mine}\uffff`)));
}

/**
 * The server has it: out of the queue, into the short-lived copies. On a full phone without a copy.
 * `holds`: asked in the same transaction whether that is still so. False: it was not, and the command stays.
 */
export async function received(op: Op, receipt: Receipt, holds: (tx: Tx) => Promise<boolean>): Promise<boolean> {
  try {
    return await toCopies(op, receipt, holds);
  } catch (error) {
    if (!(error instanceof Full)) throw error;
    await write(['ops'], (tx) => tx.objectStore('ops').delete(op.id));
    return true;
  }
}

function toCopies(op: Op, receipt: Receipt, holds: (tx: Tx) => Promise<boolean>): Promise<boolean> {
  return write(['ops', 'sent', 'photos', 'meta'], async (tx) => {
    if (!(await holds(tx))) return false;
    await leave(tx, op, { id: op.id, op, at: receipt.at, outcome: receipt.outcome });
    await tx.objectStore('meta').put({ received: receipt.at, removed: 0 } satisfies Gone, goneKey(op.author));
    const photo = op.blob ? await tx.objectStore('photos').get(op.blob) : undefined;
    if (photo) await tx.objectStore('photos').put({ ...photo, receivedAt: receipt.at });
    return true;
  });
}

/** What became of one person's work: when the office last received something, and how much they took out since. */
export interface Gone {
  received?: string | undefined;
  removed: number;
}

const goneKey = (author: string): string => `gone ${author}`;

export const goneOf = async (author: string): Promise<Gone> => (await getMeta<Gone>(goneKey(author))) ?? { removed: 0 };

/** One thing (a photo and the words that attach it), only because its author said so. A copy stays for 72 hours. */
export function remove(ops: Op[]): Promise<void> {
  return write(['ops', 'sent', 'meta'], async (tx) => {
    const at = new Date().toISOString();
    for (const op of ops) await leave(tx, op, { id: op.id, op, at, outcome: 'removed' });
    const key = goneKey(ops[0]!.author);
    const before = ((await tx.objectStore('meta').get(key)) as Gone | undefined) ?? { removed: 0 };
    await tx.objectStore('meta').put({ ...before, removed: before.removed + 1 } satisfies Gone, key);
  });
}

export async function leave(tx: Tx, op: Op, copy: SentCopy): Promise<void> {
  await tx.objectStore('sent').put(copy);
  await tx.objectStore('ops').delete(op.id);
}

export const park = (id: string, answer: Answer): Promise<void> => change(id, { status: 'parked', answer });

export const later = (op: Op, nextTry: number, askedToWait: boolean, answer: Answer | null): Promise<void> =>
  change(op.id, { tries: op.tries + 1, nextTry, askedToWait, ...(answer ? { answer } : {}) });

export const tryAgain = (id: string): Promise<void> =>
  change(id, { status: 'queued', nextTry: 0, askedToWait: false });

/** A change to a command that has left meanwhile (another tab sent it) is no change: never put it back. */
function change(id: string, what: Partial<Op>): Promise<void> {
  return write(['ops'], async (tx) => {
    const now = await tx.objectStore('ops').get(id);
    if (now) await tx.objectStore('ops').put({ ...now, ...what });
  });
}

/** Drop copies of what was received long enough ago. */
export async function prune(now = Date.now()): Promise<void> {
  const photos = await read((db) => db.getAll('photos'));
  const old = photos.filter((p) => p.receivedAt && now - Date.parse(p.receivedAt) > KEEP_PHOTOS_MS);
  await write(['sent', 'photos', 'blobs'], async (tx) => {
    for (const copy of await tx.objectStore('sent').getAll()) {
      if (now - Date.parse(copy.at) > KEEP_SENT_MS) await tx.objectStore('sent').delete(copy.id);
    }
    for (const { sha256: sha } of old) {
      await tx.objectStore('photos').delete(sha);
      await tx.objectStore('blobs').delete(sha);
    }
  });
}
