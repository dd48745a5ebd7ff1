/** The service worker: opens pages where there is no signal. It never touches anything but a GET. */

import { isBehind, sentCopies } from './behind';
import { isUnsent } from './begun';
import { CLEARED_SHEET, clearedPage, clearedSheet } from './cleared-page';
import { isFresh, isKeptCache, isNotToKeep, KEPT_AT, keepable, keptCache, MADE_HERE, saysLost, toKeep } from './kept-rules';
import { hasLeft } from './leaving';
import { dropNotifications } from './push-off';
import { hearPushes } from './pushed';
import { askPacked, HASH, isPackCache, packCache, packedIn, putPacked } from './pack-rules';

declare const __BUILD__: string;
declare const __PRECACHE__: string[];

const worker = self as unknown as ServiceWorkerGlobalScope;
const SHELL = `app-${__BUILD__}`;
const OFFLINE = '/offline';
const RETIRED = '/retired';
const LISTS = '/today';
/** The person of the last page that came from the server: the worker itself forgets between events. */
const WHO = 'who';
const WHO_KEY = '/who';
const PATIENCE_MS = 2_500;
/** Kept pages ask for the scripts of the build they came from, so its shell outlives them. */
const RETIRED_MS = 48 * 3_600_000;

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('message', (event) => {
  const kind = (event.data as { kind?: string } | null)?.kind;
  // Only a page knows that nothing is being typed or sent.
  if (kind === 'apply') void worker.skipWaiting();
  if (kind === 'claim') event.waitUntil(worker.clients.claim());
});
hearPushes(worker);
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin || request.headers.has('HX-Request')) return;
  if (url.pathname === CLEARED_SHEET) event.respondWith(clearedSheet());
  else if (url.pathname.startsWith('/static/')) event.respondWith(asset(request));
  else if (request.mode === 'navigate') event.respondWith(page(event));
  else if (request.destination === 'image') event.respondWith(picture(request));
});

async function install(): Promise<void> {
  const shell = await caches.open(SHELL);
  await shell.addAll([...__PRECACHE__, new Request(OFFLINE, { cache: 'reload' })]);
}

async function activate(): Promise<void> {
  for (const name of (await caches.keys()).filter((one) => one.startsWith('app-') && one !== SHELL)) {
    const old = await caches.open(name);
    const since = await old.match(RETIRED);
    if (!since) await old.put(RETIRED, new Response(String(Date.now())));
    else if (Date.now() - Number(await since.text()) > RETIRED_MS) await caches.delete(name);
  }
  await worker.clients.claim();
}

async function asset(request: Request): Promise<Response> {
  return (await fromShells(request)) ?? fetch(request);
}

async function fromShells(request: Request | string): Promise<Response | undefined> {
  for (const name of (await caches.keys()).filter((one) => one.startsWith('app-'))) {
    const found = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (found) return found;
  }
  return undefined;
}

async function page(event: FetchEvent): Promise<Response> {
  if (!(await hasLeft())) return noSignal();
  // Asked before the office is: what it receives meanwhile it also knows by the time it answers.
  const unsent = await isUnsent(new URL(event.request.url).pathname);
  const packed = await packedCopy(event.request);
  if (!packed || (await askedFirst(event.request, packed))) return fromNetwork(event, unsent);
  event.waitUntil(behind(event, packed, unsent).catch(() => {}));
  return marked(await newest(packed, event.request));
}

/** A list that is a minute old may send somebody to the wrong door, and a page from before what was sent about it is wrong. */
async function askedFirst({ url }: Request, packed: Response): Promise<boolean> {
  const { pathname } = new URL(url);
  return pathname.startsWith(LISTS) || isBehind(pathname, packed.headers.get(KEPT_AT) ?? '', await sentCopies().catch(() => []));
}

async function newest(packed: Response, request: Request): Promise<Response> {
  const kept = (await keptCopy(request))?.page;
  return kept && (kept.headers.get(KEPT_AT) ?? '') > (packed.headers.get(KEPT_AT) ?? '') ? kept : packed;
}

/** From the pack of whoever was last seen here. Today opens as it was packed, whichever way it is asked for. */
async function packedCopy(request: Request): Promise<Response | undefined> {
  const who = await lastSeen();
  const name = packCache(who);
  if (!who || fromSignIn(request) || !(await caches.has(name))) return undefined;
  const { pathname } = new URL(request.url);
  const cache = await caches.open(name);
  return (await packedIn(cache, request.url)) ?? (pathname.startsWith(LISTS) ? packedIn(cache, `${pathname}?whose=mine`) : undefined);
}

/** What is shown is from the phone; what the office has now replaces it, and the page is told when it differs. */
async function behind(event: FetchEvent, packed: Response, unsent: boolean): Promise<void> {
  const { url } = event.request;
  const who = await lastSeen();
  const cache = await caches.open(packCache(who));
  const answer = await askPacked(url);
  const page = await worker.clients.get(event.resultingClientId);
  if (saysLost(answer)) {
    await wipe();
    return page?.postMessage({ kind: 'lost' });
  }
  const asking = personIn(await answer.clone().text());
  if (asking !== who) return answer.redirected || answer.status === 401 ? page?.postMessage({ kind: 'signed-out' }) : undefined;
  if (answer.ok && !answer.redirected) await putPacked(cache, url, answer);
  else if (isGone(answer, asking, unsent)) await forget(url, who);
  const now = (await cache.match(url, { ignoreVary: true }))?.headers.get(HASH);
  if (now !== packed.headers.get(HASH)) page?.postMessage({ kind: 'fresher' });
}

