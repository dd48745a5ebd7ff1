/** The PIN is asked for here and not on a page of its own, so that a session can be ended, or go on, with no signal and signed out. */

import { onNews } from './channel';
import { sentenceOf, type Reply } from './answers';
import { LIFE } from './clock';
import { FORM_TYPE, type Captured, type Op } from './command';
import { stamp, uuid7 } from './ids';
import { keep } from './ops';
import { person, personName } from './person';
import { seal, type SealKey } from './seal';
import { known } from './safety-known';
import { hereNow, whereSoon } from './safety-where';
import { read, write } from './store';
import { toast } from './toast';
import { trust } from './trust';

const PATIENCE_MS = 4_000;
const KEPT = 'Kept on this phone, not confirmed by Doorstep: you are still watched until it arrives.';
const KEPT_UNTOLD = 'Kept on this phone. The office does not know yet that you went in: nobody watches.';
const NO_KEY = 'This phone cannot seal your PIN: it had no signal since you signed in. Ring somebody who can end it for you.';
const WHAT = { end: 'Out and safe', 'check-in': 'I’m safe', extend: 'More time' };
const ASKED = /^\/lone-working\/([0-9a-f-]{36})\/(?:(end)|more\?minutes=(15|30))$/;

type Act = keyof typeof WHAT;

/** What a PIN is asked for. `minutes`: how much longer; none: whether they are out. */
interface Asked {
  session: string;
  author: string;
  key: SealKey;
  /** What it waits behind, where the office does not know of the session yet. */
  record: string | undefined;
  minutes: string | undefined;
}

let bar: () => HTMLElement | null = () => null;
let dialog: HTMLDialogElement | null = null;
/** What was sent from the dialog that is open. */
let sent = '';

export function startPin(ofBar: () => HTMLElement | null): void {
  bar = ofBar;
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="/lone-working/"]');
    const [, session, , minutes] = ASKED.exec(link?.getAttribute('href') ?? '') ?? [];
    if (!link || !session || event.ctrlKey || event.metaKey || ![bar()?.dataset['safety'], bar()?.dataset['begun']].includes(session)) return;
    event.preventDefault();
    void open(session, minutes, link.href).catch(() => location.assign(link.href));
  });
  onNews('answered', ({ id, reply, receipt }) => void heard(id, reply, receipt !== null).catch(() => {}));
}

async function open(session: string, minutes: string | undefined, page: string): Promise<void> {
  const untold = bar()?.dataset['begun'] === session;
  const given = await trust(session);
  const key = given?.key ?? (await known())?.key;
  if (key) return ask({ session, key, minutes, author: given?.person ?? bar()?.dataset['author'] ?? person(), record: untold ? bar()!.dataset['record'] : undefined });
  if (untold) toast(NO_KEY, { stay: true });
  else location.assign(page);
}

const make = <K extends keyof HTMLElementTagNameMap>(name: K, what: object): HTMLElementTagNameMap[K] =>
  Object.assign(document.createElement(name), what);

function ask(what: Asked): void {
  dialog?.remove();
  whereSoon();
  const { minutes } = what;
  dialog = make('dialog', { className: 'ask pin' });
  const form = make('form', { className: 'stack', method: 'dialog', noValidate: true, autocomplete: 'off' });
  const title = make('h2', { textContent: minutes ? `${minutes} minutes more?` : 'Are you out and safe?', id: 'pin-title' });
  const label = make('label', { textContent: 'Enter your PIN', htmlFor: 'pin-now', className: 'govuk-label' });
  const field = make('input', { id: 'pin-now', type: 'password', inputMode: 'numeric', autocomplete: 'off', maxLength: 4, className: 'govuk-input' });
  const says = make('p', { className: 'soft', textContent: 'Four digits. Sealed on this phone: only the office can open it.' });
  says.setAttribute('role', 'status');
  form.append(title, label, field, says, buttonsFor(minutes));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const act = ((event.submitter as HTMLButtonElement | null)?.value || (minutes ? 'extend' : 'end')) as Act;
    const pin = field.value;
    field.value = '';
    void give(what, act, pin, says).catch(() => (says.textContent = 'This phone could not save that. Enter it again.'));
  });
  dialog.setAttribute('aria-labelledby', title.id);
  dialog.append(form);
  dialog.addEventListener('close', () => {
    dialog?.remove();
    [dialog, sent] = [null, ''];
  });
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
}

