/** What Today says of the pack: what is ready, what is not and why, and the one thing to do. */

import { icon } from './icons';
import { onIphoneTab } from './install';
import { all, type Group, type List, type Seal, visits } from './pack-list';
import { time } from './words';

export interface Standing {
  seal: Seal | null;
  changed: Group[];
  failed: Map<string, string>;
  busy: boolean;
  said: string;
  cleared: string;
}

const place = (): HTMLElement => document.querySelector<HTMLElement>('[data-pack]')!;

const size = (list: List): string => {
  const bytes = all(list).reduce((sum, one) => sum + one.bytes, 0);
  return bytes < 950_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
};

export function drawPack(now: Standing, pack: () => void): void {
  const here = place();
  here.hidden = false;
  here.toggleAttribute('aria-busy', now.busy);
  const lines: (Node | null)[] = now.busy || !now.seal ? [words(now.said)] : [standing(now, now.seal), ...problems(now, now.seal)];
  if (!now.busy) lines.push(action(now, pack));
  if (!now.busy && now.seal?.list.left_out) lines.push(words(leftOut(now.seal.list.left_out)));
  here.replaceChildren(...lines.filter((line): line is Node => line !== null));
}

const leftOut = (n: number): string =>
  n === 1 ? '1 visit is not packed: open it with signal.' : `${n} visits are not packed: open them with signal.`;

function words(text: string, className = 'small soft'): HTMLElement | null {
  if (!text) return null;
  const line = document.createElement('p');
  line.className = className;
  line.textContent = text;
  return line;
}

function standing({ failed, changed }: Standing, { list, packedAt, whole }: Seal): HTMLElement {
  const here = visits(list).filter((group) => group.urls.every(({ url }) => !failed.has(url))).length;
  const total = visits(list).length;
  const line = document.createElement('p');
  const ready = whole && !failed.size;
  line.className = ready && !changed.length ? 'seal' : 'seal seal--open';
  const mark = document.createElement('span');
  mark.className = 'seal__mark';
  mark.append(icon(ready ? 'tick' : 'warn'));
  const text = document.createElement('span');
  const bold = document.createElement('b');
  bold.textContent = total ? `${here} of ${total} ready` : ready ? 'Your day is ready' : 'Your day is not whole';
  text.append(bold, `${total ? ', today and tomorrow' : ''} · ${size(list)} · packed ${time(packedAt)}`);
  line.append(mark, text);
  return line;
}

function problems({ failed, changed, said, cleared }: Standing, { list, packedAt }: Seal): (Node | null)[] {
  if (said) return [words(said, 'small')];
  const groups = list.groups.filter((group) => group.urls.some(({ url }) => failed.has(url)));
  const lines = groups.map((group) => {
    const why = group.urls.map(({ url }) => failed.get(url)).find(Boolean);
    return words(`${group.label} is not packed: ${why}.`, 'small');
  });
  if (!failed.size && changed.length) lines.push(words(`${changed.length} changed since ${time(packedAt)}.`, 'small'));
  if (cleared && !failed.size) lines.push(words(`${cleared} It is packed again.`, 'small'));
  return lines;
}

function action({ seal, failed, changed }: Standing, pack: () => void): HTMLElement | null {
  const label = !seal ? 'Take my day' : failed.size || !seal.whole ? 'Try again' : changed.length ? 'Pack what changed' : '';
  if (!label) return null;
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'btn btn--fit';
  button.textContent = label;
  button.addEventListener('click', () => void (onIphoneTab() && !seal && installFirst(pack) ? null : pack()));
  return button;
}

/** In a tab an iPhone may clear the pack: the app on the Home Screen is asked for first, with pictures. */
function installFirst(pack: () => void): boolean {
  const template = document.querySelector<HTMLTemplateElement>('template[data-iphone-first]');
  if (!template) return false;
  place().replaceChildren(template.content.cloneNode(true));
  place().querySelector('[data-anyway]')?.addEventListener('click', pack);
  return true;
}