async function forget(url: string, who: string): Promise<void> {
  for (const name of [keptCache(who), packCache(who)]) await (await caches.open(name)).delete(url, { ignoreVary: true });
}

/** The office calls this phone lost: what can be read on it goes. What waits to be sent is not here. */
async function wipe(): Promise<void> {
  await dropNotifications(worker.registration).catch(() => {});
  for (const name of await caches.keys()) {
    if (isKeptCache(name) || isPackCache(name) || name === WHO) await caches.delete(name);
  }
}

/** From the network; the person's own copy when that fails, is slow, or cannot know the page yet. */
async function fromNetwork(event: FetchEvent, unsent: boolean): Promise<Response> {
  const network = fetch(event.request).then(
    async (response) => {
      if (saysLost(response)) await wipe();
      event.waitUntil(learn(event.request, response.clone(), unsent));
      return response;
    },
    () => null,
  );
  event.waitUntil(network);
  const kept = await keptCopy(event.request);
  if (!kept) return new URL(event.request.url).pathname === '/' ? opened(event.request, network) : ((await network) ?? noSignal());
  const first = await Promise.race([network, sleep(PATIENCE_MS)]);
  if (!first) return marked(kept.page);
  if (first.status !== 404 && first.status < 500) return first;
  const asking = personIn(await first.clone().text());
  if (asking && asking !== kept.owner) return first;
  return isGone(first, asking, unsent) ? first : marked(kept.page);
}

/** The app as it opens from the home screen: the office says which page is first, and with no signal it is the day on this phone. */
async function opened({ referrer }: Request, network: Promise<Response | null>): Promise<Response> {
  // With the referrer: who has just signed in is not known here yet.
  const today = new Request(LISTS, { referrer });
  const here = (await keptCopy(today)) ?? (await packedCopy(today));
  const first = await (here ? Promise.race([network, sleep(PATIENCE_MS)]) : network);
  return first ?? (here ? Response.redirect(LISTS, 303) : noSignal());
}

/** The office itself says that there is no such page for this person (any more), and it would know. */
const isGone = (response: Response, asking: string, unsent: boolean): boolean =>
  response.status === 404 && asking !== '' && !unsent;

async function picture(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    return response.status < 500 ? response : ((await keptCopy(request))?.page ?? response);
  } catch {
    return (await keptCopy(request))?.page ?? (await packedCopy(request)) ?? Response.error();
  }
}

interface Kept {
  page: Response;
  owner: string;
}

/** Nobody is shown what was kept for somebody else, and who has just signed in is known only from the server. */
async function keptCopy(request: Request): Promise<Kept | undefined> {
  if (fromSignIn(request)) return undefined;
  const who = await lastSeen();
  for (const name of (await caches.keys()).filter(isKeptCache)) {
    if (who && name !== keptCache(who)) continue;
    const found = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (found && isFresh(found)) return { page: found, owner: name.slice(keptCache('').length) };
  }
  const packed = await packedCopy(request);
  return packed && { page: packed, owner: who };
}

const fromSignIn = (request: Request): boolean => request.referrer !== '' && new URL(request.referrer).pathname === '/sign-in';

const personIn = (html: string): string => /<body[^>]*\sdata-person="([0-9a-f-]{36})"/.exec(html)?.[1] ?? '';

/** What a fresh page tells: who uses this phone now, and, if it may be kept, itself. */
async function learn(request: Request, response: Response, unsent: boolean): Promise<void> {
  if (!response.headers.get('Content-Type')?.startsWith('text/html')) return;
  const person = personIn(await response.clone().text());
  if (!person) return;
  await (await caches.open(WHO)).put(WHO_KEY, new Response(person));
  // The browser may have cleared the shell: without it the next page with no signal has no script.
  if (!(await fromShells(OFFLINE))) await install().catch(() => {});
  const kept = await caches.open(keptCache(person));
  const copy = await toKeep(response, request.url).catch(() => null);
  if (copy) await kept.put(request.url, copy);
  else if (keepable(response) || isNotToKeep(response)) await kept.delete(request, { ignoreVary: true });
  else if (isGone(response, person, unsent)) await forget(request.url, person);
}

async function lastSeen(): Promise<string> {
  return (await (await (await caches.open(WHO)).match(WHO_KEY))?.text()) ?? '';
}

/** The page says itself from when it is. */
async function marked(kept: Response): Promise<Response> {
  const at = kept.headers.get(KEPT_AT) ?? '';
  const made = kept.headers.has(MADE_HERE) ? ' data-made-here' : '';
  const html = await kept.text();
  return new Response(html.replace(/<html\b/i, `<html data-copy="${at}"${made}`), { headers: kept.headers });
}

async function noSignal(): Promise<Response> {
  return (await fromShells(OFFLINE)) ?? clearedPage();
}

const sleep = (ms: number): Promise<null> => new Promise((done) => setTimeout(() => done(null), ms));
