/** The service worker: opens pages where there is no signal. It never touches anything but a GET. */

import { isFresh, isKeptCache, KEPT_AT, keepable, keptCache, stamped } from './kept-rules';

declare const __BUILD__: string;
declare const __PRECACHE__: string[];

const worker = self as unknown as ServiceWorkerGlobalScope;
const SHELL = `app-${__BUILD__}`;
const OFFLINE = '/offline';
const RETIRED = '/retired';
const PATIENCE_MS = 2_500;
/** Kept pages ask for the scripts of the build they came from, so its shell outlives them. */
const RETIRED_MS = 48 * 3_600_000;

worker.addEventListener('install', (event) => event.waitUntil(install()));
worker.addEventListener('activate', (event) => event.waitUntil(activate()));
worker.addEventListener('message', (event) => {
  // Only a page knows that nothing is being typed or sent.
  if ((event.data as { kind?: string } | null)?.kind === 'apply') void worker.skipWaiting();
});
worker.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== worker.location.origin || request.headers.has('HX-Request')) return;
  if (url.pathname.startsWith('/static/')) event.respondWith(asset(request));
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

/** From the network; the kept copy when that fails, is slow, or does not know the page yet. */
async function page(event: FetchEvent): Promise<Response> {
  const network = fetch(event.request).then(
    (response) => (event.waitUntil(keepPage(event.request, response.clone())), response),
    () => null,
  );
  event.waitUntil(network);
  const kept = await keptCopy(event.request);
  if (!kept) return (await network) ?? noSignal();
  const first = await Promise.race([network, sleep(PATIENCE_MS)]);
  const useless = !first || first.status === 404 || first.status >= 500;
  return useless ? marked(kept) : first;
}

async function picture(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    return response.ok ? response : ((await keptCopy(request)) ?? response);
  } catch {
    return (await keptCopy(request)) ?? Response.error();
  }
}

async function keptCopy(request: Request): Promise<Response | undefined> {
  for (const name of (await caches.keys()).filter(isKeptCache)) {
    const found = await (await caches.open(name)).match(request, { ignoreVary: true });
    if (found && isFresh(found)) return found;
  }
  return undefined;
}

/** A page belongs to the person it was made for, whoever opens it. */
async function keepPage(request: Request, response: Response): Promise<void> {
  if (!keepable(response)) return;
  const copy = await stamped(response);
  const person = /<body[^>]*\sdata-person="([0-9a-f-]{36})"/.exec(await copy.clone().text())?.[1];
  if (person) await (await caches.open(keptCache(person))).put(request.url, copy);
}

/** The page says itself from when it is. */
async function marked(kept: Response): Promise<Response> {
  const at = kept.headers.get(KEPT_AT) ?? '';
  const html = await kept.text();
  return new Response(html.replace(/<html\b/i, `<html data-copy="${at}"`), { headers: kept.headers });
}

async function noSignal(): Promise<Response> {
  return (await fromShells(OFFLINE)) ?? Response.error();
}

const sleep = (ms: number): Promise<null> => new Promise((done) => setTimeout(() => done(null), ms));
