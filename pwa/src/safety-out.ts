/** The bar on a page where nobody is signed in: time, "I'm safe", help and the end, and nothing of whose it is or where. */

/** Whose act it is, and what it waits behind. */
export interface Whose {
  session: string;
  author: string;
  record?: string;
}

export interface Stands extends Whose {
  due: string;
  /** The office's clock when the bar came. */
  now: string;
  heard: string;
  soon: string;
  /** Whom a text goes to, where there is no signal. */
  sms: string;
  css: string;
}

/** What may be shown of the bar that was on this officer's pages. */
export function standing(html: string, author: string): Stands | null {
  const bar = new DOMParser().parseFromString(html, 'text/html').querySelector<HTMLElement>('#safety-bar[data-safety]');
  const session = bar?.dataset['safety'];
  if (!bar || !session) return null;
  const template = bar.querySelector<HTMLTemplateElement>('form[data-hold] template');
  const ways = template?.content.querySelector<HTMLAnchorElement>('a[href^="sms:"]');
  return {
    session, author, due: bar.dataset['due']!, now: bar.dataset['now']!,
    heard: bar.querySelector('[data-shown="sure"] time')?.getAttribute('datetime') ?? bar.dataset['now']!,
    soon: bar.dataset['soon'] ?? '5', sms: ways?.getAttribute('href') ?? '',
    css: bar.querySelector('link[rel="stylesheet"]')?.getAttribute('href') ?? '',
  };
}

export const clock = (iso: string | number): string => new Date(iso).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'Europe/London' });

type Made = HTMLElement | string;

export function el(name: string, attributes: Record<string, string>, ...inside: Made[]): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...inside);
  return made;
}

export function act(one: Whose, name: string, what: string, more: Record<string, string>, button: HTMLElement, waits: HTMLElement): HTMLElement {
  const action = `/lone-working/${one.session}/${name}`;
  const template = document.createElement('template');
  template.setAttribute('data-pending', '');
  template.content.append(waits);
  return el('form', {
    method: 'post', action, 'hx-post': action, 'hx-target': '#safety-bar', 'hx-swap': 'outerHTML', 'data-outbox': '',
    'data-record': one.record ?? `lone-${name}-${one.session}`, 'data-what': what, 'data-where': '', 'data-author': one.author,
    'data-pending-into': `#waits-${name}`, 'data-pending-swap': 'innerHTML', ...more,
  }, button, template);
}

/** Other ways to call for help, where there is no signal. */
export function ways(sms: string, who = 'your buddy'): HTMLElement {
  const links = [...(sms ? [[`Text ${who}`, sms]] : []), ['Call 999', 'tel:999']] as [string, string][];
  return el('div', { 'data-ways': '', hidden: '' }, el('p', {}, el('b', {}, 'No signal: not sent yet.'), ' It keeps trying.'),
    el('p', { class: 'safety__ways' }, ...links.map(([label, href]) => el('a', { class: 'btn btn--quiet', href }, label))));
}

export const helpForm = (one: Whose, others: HTMLElement): HTMLElement =>
  act(one, 'panic', 'A message to the office', { 'data-hold': '' },
    el('button', { class: 'sbtn sbtn--help' }, el('span', {}, 'Help', el('span', { class: 'hide' }, ': hold for a second and a half')),
      el('small', { 'aria-hidden': 'true' }, 'hold')), el('div', {}, others));

export const saved = (words: string): HTMLElement =>
  el('p', {}, el('b', {}, words), ' ', el('span', { 'data-op-state': '' }, 'Saved on this phone'), '. The office does not know yet.');

export function outBar(one: Stands): HTMLElement {
  const sure = (shown: string, words: string, hidden = false) =>
    el('span', { 'data-shown': shown, ...(hidden ? { hidden: '' } : {}) }, `${words} `, el('b', { 'data-heard': '' }, clock(one.heard)));
  const line = el('p', { class: 'safety__line' }, el('span', { class: 'safety__left', 'data-time-left': '' }),
    el('span', { class: 'grow' },
      el('span', { 'data-shown': 'until' }, 'Check in by ', el('b', { 'data-due-words': '' }, clock(one.due))),
      el('span', { 'data-shown': 'past', hidden: '' }, el('b', {}, 'Overdue'), ': only your PIN stops it'),
      ' · ', sure('sure', 'last confirmed'), sure('unsure', 'not confirmed since', true)));
  const waits = el('div', { role: 'status' }, ...['panic', 'check-in'].map((name) => el('div', { class: 'safety__waits', id: `waits-${name}` })));
  const buttons = el('div', { class: 'safety__acts safety__acts--few' },
    act(one, 'check-in', 'I’m safe', {}, el('button', { class: 'sbtn sbtn--safe' }, 'I’m safe'), saved('I’m safe.')),
    helpForm(one, ways(one.sms)),
    el('a', { class: 'sbtn', href: `/lone-working/${one.session}/end` }, 'End'));
  return el('aside', {
    class: 'safety', id: 'safety-bar', 'aria-label': 'Lone working', 'data-safety': one.session, 'data-due': one.due,
    'data-now': one.now, 'data-soon': one.soon, 'data-author': one.author,
  }, ...(one.css ? [el('link', { rel: 'stylesheet', href: one.css })] : []), line, waits, buttons);
}

/** What a token is answered: until when, and when they were heard of. */
export function restate(bar: HTMLElement, says: string): void {
  const parts = new Map(says.split(';').map((part) => part.trim().split('=', 2) as [string, string]));
  const [due, heard, now] = [parts.get('due'), parts.get('heard'), parts.get('now')];
  if (!due || !heard || !now) return;
  Object.assign(bar.dataset, { due, now });
  for (const place of bar.querySelectorAll('[data-heard]')) place.textContent = clock(heard);
  for (const place of bar.querySelectorAll('[data-due-words]')) place.textContent = clock(due);
}