function buttonsFor(minutes: string | undefined): HTMLElement {
  const button = (act: Act | '', words: string, more = '') =>
    make('button', { type: act ? 'submit' : 'button', value: act, textContent: words, className: `btn ${more}`.trim() });
  const cancel = button('', 'Not yet');
  cancel.addEventListener('click', () => dialog?.close());
  const buttons = make('div', { className: 'btns' });
  if (minutes) buttons.append(button('extend', `Give me ${minutes} minutes`, 'btn--main'), cancel);
  else buttons.append(button('end', 'I’m out and safe', 'btn--main'), button('check-in', 'Check in, I’m staying'), cancel);
  return buttons;
}

async function give({ session, author, key, record, minutes }: Asked, act: Act, pin: string, says: HTMLElement): Promise<void> {
  if (!/^[0-9]{4}$/.test(pin)) return void (says.textContent = 'Enter four digits.');
  const id = uuid7();
  const sealed = await seal(key, act, session, id, pin);
  const captured: Captured = {
    id, method: 'POST', url: `/lone-working/${session}/${act}`,
    body: new URLSearchParams({ sealed, ...(act === 'extend' && minutes ? { minutes } : hereNow()) }).toString(), blob: null, type: FORM_TYPE,
    capturedAt: stamp(), monotonic: Math.round(performance.now()), life: LIFE, author,
    authorName: person() === author ? personName() : '', record: record ?? `lone-pin-${id}`, what: WHAT[act], where: '', page: location.pathname,
    shows: {}, target: null, targetHeader: '', swap: 'none', into: null, intoSwap: null, photo: null,
  };
  sent = id;
  says.textContent = 'Sending…';
  await keep([captured]);
  window.setTimeout(() => {
    if (sent !== id) return;
    says.textContent = record ? KEPT_UNTOLD : KEPT;
    // It is entered: what is left to do here is to go.
    dialog?.querySelector('.btns button[type="button"]')?.replaceChildren('Close');
  }, PATIENCE_MS);
  document.dispatchEvent(new CustomEvent('doorstep:urgent'));
}

const isSealed = ({ url, body }: Op): boolean => url.startsWith('/lone-working/') && new URLSearchParams(body ?? '').has('sealed');

/** Also when it arrives much later, on another page. */
async function heard(id: string, reply: Reply, received: boolean): Promise<void> {
  if (received) {
    // It is over, and the page of whoever is signed in goes.
    if (id !== sent || (person() && reply.headers['safety'] === 'over')) return;
    dialog?.close();
    // The bar of a page where nobody is signed in has heard it in a header.
    if (person()) document.dispatchEvent(new CustomEvent('doorstep:moved'));
    return;
  }
  const op = await read((db) => db.get('ops', id));
  if (op?.status !== 'parked' || !(isSealed(op) || isOfNone(op))) return;
  await write(['ops'], (tx) => tx.objectStore('ops').delete(id));
  const words = isOfNone(op) ? NONE : `${sentenceOf(reply.text)}`;
  const says = id === sent ? dialog?.querySelector('[role="status"]') : null;
  if (says) says.textContent = words;
  else toast(isOfNone(op) ? words : `${words} Your session goes on.`, { stay: true });
}

const NONE = 'The office has no session of yours for that: nobody looked out for you there. Tell somebody that you are safe.';
const isOfNone = (op: Op): boolean => op.answer?.status === 404 && /^\/lone-working\/[0-9a-f-]{36}\/(check-in|extend|end)$/.test(op.url);
