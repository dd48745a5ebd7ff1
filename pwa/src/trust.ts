/** What the office gave this phone for each session: a token for when nobody is signed in here, and the key PINs are sealed to. */

import { stamp, uuid7 } from './ids';
import type { SealKey } from './seal';
import { getMeta, write } from './store';

export interface Trust {
  person: string;
  session: string;
  token: string;
  key: SealKey;
}

type All = Record<string, Trust>;

const TRUST = 'lone-trust';

/** Builds before had one of a phone. */
const listed = (row: unknown): All => {
  const one = row as Trust | All | null | undefined;
  return !one ? {} : typeof one['token'] === 'string' ? { [(one as Trust).session]: one as Trust } : (one as All);
};

export const trust = async (session: string): Promise<Trust | null> => listed(await getMeta(TRUST))[session] ?? null;

function change(work: (all: All) => All): Promise<unknown> {
  return write(['meta'], async (tx) => {
    const meta = tx.objectStore('meta');
    await meta.put(work(listed(await meta.get(TRUST))), TRUST);
  });
}

/** Of one session; without one of all that this person was given here. */
export const distrust = (person: string, session?: string): Promise<unknown> =>
  change((all) => Object.fromEntries(Object.entries(all).filter(([id, one]) => one.person !== person || (session && id !== session))));

/** Of the session that a command is about, if its author was given one. */
export async function tokenFor(url: string, author: string): Promise<string> {
  const session = /^\/lone-working\/([^/]+)\//.exec(url)?.[1];
  const given = session ? await trust(session).catch(() => null) : null;
  return given?.person === author ? given.token : '';
}

/** Once for each session; with no signal on the next page that has some. */
export async function askTrust(person: string, session: string): Promise<boolean> {
  const known = await trust(session);
  if (known?.person === person && known.token) return false;
  const device = await getMeta<string>('device');
  const answer = await fetch(`/lone-working/${session}/token`, {
    method: 'POST',
    headers: {
      'Command-Id': uuid7(), 'Command-Captured-At': stamp(), 'Command-Sent-At': stamp(), 'Command-Author': person,
      'HX-Request': 'true', ...(device ? { 'Command-Device': device } : {}),
    },
  });
  if (answer.status !== 201) return false;
  const { token, key } = (await answer.json()) as Pick<Trust, 'token' | 'key'>;
  await change((all) => ({ ...all, [session]: { person, session, token, key } }));
  return true;
}
