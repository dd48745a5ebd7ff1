/** What the office gave this phone for one session: a token for when nobody is signed in here, and the key PINs are sealed to. */

import { stamp, uuid7 } from './ids';
import type { SealKey } from './seal';
import { getMeta, setMeta } from './store';

export interface Trust {
  person: string;
  session: string;
  token: string;
  key: SealKey;
}

const TRUST = 'lone-trust';

export const trust = async (): Promise<Trust | null> => (await getMeta<Trust | null>(TRUST)) ?? null;
export const distrust = (): Promise<unknown> => setMeta(TRUST, null);

/** Of the session that a command is about, if its author was given one. */
export async function tokenFor(url: string, author: string): Promise<string> {
  if (!url.startsWith('/lone-working/')) return '';
  const given = await trust().catch(() => null);
  return given?.person === author && url.startsWith(`/lone-working/${given.session}/`) ? given.token : '';
}

/** Once for each session; with no signal on the next page that has some. */
export async function askTrust(person: string, session: string): Promise<boolean> {
  const known = await trust();
  if (known?.person === person && known.session === session && known.token) return false;
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
  await setMeta(TRUST, { person, session, token, key } satisfies Trust);
  return true;
}
