/** Pages kept for a place with no signal: a day at most, one person's, gone at sign-out. */

import { onNews } from './channel';
import { person } from './person';
import { isFresh, KEPT_AT, keepable, keptCache, stamped } from './kept-rules';
import { askPacked, isPackCache, packCache, packedIn, putPacked } from './pack-rules';
import { dropKept } from './room';
import { read } from './store';

/** A linked page fetched this recently is not fetched again each time the page that links to it opens. */
const RECENT_MS = 10 * 60_000;
/** The list of what waits is wanted most where there is no signal. */
const WAITING = '/outbox';
const REFRESH_AFTER_MS = 1_500;
const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

const mine = (): Promise<Cache> => caches.open(keptCache(person()));

export async function keptPage(url: string): Promise<Response | null> {
  const found = await (await mine()).match(url, { ignoreVary: true });
  return found ?? (await packedIn(await caches.open(packCache(person())), url)) ?? null;
}

/** A page made on the phone, kept like one that came from the server. */
export async function keepText(url: string, from: Response, html: string): Promise<void> {
  const headers = new Headers(from.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  await (await mine()).put(url, new Response(html, { headers }));
}

async function fetchAndKeep(url: string): Promise<void> {
  const response = await fetch(url, { headers: { Accept: 'text/html, image/*' } });
  if (keepable(response)) await (await mine()).put(url, await stamped(response));
}

async function keepLinked(): Promise<void> {
  const links = [...document.querySelectorAll<HTMLLinkElement>('link[rel="keep"]')].map((link) => link.href);
  links.push(WAITING);
  // The first visit of all came past the worker, which would otherwise have kept this page.
  if ('serviceWorker' in navigator && !navigator.serviceWorker.controller) links.push(location.pathname + location.search);
  for (const url of links) {
    const kept = await keptPage(url);
    if (!kept || !isFresh(kept, RECENT_MS)) await fetchAndKeep(url).catch(() => {});
  }
}

async function dropOld(): Promise<void> {
  const cache = await mine();
  for (const request of await cache.keys()) {
    const kept = await cache.match(request, { ignoreVary: true });
    if (kept && !isFresh(kept)) await cache.delete(request, { ignoreVary: true });
  }
}

let refreshedAt = new Date().toISOString();

/** What was just received shows on the kept copies too, so that going offline again does not turn time back. */
async function refresh(): Promise<void> {
  const since = refreshedAt;
  refreshedAt = new Date().toISOString();
  const copies = (await read((db) => db.getAll('sent'))).filter((copy) => copy.at >= since);
  const about = new Set(copies.flatMap(({ op }) => [op.page, ...(`${op.url} ${op.record}`.match(UUID) ?? [])]));
  for (const [name, again] of [[keptCache(person()), fetchAndKeep], [packCache(person()), packAgain]] as const) {
    if (isPackCache(name) && !(await caches.has(name))) continue;
    for (const { url } of await (await caches.open(name)).keys()) {
      const { pathname, search } = new URL(url);
      if ([...about].some((part) => pathname === part || pathname.includes(part))) await again(pathname + search).catch(() => {});
    }
  }
}

async function packAgain(url: string): Promise<void> {
  if (url.includes('/photos/')) return;
  const answer = await askPacked(url);
  if (answer.ok && !answer.redirected) await putPacked(await caches.open(packCache(person())), url, answer);
}

export async function startKeeping(): Promise<void> {
  if (!('caches' in window) || !person()) return;
  let soon = 0;
  onNews('idle', ({ delivered }) => {
    if (!delivered) return;
    clearTimeout(soon);
    soon = window.setTimeout(() => void refresh().catch(() => {}), REFRESH_AFTER_MS);
  });
  await dropKept(person());
  await dropOld();
  await keepLinked();
}
