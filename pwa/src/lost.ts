/** The office calls this phone lost: what can be read goes, what is not yet sent stays until the phone is found. */

import { dropNotifications } from './push-off';
import { dropKept } from './room';
import { getMeta, write } from './store';
import { uuid7 } from './ids';

const YEAR_S = 365 * 24 * 3600;

/** Every page the phone asks for says which phone it is. The number is random and opens nothing. */
export async function sayDevice(): Promise<void> {
  let device = await getMeta<string>('device');
  if (!device) {
    device = await write(['meta'], async (tx) => {
      const meta = tx.objectStore('meta');
      const known = (await meta.get('device')) as string | undefined;
      if (!known) await meta.put(uuid7(), 'device');
      return (await meta.get('device')) as string;
    });
  }
  document.cookie = `device=${device}; Path=/; Max-Age=${YEAR_S}; SameSite=Lax; Secure`;
}

/** With any answer. Gives whether it said so. */
export async function hearLost(said: string | null | undefined): Promise<boolean> {
  if (said !== 'lost') return false;
  sessionStorage.clear();
  await Promise.all([dropKept(), dropNotifications().catch(() => {})]);
  return true;
}
