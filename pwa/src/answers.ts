/** What an answer means for a queued command. Values in, a verdict out. */

import type { Op, Receipt } from './command';
import { HOUR } from './words';

export interface Reply {
  status: number;
  text: string;
  headers: Record<string, string>;
}

export type Verdict =
  | { kind: 'received'; receipt: Receipt }
  /** A hotel or café page answered instead of our server. */
  | { kind: 'portal' }
  | { kind: 'sign-in' }
  | { kind: 'refused'; say: string; fields: Record<string, string> }
  /** Kept and tried again; `link` says that nothing at all came back. */
  | { kind: 'later'; link: boolean; waitMs: number | null };

const AGAIN = [408, 425, 429];
/** So long may what is sent again wait for something that another phone has still to send again. */
const OTHERS_MS = 24 * HOUR;

export function judge(op: Pick<Op, 'id' | 'sha256' | 'again'>, reply: Reply | null, now = Date.now()): Verdict {
  if (!reply) return { kind: 'later', link: true, waitMs: null };
  const { status } = reply;
  if (status === 401) return { kind: 'sign-in' };
  const early = status === 404 && op.again !== undefined && now - Date.parse(op.again) < OTHERS_MS;
  if (status >= 500 || AGAIN.includes(status) || early) {
    return { kind: 'later', link: false, waitMs: waitOf(reply.headers['retry-after'], now) };
  }
  if (status >= 400) return { kind: 'refused', say: sentenceOf(reply.text), fields: remarksIn(reply.text) };
  const receipt = receiptOf(reply.headers['receipt']);
  if (status >= 200 && status < 300 && receipt?.id === op.id && receipt.sha256 === op.sha256) {
    return { kind: 'received', receipt };
  }
  return { kind: 'portal' };
}

function receiptOf(header: string | undefined): Receipt | null {
  if (!header) return null;
  const parts = new Map(header.split(';').map((part) => part.trim().split(/=(.*)/, 2) as [string, string]));
  const [id, sha256, at] = [parts.get('id'), parts.get('sha256'), parts.get('at')];
  if (!id || !sha256 || !at || Number.isNaN(Date.parse(at))) return null;
  return { id, sha256, at, outcome: parts.get('outcome') === 'held' ? 'held' : 'done' };
}

/** Retry-After: seconds or a date. An hour at most, so that a wrong clock cannot stop a phone for days. */
function waitOf(header: string | undefined, now: number): number | null {
  if (!header) return null;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), 3_600_000);
}

const SENTENCES = '[data-field], [data-sentence]:not(:has([data-field])), .fault__say, .govuk-error-summary__list, .govuk-error-message';

function parse(html: string): Document {
  const doc = new DOMParser().parseFromString(html, 'text/html');
  // "Error:" is for whoever hears a form read out, not for a sentence of its own.
  for (const unseen of doc.querySelectorAll('.govuk-error-message > .govuk-visually-hidden')) unseen.remove();
  return doc;
}

function remarksIn(html: string): Record<string, string> {
  const found = [...parse(html).querySelectorAll<HTMLElement>('[data-field]')];
  return Object.fromEntries(found.map((element) => [element.dataset['field'] ?? '', words(element)]));
}

/** The server's own words, read as text from the page or fragment it answered with. */
export function sentenceOf(html: string): string {
  const doc = parse(html);
  const found = [...doc.querySelectorAll(SENTENCES)].map((element) => words(element));
  const said = [...new Set(found)].filter(Boolean).join(' ');
  const plain = said || words(doc.querySelector('main')) || words(doc.body);
  return plain.slice(0, 400) || 'The office system did not accept this.';
}

const words = (element: Element | null): string => element?.textContent?.replace(/\s+/g, ' ').trim() ?? '';

/** Two seconds doubling to five minutes, never twice the same, so that phones do not come back in step. */
export function backoff(tries: number, random = Math.random()): number {
  const top = Math.min(2000 * 2 ** Math.min(tries, 10), 300_000);
  return top * (0.5 + random / 2);
}
