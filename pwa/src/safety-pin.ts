/** The PIN is asked for here and not on a page of its own, so that a session can be ended with no signal and signed out. */

import { onNews } from './channel';
import { sentenceOf, type Reply } from './answers';
import { LIFE } from './clock';
import { FORM_TYPE, type Captured } from './command';
import { stamp, uuid7 } from './ids';
import { keep } from './ops';
import { person, personName } from './person';
import { seal } from './seal';
import { hereNow, whereSoon } from './safety-where';
import { read, write } from './store';
import { toast } from './toast';
import { trust } from './trust';

const PATIENCE_MS = 4_000;
const KEPT = 'Kept on this phone, not confirmed by Doorstep: you are still watched until it arrives.';
const WHAT = { end: 'Out and safe', 'check-in': 'I’m safe' };

type Act = keyof typeof WHAT;

let bar: () => HTMLElement | null = () => null;
let dialog: HTMLDialogElement | null = null;
/** What was sent from the dialog that is open. */
let asked = '';

export function startPin(ofBar: () => HTMLElement | null): void {
  bar = ofBar;
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>('a[href^="/lone-working/"][href$="/end"]');
    const session = bar()?.dataset['safety'];
    if (!link || !session || link.getAttribute('href') !== `/lone-working/${session}/end` || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    void trust().then((given) => (given?.session === session && given.key ? ask(session) : location.assign(link.href)), () => location.assign(link.href));
  });
  onNews('answered', ({ id, reply, receipt }) => void heard(id, reply, receipt !== null).catch(() => {}));
}

const make = <K extends keyof HTMLElementTagNameMap>(name: K, what: object): HTMLElementTagNameMap[K] =>
  Object.assign(document.createElement(name), what);

function ask(session: string): void {
  dialog?.remove();
  whereSoon();
  dialog = make('dialog', { className: 'ask pin' });
  const form = make('form', { className: 'stack', method: 'dialog', noValidate: true, autocomplete: 'off' });
  const title = make('h2', { textContent: 'Are you out and safe?', id: 'pin-title' });
  const label = make('label', { textContent: 'Enter your PIN', htmlFor: 'pin-now', className: 'govuk-label' });
  const field = make('input', { id: 'pin-now', type: 'password', inputMode: 'numeric', autocomplete: 'off', maxLength: 4, className: 'govuk-input' });
  const says = make('p', { className: 'soft', textContent: 'Four digits. Sealed on this phone: only the office can open it.' });
  says.setAttribute('role', 'status');
  const buttons = make('div', { className: 'btns' });
  const button = (act: Act | '', words: string, more = '') =>
    make('button', { type: act ? 'submit' : 'button', value: act, textContent: words, className: `btn ${more}`.trim() });
  const cancel = button('', 'Not yet');
  cancel.addEventListener('click', () => dialog?.close());
  buttons.append(button('end', 'I’m out and safe', 'btn--main'), button('check-in', 'Check in, I’m staying'), cancel);
  form.append(title, label, field, says, buttons);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const act = ((event.submitter as HTMLButtonElement | null)?.value || 'end') as Act;
    const pin = field.value;
    field.value = '';
    void give(session, act, pin, says).catch(() => (says.textContent = 'This phone could not save that. Enter it again.'));
  });
  dialog.setAttribute('aria-labelledby', title.id);
  dialog.append(form);
  dialog.addEventListener('close', () => {
    dialog?.remove();
    [dialog, asked] = [null, ''];
  });
  document.body.append(dialog);
  dialog.showModal();
  field.focus();
}

async function give(session: string, act: Act, pin: string, says: HTMLElement): Promise<void> {
  const given = await trust();
  if (!given || !/^[0-9]{4}$/.test(pin)) return void (says.textContent = 'Enter four digits.');
  const id = uuid7();
  const sealed = await seal(given.key, act, session, id, pin);
  const captured: Captured = {
    id, method: 'POST', url: `/lone-working/${session}/${act}`,
    body: new URLSearchParams({ sealed, ...hereNow() }).toString(), blob: null, type: FORM_TYPE,
    capturedAt: stamp(), monotonic: Math.round(performance.now()), life: LIFE, author: given.person,
    authorName: person() === given.person ? personName() : '', record: `lone-pin-${id}`, what: WHAT[act], where: '', page: location.pathname,
    shows: {}, target: null, targetHeader: '', swap: 'none', into: null, intoSwap: null, photo: null,
  };
  asked = id;
  says.textContent = 'Sending…';
  await keep([captured]);
  window.setTimeout(() => asked === id && (says.textContent = KEPT), PATIENCE_MS);
  document.dispatchEvent(new CustomEvent('doorstep:urgent'));
}

/** Also when it arrives much later, on another page. */
async function heard(id: string, reply: Reply, received: boolean): Promise<void> {
  if (received) {
    if (id === asked && reply.headers['safety'] !== 'over') dialog?.close();
    return;
  }
  const op = await read((db) => db.get('ops', id));
  if (!op?.record.startsWith('lone-pin-') || op.status !== 'parked') return;
  await write(['ops'], (tx) => tx.objectStore('ops').delete(id));
  const words = sentenceOf(reply.text);
  const says = id === asked ? dialog?.querySelector('[role="status"]') : null;
  if (says) says.textContent = words;
  else toast(`${words} Your session goes on.`, { stay: true });
}

