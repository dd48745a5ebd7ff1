/** The office was put back to an earlier copy: what it received since then goes into the queue again, once. */

import { tell } from './channel';
import { items, type Op, type SentCopy } from './command';
import { person } from './person';
import { dropKept } from './room';
import { Full, getMeta, write, type Tx } from './store';
import { toast } from './toast';
import { count } from './words';

const FULL =
  'The office was put back to an earlier copy, and your phone is too full to send again what it holds. ' +
  'Free some space, then open Doorstep again.';

/** What this page heard itself: a phone too full to put anything back must still be able to send. */
let heard = '';

const MARKS = 'restored';
const lastOf = (marks: string[] | undefined): string => marks?.at(-1) ?? '';
const markIn = (words: string | undefined): string => words?.split(' ')[0] ?? '';

/** The restoration this phone's queue has taken account of. Empty: none yet. */
export const lastMark = async (): Promise<string> => lastOf(await getMeta<string[]>(MARKS));

/** What a command tells the office about it. */
export const markToTell = (mark: string): string => heard || mark || '-';

interface Restoration {
  mark: string;
  since: number;
}

function restorationsIn(words: string | undefined): Restoration[] {
  const parts = words?.split(' ') ?? [];
  const pairs = parts.flatMap((mark, at) => (at % 2 ? [] : [{ mark, since: Date.parse(parts[at + 1] ?? '') }]));
  return pairs.filter(({ mark, since }) => mark && !Number.isNaN(since));
}

/** `<mark> <time>` of the last restorations, newest first, as every answer and page says. Never rejects: it is told again. */
export async function hearRestored(words: string | undefined): Promise<void> {
  try {
    await sendAgain(words);
  } catch (error) {
    if (error instanceof Full) toast(FULL, { stay: true });
  }
}

async function sendAgain(words: string | undefined): Promise<void> {
  const told = restorationsIn(words);
  const mark = told[0]?.mark;
  if (!mark) return;
  heard = mark;
  if ((await lastMark()) === mark) return;
  // Not by making room: that would drop these very copies.
  const moved = await write(['meta', 'sent', 'ops', 'photos'], (tx) => putBack(tx, told), dropKept);
  tell({ kind: 'changed' });
  const mine = items(moved.filter((op) => op.author === person())).length;
  if (mine) toast(`The office was put back to an earlier copy. ${count(mine, 'thing')} you sent will be sent again.`);
}

/**
 * Read, move and remember in one transaction, so that two tabs, a kill or a second telling double nothing.
 * Everybody's: who used this phone last week may not come back to it before their copies are too old to keep.
 */
async function putBack(tx: Tx, told: Restoration[]): Promise<Op[]> {
  const known = await marksIn(tx);
  const oldestFirst = told.map(({ mark }) => mark).reverse();
  // The last one counts, also when the office went back to a copy that knows only an earlier one.
  await tx.objectStore('meta').put([...known.filter((one) => !oldestFirst.includes(one)), ...oldestFirst], MARKS);
  const unheard = told.filter(({ mark }) => !known.includes(mark));
  if (!unheard.length) return [];
  // A copy made between two restorations may lack what the first one lost: the earliest time counts.
  const since = Math.min(...unheard.map((one) => one.since));
  const copies = (await tx.objectStore('sent').getAll()).filter((copy) => isLost(copy, since));
  const again = new Date().toISOString();
  for (const { op } of copies) await queue(tx, { ...op, again });
  return copies.map(({ op }) => op);
}

const marksIn = async (tx: Tx): Promise<string[]> =>
  ((await tx.objectStore('meta').get(MARKS)) as string[] | undefined) ?? [];

/** Received, by the office's own clock, too late for its earlier copy. */
const isLost = ({ at, outcome }: SentCopy, since: number): boolean =>
  (outcome === 'done' || outcome === 'held') && Date.parse(at) >= since;

async function queue(tx: Tx, op: Op): Promise<void> {
  await tx.objectStore('ops').put({ ...op, status: 'queued', tries: 0, nextTry: 0, askedToWait: false, answer: null });
  await tx.objectStore('sent').delete(op.id);
  const photo = op.blob ? await tx.objectStore('photos').get(op.blob) : undefined;
  if (photo) await tx.objectStore('photos').put({ ...photo, receivedAt: null });
}

/**
 * Inside the transaction that lets a command go: does its receipt still hold? Not when another tab heard of a
 * restoration while the answer was on its way, unless the answer knows of it too.
 */
export async function stillHolds(tx: Tx, asked: string, words: string | undefined): Promise<boolean> {
  const now = lastOf(await marksIn(tx));
  return now === asked || now === markIn(words);
}
