/** Pages kept for a place with no signal: a day at most, one person's, gone at sign-out. */

import { person } from './person';
import { KEPT_AT, keepable, keptCache, stamped } from './kept-rules';
import { dropKept } from './room';

const mine = (): Promise<Cache> => caches.open(keptCache(person()));

export async function keptPage(url: string): Promise<Response | null> {
  return (await (await mine()).match(url, { ignoreVary: true })) ?? null;
}

/** A page made on the phone, kept like one that came from the server. */
export async function keepText(url: string, html: string): Promise<void> {
  const headers = { 'Content-Type': 'text/html; charset=utf-8', [KEPT_AT]: new Date().toISOString() };
  await (await mine()).put(url, new Response(html, { headers }));
}

async function fetchAndKeep(url: string): Promise<void> {
  const response = await fetch(url, { headers: { Accept: 'text/html' }, credentials: 'same-origin' });
  if (keepable(response)) await (await mine()).put(url, await stamped(response));
}

export async function startKeeping(): Promise<void> {
  if (!('caches' in window) || !person()) return;
  await dropKept(person());
  const linked = [...document.querySelectorAll<HTMLLinkElement>('link[rel="keep"]')].map((link) => link.href);
  for (const url of linked) await fetchAndKeep(url).catch(() => {});
}
