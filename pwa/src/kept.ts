/** Pages kept for a place with no signal: a day at most, one person's, gone at sign-out. */

import { isBehind, sentCopies } from './behind';
import { isUnsent } from './begun';
import { onNews } from './channel';
import { person } from './person';
import { isFresh, isNotToKeep, KEPT_AT, keptCache, MADE_HERE, toKeep } from './kept-rules';
import { askPacked, packCache, packedIn, putPacked } from './pack-rules';
import { dropKept } from './room';

/** A linked page fetched this recently is not fetched again each time the page that links to it opens. */
const RECENT_MS = 10 * 60_000;
/** The list of what waits is wanted most where there is no signal. */
const WAITING = '/outbox';
const REFRESH_AFTER_MS = 1_500;

/** Whatever is sent may stand on these in another way. */
const LISTS = /^\/(today|visits|tasks)(\/tomorrow)?$/;

const mine = (): Promise<Cache> => caches.open(keptCache(person()));

export async function keptPage(url: string): Promise<Response | null> {
  if (!person()) return null;
  const found = await (await mine()).match(url, { ignoreVary: true });
  return found ?? (await packedIn(await caches.open(packCache(person())), url)) ?? null;
}

/** A page made on the phone, kept like one that came from the server. */
export async function keepText(url: string, from: Response, html: string): Promise<void> {
  if (!person()) return;
  const headers = new Headers(from.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  headers.set(MADE_HERE, 'yes');
  await (await mine()).put(url, new Response(html, { headers }));
}

/** Into the store as it was when asked: one that was wiped meanwhile, at sign-out, does not come back by it. */
async function fetchAndKeep(url: string): Promise<void> {
  // They have signed out, and the office may not know it yet.
  if (!person()) return;
  const cache = await mine();
  // Asked before the office is, as by the worker.
  const unsent = await isUnsent(new URL(url, location.origin).pathname);
  const response = await fetch(url, { headers: { Accept: 'text/html, image/*' } });
  const copy = await toKeep(response, url);
  if (copy) return cache.put(url, copy);
  const gone = response.status === 404 && !unsent && (await response.text()).includes(`data-person="${person()}"`);
  if (gone || isNotToKeep(response)) await cache.delete(url, { ignoreVary: true });
}

const linked = (page: Document, kind = ''): string[] =>
  [...page.querySelectorAll<HTMLLinkElement>(`link[rel="keep"]${kind}`)].map((link) => link.href);

/** For a place with no signal, unless it was fetched just now. */
export async function keepPage(url: string): Promise<void> {
  const kept = await keptPage(url);
  if (!kept || !isFresh(kept, RECENT_MS)) await fetchAndKeep(url).catch(() => {});
}

/** Pages first: where the signal goes meanwhile, a page without its pictures is worth more than the other way round. */
async function keepLinked(): Promise<void> {
  const pages = [...linked(document, ':not([as])'), WAITING];
  // The first visit of all came past the worker, which would otherwise have kept this page.
  if ('serviceWorker' in navigator && !navigator.serviceWorker.controller) pages.push(location.pathname + location.search);
  for (const url of pages) await keepPage(url);
  for (const url of await picturesOf(pages)) {
    // A picture never changes under its address.
    if (!(await keptPage(url))) await fetchAndKeep(url).catch(() => {});
  }
}

/** The pictures this page names and those of the pages just kept for it, each once. */
async function picturesOf(pages: string[]): Promise<Set<string>> {
  const found = new Set(linked(document, '[as="image"]'));
  for (const url of pages) {
    const html = await (await keptPage(url))?.text();
    if (!html?.includes(' as="image"')) continue;
    for (const picture of linked(new DOMParser().parseFromString(html, 'text/html'), '[as="image"]')) found.add(picture);
  }
  return found;
}

/** What the person's copies are kept in, as they were opened and as they were packed, and how one is asked for again. */
const STORES = (): [string, (url: string) => Promise<void>][] => [[keptCache(person()), fetchAndKeep], [packCache(person()), packAgain]];

async function eachCopy(act: (copy: Response, url: string, cache: Cache, again: (url: string) => Promise<void>) => Promise<unknown>): Promise<void> {
  for (const [name, again] of STORES()) {
    if (!(await caches.has(name))) continue;
    const cache = await caches.open(name);
    for (const { url } of await cache.keys()) {
      const copy = await cache.match(url, { ignoreVary: true });
      if (!person()) return;
      if (copy?.headers.has(KEPT_AT)) await act(copy, url, cache, again);
    }
  }
}

const dropOld = (): Promise<void> =>
  eachCopy(async (copy, url, cache) => isFresh(copy) || cache.delete(url, { ignoreVary: true }));

/** What was just received shows on the copies too, so that going offline again does not turn time back. */
async function refresh(): Promise<void> {
  const sent = await sentCopies();
  await eachCopy(async (copy, url, _cache, again) => {
    const { pathname, search } = new URL(url);
    const keptAt = copy.headers.get(KEPT_AT)!;
    // One that is over a day old is on its way out.
    if (!isFresh(copy)) return;
    const list = LISTS.test(pathname) && sent.some(({ at }) => at > keptAt);
    if (list || isBehind(pathname, keptAt, sent)) await again(pathname + search).catch(() => {});
  });
}

async function packAgain(url: string): Promise<void> {
  if (url.includes('/photos/')) return;
  const cache = await caches.open(packCache(person()));
  const answer = await askPacked(url);
  if (answer.ok && !answer.redirected) await putPacked(cache, url, answer);
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
  // The page on which something was received may have been left before its copies were asked for again.
  await refresh().catch(() => {});
}
