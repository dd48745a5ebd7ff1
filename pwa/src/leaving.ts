/** Signed out where the office could not be told: until it is told, nothing of theirs is shown here or sent. */

import { getMeta, setMeta, write } from './store';

const LEAVING = 'leaving';
const PATIENCE_MS = 15_000;

/** From here on they are signed out on this phone, also after a kill. */
export function rememberLeaving(who: string): Promise<void> {
  return write(['meta'], async (tx) => {
    await tx.objectStore('meta').put(who, LEAVING);
    await tx.objectStore('meta').put(null, 'person');
  });
}

const leaver = (): Promise<string | null | undefined> => getMeta<string | null>(LEAVING).catch(() => null);

export const isLeaving = async (): Promise<boolean> => Boolean(await leaver());

/** True when nobody is leaving, or the office knows by now. Asked by pages and by the service worker. */
export async function hasLeft(): Promise<boolean> {
  const who = await leaver();
  if (!who) return true;
  if (!(await told(who))) return false;
  await setMeta(LEAVING, null);
  return true;
}

async function told(who: string): Promise<boolean> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE_MS);
  try {
    const answer = await fetch('/sign-out', { method: 'POST', headers: { 'Command-Author': who }, signal: stop.signal });
    // 401: the session in this browser has ended, or is somebody else's by now. Anything else but our door is no answer of ours.
    return answer.status === 401 || (answer.ok && new URL(answer.url).pathname === '/sign-in');
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}
