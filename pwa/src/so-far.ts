/**
 * What changed so far, of a home that is compared with how it was. Made from this page alone, so that it is there with no
 * signal: how each thing was stands in its item, how it is is what was chosen here. Nothing is judged or kept.
 */

import './shared';
import { onNews } from './channel';
import { read } from './store';

type Values = Record<string, string>;

const FIELDS = ['condition', 'cleanliness', 'answer', 'value'];

let soon = 0;

export function startSoFar(): void {
  const again = () => {
    clearTimeout(soon);
    soon = window.setTimeout(look, 60);
  };
  document.addEventListener('change', again);
  document.addEventListener('htmx:after:swap', again);
  onNews('changed', again);
  again();
}

function look(): void {
  const lines: HTMLElement[] = [];
  let same = 0;
  const items = [...document.querySelectorAll<HTMLElement>('[data-was]')];
  for (const item of items) {
    const was = JSON.parse(item.dataset['was']!) as Values;
    const now = nowOf(item, was);
    void layBeside(item, now ? inWords(item, now) : '').catch(() => {});
    const found = item.querySelectorAll('.findings > .finding').length;
    if (!now && !found) continue;
    if (!found && now && isSame(was, now)) same += 1;
    else lines.push(lineOf(item, inWords(item, was), now ? inWords(item, now) : 'not seen yet', found));
  }
  const list = document.querySelector<HTMLElement>('[data-so-far]');
  if (!list) return;
  const left = items.length - same - lines.length;
  list.querySelector('ul')!.replaceChildren(...lines);
  list.lastElementChild!.textContent = `${same} as before, ${left} not seen yet.`;
  list.hidden = false;
}

/** As chosen in its form; before that is there, as the page came; else what "all satisfactory" says. Null: not seen. */
function nowOf(item: HTMLElement, was: Values): Values | null {
  const form = item.querySelector<HTMLFormElement>('form[data-autosend]');
  const came = item.querySelector<HTMLElement>('[data-values]')?.dataset['values'];
  const values: Values = form
    ? Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]))
    : (JSON.parse(came ?? '{}') as Values);
  if (values['condition'] || values['answer'] || values['value']) return values;
  const seen = item.closest('details')?.querySelector('.state[data-seen]');
  if (!seen) return null;
  return was['condition'] ? { condition: 'G', cleanliness: 'clean' } : { answer: 'yes' };
}

/** An answer with no number, as "all satisfactory" gives it, is as good as the same answer with one: nothing was counted. */
const isSame = (was: Values, now: Values): boolean =>
  FIELDS.every((name) => (name === 'value' && !now[name] && now['answer']) || (was[name] || usual(name)) === (now[name] || usual(name)));

const usual = (name: string): string => (name === 'cleanliness' ? 'clean' : '');

/** As the office says it: the condition, how clean if it is not, or the number, or the answer. */
function inWords(item: HTMLElement, values: Values): string {
  if (!values['condition']) {
    const answer = chosen(item, 'answer', values['answer']);
    if (!values['value']) return answer;
    return values['answer'] === 'no' ? `${answer}, ${values['value']}` : values['value'];
  }
  const unclean = values['cleanliness'] && values['cleanliness'] !== 'clean';
  return chosen(item, 'condition', values['condition']) + (unclean ? `, ${chosen(item, 'cleanliness', values['cleanliness']).toLowerCase()}` : '');
}

/** The words of a choice are those of the item's own form, or of what it will be made from. */
function wordsOf(item: HTMLElement): ParentNode {
  const made = document.getElementById(item.querySelector<HTMLElement>('[data-clone^="forms-"]')?.dataset['clone'] ?? '');
  return item.querySelector('form[data-autosend]') ?? (made instanceof HTMLTemplateElement ? made.content : item);
}

function chosen(item: HTMLElement, name: string, value = ''): string {
  const input = wordsOf(item).querySelector(`input[name="${name}"][value="${CSS.escape(value)}"]`);
  return input?.closest('label')?.textContent?.trim() ?? value;
}

function lineOf(item: HTMLElement, was: string, now: string, found: number): HTMLElement {
  const details = item.closest('details')!;
  const link = document.createElement('a');
  link.href = `#${details.id}`;
  link.append(apart(details.querySelector('summary b')), ', ', apart(item.closest('section')?.querySelector('h2')));
  const line = document.createElement('li');
  const said = found ? `. ${found === 1 ? '1 finding' : `${found} findings`}` : '';
  line.append(link, `: ${was} → ${now}${said}`);
  return line;
}

/** In its own direction, as on the office's page. */
const apart = (one: Element | null | undefined): HTMLElement =>
  Object.assign(document.createElement('bdi'), { textContent: one?.textContent ?? '' });

/** Beside the photo and the condition from before: what was just recorded, also while it waits on this phone. */
async function layBeside(item: HTMLElement, now: string): Promise<void> {
  const half = item.querySelector<HTMLElement>('.pair > figure:last-child');
  const tile = [...item.querySelectorAll<HTMLElement>('.photos .photo[data-sha256]')].pop();
  const key = `${tile?.dataset['sha256'] ?? ''} ${now}`;
  if (!half || half.dataset['key'] === key) return;
  // What the office has drawn says more, until something newer waits here.
  const isOurs = half.dataset['key'] !== undefined || half.querySelector('.pair__none') || item.closest('details')?.querySelector('[data-op]');
  if (!isOurs || key === ' ') return;
  half.dataset['key'] = key;
  const source = tile ? await sourceOf(tile) : '';
  if (source && tile) half.firstElementChild!.replaceWith(pictureOf(source, tile));
  else if (tile) delete half.dataset['key'];
  const says = document.createElement('b');
  says.textContent = now;
  half.querySelector('figcaption')!.replaceChildren('Today', says);
}

/** Its small picture: of one that waits it is in the phone's own store. */
async function sourceOf(tile: HTMLElement): Promise<string> {
  const source = tile.querySelector('img')?.getAttribute('src') ?? '';
  if (source && !source.startsWith('blob:')) return source;
  const row = await read((db) => db.get('photos', tile.dataset['sha256']!));
  return row?.thumb ? URL.createObjectURL(new Blob([row.thumb], { type: 'image/jpeg' })) : '';
}

function pictureOf(source: string, tile: HTMLElement): HTMLElement {
  const holder = document.createElement('span');
  holder.className = 'ph';
  const image = document.createElement('img');
  image.alt = tile.querySelector('img')?.alt ?? '';
  image.addEventListener('load', () => source.startsWith('blob:') && URL.revokeObjectURL(source), { once: true });
  image.src = source;
  holder.append(image);
  return holder;
}
