/** Whose turn it is to send. One tab at a time; a tab the phone has frozen loses its turn. */

import { uuid7 } from './ids';
import { Full, getMeta, write } from './store';

const LOCK = 'doorstep-sender';
const LEASE_MS = 20_000;
const BEAT_MS = 5_000;
const me = uuid7();

interface Lease {
  tab: string;
  until: number;
}

/** False once another tab has taken the turn over. Asked before every request. */
export type Mine = () => Promise<boolean>;

/** Run `work` if no other tab is sending. Says whether it ran. */
export async function takeTurn(work: (mine: Mine) => Promise<void>): Promise<boolean> {
  if (!navigator.locks) return (await claim(false)) && (await hold(work), true);
  const ran = await withLock({ ifAvailable: true }, work);
  if (ran || (await alive())) return ran;
  return withLock({ steal: true }, work);
}

async function withLock(options: LockOptions, work: (mine: Mine) => Promise<void>): Promise<boolean> {
  try {
    return await navigator.locks.request(LOCK, options, async (lock) => {
      if (!lock) return false;
      await claim(true);
      await hold(work);
      return true;
    });
  } catch (error) {
    // Another tab stole the lock while this one was frozen: it has the turn now.
    if (error instanceof DOMException && error.name === 'AbortError') return true;
    throw error;
  }
}

async function hold(work: (mine: Mine) => Promise<void>): Promise<void> {
  const beat = window.setInterval(() => void renew(), BEAT_MS);
  try {
    await work(renew);
  } finally {
    clearInterval(beat);
    await change((lease) => (lease?.tab === me ? null : lease));
  }
}

const claim = (force: boolean): Promise<boolean> =>
  change((lease) => (force || !running(lease) || lease?.tab === me ? mine() : lease)).then(isMine);

const renew: Mine = () => change((lease) => (lease?.tab === me ? mine() : lease)).then(isMine);

const mine = (): Lease => ({ tab: me, until: Date.now() + LEASE_MS });
const isMine = (lease: Lease | null): boolean => lease?.tab === me;

async function alive(): Promise<boolean> {
  return running((await getMeta<Lease>('lease')) ?? null);
}

/** A lease far in the future is from before the clock was put back: it counts for nothing. */
const running = (lease: Lease | null): boolean =>
  lease !== null && lease.until > Date.now() && lease.until <= Date.now() + LEASE_MS;

async function change(next: (lease: Lease | null) => Lease | null): Promise<Lease | null> {
  try {
    return await write(['meta'], async (tx) => {
      const store = tx.objectStore('meta');
      const lease = next(((await store.get('lease')) as Lease | undefined) ?? null);
      await store.put(lease, 'lease');
      return lease;
    });
  } catch (error) {
    // A full phone must still be able to send: only that makes room. The lock alone keeps the turn then.
    if (!(error instanceof Full)) throw error;
    const stored = (await getMeta<Lease>('lease')) ?? null;
    return running(stored) && !isMine(stored) ? next(stored) : mine();
  }
}
