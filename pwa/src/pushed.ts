/** In the service worker: what the office pushes is shown, and what a press on it does. */

import { judge } from './answers';
import { tell } from './channel';
import { FORM_TYPE, sendHeaders, type Op } from './command';
import { stamp, uuid7 } from './ids';
import { isLeaving } from './leaving';
import { keep, opsOf, received } from './ops';
import { getMeta } from './store';

declare const __ICON__: string;

/** As messages/push_due.py makes it. */
interface Pushed {
  id: string;
  kind: string;
  title: string;
  body: string;
  tag: string;
  url: string;
  session: string;
}

const PATIENCE_MS = 10_000;
const PAGE = '/you/notifications';
const NOT_SENT = 'Kept on this phone, not sent yet. It goes when Doorstep is open and there is signal.';

export function hearPushes(worker: ServiceWorkerGlobalScope): void {
  const { registration } = worker;
  worker.addEventListener('push', (event) => event.waitUntil(show(registration, event.data)));
  worker.addEventListener('notificationclick', (event) => {
    const { notification, action } = event;
    notification.close();
    event.waitUntil(pressed(worker, notification.data as Pushed, action));
  });
  // The browser gives a new address in place of one that ran out: the office must know, or nothing is shown any more.
  worker.addEventListener('pushsubscriptionchange', (event) => (event as ExtendableEvent).waitUntil(anew(registration, event as Renewed)));
}

async function show(registration: ServiceWorkerRegistration, data: PushMessageData | null): Promise<void> {
  const said = data?.json() as Pushed;
  const isNudge = said.kind === 'alarm-nudge';
  await registration.showNotification(said.title, {
    body: said.body, tag: said.tag, data: said, icon: __ICON__, requireInteraction: !isNudge,
    // Not known to every browser's types yet. A repeat takes the place of the one before, and is heard all the same.
    ...{ renotify: true, actions: isNudge ? [{ action: 'safe', title: 'I’m safe' }] : [] },
  } as NotificationOptions);
}

async function pressed(worker: ServiceWorkerGlobalScope, said: Pushed, action: string): Promise<void> {
  if (action === 'safe' && said.session && !(await isLeaving())) return safe(worker.registration, said);
  if (said.kind === 'try') await post(`${PAGE}/answered`, { test: said.id }).catch(() => null);
  await open(worker, said.kind === 'try' ? PAGE : said.url);
}

async function open(worker: ServiceWorkerGlobalScope, url: string): Promise<void> {
  for (const client of await worker.clients.matchAll({ type: 'window' })) {
    if (new URL(client.url).pathname === url) return void (await client.focus());
  }
  await worker.clients.openWindow(url);
}

function post(url: string, fields: Record<string, string>): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams(fields), signal: AbortSignal.timeout(PATIENCE_MS) });
}

// --- "I'm safe" without opening anything: stored first, as on a page, and then sent

async function safe(registration: ServiceWorkerRegistration, said: Pushed): Promise<void> {
  const op = await kept(said.session).catch(() => null);
  const at = op ? await sent(op).catch(() => '') : '';
  if (op) tell({ kind: 'changed' });
  const words = at ? `Heard at ${clock(at)}.` : op ? NOT_SENT : 'That did not work. Open Doorstep and press “I’m safe” there.';
  await registration.showNotification(said.title.split(':')[0]!, { body: words, tag: said.tag, data: said, icon: __ICON__, silent: true });
}

const clock = (at: string): string => new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/London' });

/** The same command that the bar's button makes, of whoever uses this phone. */
async function kept(session: string): Promise<Op | null> {
  const author = await getMeta<string | null>('person');
  if (!author) return null;
  const id = uuid7();
  const [op] = await keep([{
    id, method: 'POST', url: `/lone-working/${session}/check-in`, body: `_command=${id}`, blob: null, type: FORM_TYPE,
    capturedAt: stamp(), monotonic: Math.round(performance.now()), author, authorName: '',
    record: `lone-check-in-${session}`, what: 'I’m safe', where: '', page: '/today', shows: {}, target: '#safety-bar',
    targetHeader: '', swap: 'outerHTML', into: '#waits-check-in', intoSwap: 'innerHTML', photo: null,
  }]);
  return op ?? null;
}

/** When the office received it, or nothing: then it stays, and a page sends it. */
async function sent(op: Op): Promise<string> {
  const headers = sendHeaders(op, await opsOf(op.author), null);
  const answer = await fetch(op.url, { method: 'POST', headers, body: op.body, signal: AbortSignal.timeout(PATIENCE_MS) });
  const verdict = answer.status < 300 ? judge(op, { status: answer.status, text: '', headers: Object.fromEntries(answer.headers) }) : null;
  // What the office says after it was put back to an earlier copy is for a page to understand.
  if (verdict?.kind !== 'received' || answer.headers.has('doorstep-restored')) return '';
  await received(op, verdict.receipt, async () => true);
  return verdict.receipt.at;
}

// --- a new address

interface Renewed extends ExtendableEvent {
  oldSubscription?: PushSubscription | null;
  newSubscription?: PushSubscription | null;
}

async function anew(registration: ServiceWorkerRegistration, { oldSubscription, newSubscription }: Renewed): Promise<void> {
  const key = oldSubscription?.options.applicationServerKey;
  const made = newSubscription ?? (key ? await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }) : null);
  const { endpoint, keys } = made?.toJSON() ?? {};
  if (endpoint && keys) await post(PAGE, { endpoint, p256dh: keys['p256dh'] ?? '', auth: keys['auth'] ?? '' }).catch(() => null);
}
