/** What the tabs of one phone tell each other, and the parts of one page tell each other. */

import type { Reply } from './answers';
import type { Receipt } from './command';

export type News =
  /** The queue changed: count and draw again. */
  | { kind: 'changed' }
  /** Something was stored; whoever sends should look. */
  | { kind: 'kick' }
  | { kind: 'progress'; id: string; photo: string | null; percent: number }
  | { kind: 'weak' }
  /** The server answered a command: received, or refused for good. */
  | { kind: 'answered'; id: string; reply: Reply; receipt: Receipt | null }
  /** No answer for now; it stays. */
  | { kind: 'kept'; id: string }
  | { kind: 'paused'; why: 'wifi' | 'sign-in' }
  | { kind: 'sending'; done: number; total: number; photos: boolean }
  | { kind: 'idle'; delivered: number }
  /** Whoever used this phone signed out of it. */
  | { kind: 'left' };

type Listener = (news: News) => void;

const listeners = new Set<Listener>();
const wire = 'BroadcastChannel' in globalThis ? new BroadcastChannel('doorstep') : null;
wire?.addEventListener('message', (event: MessageEvent<News>) => hear(event.data));

function hear(news: News): void {
  for (const listener of listeners) listener(news);
}

/** Tell this page and every other one. */
export function tell(news: News): void {
  hear(news);
  wire?.postMessage(news);
}

/** Tell the other tabs only. */
export const tellOthers = (news: News): void => wire?.postMessage(news);

/** Gives back how to stop listening. */
export function listen(listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

export function onNews<K extends News['kind']>(kind: K, act: (news: Extract<News, { kind: K }>) => void): void {
  listen((news) => {
    if (news.kind === kind) act(news as Extract<News, { kind: K }>);
  });
}
