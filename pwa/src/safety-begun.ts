/** Somebody pressed Start and the office does not know yet: what this phone alone knows of that, worked out from what waits in
 * its queue. It counts as the office will (lone_working/rules.py, due_after), so that nothing jumps when there is signal. */

import { field, type Op } from './command';
import { getMeta, read } from './store';

const MINUTE = 60_000;
const VISIT = /^\/visits\/[^/]+\/start(\/today)?$/;
const OWN = ['/lone-working', '/lone-working/home'];
const LATELY_MS = 12 * 3_600_000;
const UNKNOWN_MINUTES = '30';
/** What a start of a visit said of how long, by its id (outbox.ts). */
export const ALONE = 'alone';

export interface Begun {
  /** The start's own id: the office calls the session so too. */
  session: string;
  author: string;
  record: string;
  where: string;
  buddy: string;
  due: number;
  home: boolean;
  /** Their PIN waits here, sealed. */
  out: boolean;
  /** The office could begin none, and says why. */
  refused: string;
}

export const sessionOf = ({ url }: Pick<Op, 'url'>): string => /^\/lone-working\/([0-9a-f-]{36})\/[a-z-]+$/.exec(url)?.[1] ?? '';
export const isStart = ({ url }: Pick<Op, 'url'>): boolean => VISIT.test(url) || OWN.includes(url);

const visitOf = ({ url }: Pick<Op, 'url'>): string => (VISIT.test(url) ? url.split('/')[2]! : '');

/** The one that is due first of those that are not over. */
export async function begunHere(ops: Op[]): Promise<Begun | null> {
  const starts = ops.filter((op) => isStart(op) && (op.status === 'queued' || OWN.includes(op.url)));
  if (!starts.length) return null;
  const [minutes, before] = await Promise.all([getMeta<Record<string, string>>(ALONE), startedBefore(starts)]);
  // Who is with them is said later by another start of the same visit: that begins nothing.
  const first = starts.filter((op, n) => !visitOf(op) || (!before.has(visitOf(op)) && starts.findIndex((one) => visitOf(one) === visitOf(op)) === n));
  const all = first.map((op) => standing(op, ops, minutes?.[op.id] ?? UNKNOWN_MINUTES));
  return all.sort((a, b) => Number(a.out) - Number(b.out) || a.due - b.due)[0] ?? null;
}

async function startedBefore(starts: Op[]): Promise<Set<string>> {
  if (!starts.some(visitOf)) return new Set();
  const sent = await read((db) => db.getAll('sent'));
  return new Set(sent.filter(({ outcome, at }) => outcome === 'done' && Date.now() - Date.parse(at) < LATELY_MS).map(({ op }) => visitOf(op)));
}

function standing(start: Op, ops: Op[], said: string): Begun {
  const home = start.url === '/lone-working/home';
  const every = MINUTE * (home ? Number(field(start, 'minutes')) : interval(field(start, 'minutes') ?? said));
  const acts = ops.filter((op) => op.status === 'queued' && sessionOf(op) === start.id);
  return {
    session: start.id, author: start.author, record: start.record, where: field(start, 'place') ?? start.where, buddy: field(start, 'buddy') ?? '',
    due: dueAfter(Date.parse(start.capturedAt), every, acts), home,
    out: acts.some(({ url }) => url.endsWith('/end')), refused: start.status === 'parked' ? (start.answer?.say ?? '') : '',
  };
}

function interval(said: string): number {
  const [minutes, risk] = said.split(' ');
  return Math.max(5, Math.min(Number(minutes) || 30, risk ? 30 : 60));
}

export function dueAfter(started: number, every: number, acts: Pick<Op, 'url' | 'body' | 'capturedAt'>[]): number {
  let due = started + every;
  for (const act of acts) {
    const at = Date.parse(act.capturedAt);
    if (at > due && field(act, 'sealed') === null) continue;
    if (act.url.endsWith('/extend')) due = Math.max(due, at) + Number(field(act, 'minutes')) * MINUTE;
    else if (act.url.endsWith('/check-in')) due = Math.max(due, at + every);
  }
  return due;
}
