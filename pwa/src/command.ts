/** One queued command: an ordinary form post (or one photo) as it was at the tap, frozen. */

import { LIFE, setBackBy } from './clock';
import { stamp } from './ids';

export interface Answer {
  status: number;
  say: string;
  /** Remarks on single fields, by name. */
  fields?: Record<string, string>;
  at: string;
}

export interface Op {
  v: 1;
  id: string;
  method: 'POST' | 'PUT';
  url: string;
  /** The frozen form body, or null when the body is the photo named by `blob`. */
  body: string | null;
  blob: string | null;
  type: string;
  sha256: string;
  capturedAt: string;
  monotonic: number;
  /** The page that `monotonic` is a reading of, and how far the phone's clock had been put back by then (clock.ts). */
  life?: string;
  setBack?: number;
  device: string;
  sequence: number;
  author: string;
  authorName: string;
  record: string;
  what: string;
  where: string;
  /** The page it was made on, and what that page shows for it until the server has answered. */
  page: string;
  shows: Record<string, string>;
  target: string | null;
  targetHeader: string;
  swap: string;
  into: string | null;
  intoSwap: string | null;
  /** SHA-256 of the photo this command carries or attaches. */
  photo: string | null;
  status: 'queued' | 'parked';
  tries: number;
  /** Not before (ms): our own back-off, or what the server asked for. */
  nextTry: number;
  askedToWait: boolean;
  answer: Answer | null;
  /** When it was put back into the queue, because the office was put back to a copy from before it came. */
  again?: string;
}

/** What is known at the tap. The rest (hash, device, sequence) is added when it is stored. */
export type Captured = Omit<Op, 'v' | 'setBack' | 'sha256' | 'device' | 'sequence' | 'status' | 'tries' | 'nextTry' | 'askedToWait' | 'answer' | 'again'>;

export interface SentCopy {
  id: string;
  op: Op;
  at: string;
  outcome: 'done' | 'held' | 'replaced' | 'removed';
}

export interface Receipt {
  id: string;
  sha256: string;
  at: string;
  outcome: 'done' | 'held';
}

export const FORM_TYPE = 'application/x-www-form-urlencoded;charset=UTF-8';

export const isPhoto = (op: Op): boolean => op.blob !== null;

/** As a person counts: a photo and the words that attach it are one thing. */
export function items(ops: Op[]): Op[] {
  const photos = new Set(ops.filter(isPhoto).map((op) => op.blob));
  return ops.filter((op) => isPhoto(op) || op.photo === null || !photos.has(op.photo));
}

/** Since when it has been waiting here. */
export const waitsSince = (op: Op): number => Date.parse(op.again ?? op.capturedAt);

export const bySequence = (a: Op, b: Op): number => a.sequence - b.sequence;

export function field(op: Pick<Op, 'body'>, name: string): string | null {
  return op.body === null ? null : new URLSearchParams(op.body).get(name);
}

/** The protocol's headers. Also written into the exported copy, so that the office can replay it. */
export function headers(op: Op): Record<string, string> {
  return {
    'Content-Type': op.type,
    'Command-Id': op.id,
    'Command-Captured-At': op.capturedAt,
    'Command-Device': op.device,
    'Command-Sequence': String(op.sequence),
    'Command-Author': op.author,
    'Command-Body': op.sha256,
    'Command-Monotonic': String(op.monotonic),
    'Command-Version': String(op.v),
  };
}

function clocks(op: Op): Record<string, string> {
  const back = setBackBy() - (op.setBack ?? setBackBy());
  return {
    ...(op.life === LIFE ? { 'Command-Monotonic-Sent': String(Math.round(performance.now())) } : {}),
    ...(back > 0 ? { 'Command-Set-Back': String(back) } : {}),
  };
}

/** Said with every command, so that the office can see which phones still hold unsent work. */
export function waitingHeader(ops: Op[]): string {
  const photos = ops.filter(isPhoto);
  const [oldest] = [...ops].sort((a, b) => waitsSince(a) - waitsSince(b));
  return `${ops.length - photos.length} ${photos.length} ${oldest?.again ?? oldest?.capturedAt ?? '-'}`;
}

/** `restored`: the restoration of the office that this queue has taken account of, so that older things go first. */
export function sendHeaders(op: Op, all: Op[], restored: string | null): Record<string, string> {
  return {
    ...headers(op),
    'Command-Sent-At': stamp(),
    ...clocks(op),
    'Command-Waiting': waitingHeader(all),
    ...(restored === null ? {} : { 'Command-Restored': restored }),
    'HX-Request': 'true',
    ...(op.targetHeader ? { 'HX-Target': op.targetHeader } : {}),
    Accept: 'text/html',
  };
}
