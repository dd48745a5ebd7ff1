/** Pages kept for a place with no signal: a day at most, one person's, gone at sign-out. */

import { isUnsent } from './begun';
import { onNews } from './channel';
import { person } from './person';
import { isFresh, KEPT_AT, keepable, keptCache, MADE_HERE, stamped } from './kept-rules';
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
  return (await (await mine()).match(url, { ignoreVary: true })) ?? null;
}

/** A page made on the phone, kept like one that came from the server. */
export async function keepText(url: string, from: Response, html: string): Promise<void> {
  const headers = new Headers(from.headers);
  headers.set(KEPT_AT, new Date().toISOString());
  headers.set(MADE_HERE, 'yes');
  await (await mine()).put(url, new Response(html, { headers }));
}

async function fetchAndKeep(url: string): Promise<void> {
  // Asked before the office is, as by the worker.
  const unsent = await isUnsent(new URL(url, location.origin).pathname);
  const response = await fetch(url, { headers: { Accept: 'text/html, image/*' } });
  if (keepable(response)) return (await mine()).put(url, await stamped(response));
  const gone = response.status === 404 && !unsent && (await response.text()).includes(`data-person="${person()}"`);
  if (gone) await (await mine()).delete(url, { ignoreVary: true });
}

const linked = (page: Document, kind = ''): string[] =>
  [...page.querySelectorAll<HTMLLinkElement>(`link[rel="keep"]${kind}`)].map((link) => link.href);

/** Pages first: where the signal goes meanwhile, a page without its pictures is worth more than the other way round. */
async function keepLinked(): Promise<void> {
  const pages = [...linked(document, ':not([as])'), WAITING];
  // The first visit of all came past the worker, which would otherwise have kept this page.
  if ('serviceWorker' in navigator && !navigator.serviceWorker.controller) pages.push(location.pathname + location.search);
  for (const url of pages) {
    const kept = await keptPage(url);
    if (!kept || !isFresh(kept, RECENT_MS)) await fetchAndKeep(url).catch(() => {});
  }
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
  const cache = await mine();
  for (const { url } of await cache.keys()) {
    const { pathname, search } = new URL(url);
    if ([...about].some((part) => pathname === part || pathname.includes(part))) {
      await fetchAndKeep(pathname + search).catch(() => {});
    }
  }
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
