/** Photo tiles say where each photo is. A tick only when the server has shown that it holds these very bytes. */

import { onNews } from './channel';
import type { Op } from './command';
import { line } from './icons';
import { opsOf } from './ops';
import { person } from './person';
import { read, type PhotoRow } from './store';
import { sentWords } from './status';

const going = new Map<string, number>();

/** The stylesheet draws the mark for each. */
type Kind = 'phone' | 'sending' | 'received' | 'again';

interface State {
  words: string;
  kind: Kind;
}

function stateOf(row: PhotoRow, ops: Op[]): State {
  const mine = ops.filter((op) => op.photo === row.sha256);
  const parked = mine.find((op) => op.status === 'parked');
  if (parked) return { words: parked.answer?.status === 0 ? 'Take it again' : 'Needs you', kind: 'again' };
  const percent = going.get(row.sha256);
  if (mine.some((op) => op.blob) && percent !== undefined) return { words: `Sending ${percent}%`, kind: 'sending' };
  if (mine.length || !row.receivedAt) return { words: 'On this phone', kind: 'phone' };
  return { words: sentWords(row.receivedAt), kind: 'received' };
}

function paint(tile: Element, row: PhotoRow, ops: Op[]): void {
  showThumb(tile, row);
  const place = tile.querySelector('.photo__state, [data-photo-state]');
  const state = stateOf(row, ops);
  if (!place || place.getAttribute('data-shown') === state.words) return;
  place.setAttribute('data-shown', state.words);
  tile.setAttribute('data-state', state.kind);
  const bar = state.kind === 'sending' ? [line('photo__line', going.get(row.sha256) ?? 0, '100%')] : [];
  place.replaceChildren(...bar, document.createTextNode(state.words));
}

function showThumb(tile: Element, row: PhotoRow): void {
  const image = tile.querySelector('img');
  if (!image || (image.getAttribute('src') && !image.classList.contains('is-missing')) || !row.thumb) return;
  const url = URL.createObjectURL(new Blob([row.thumb], { type: 'image/jpeg' }));
  image.addEventListener('load', () => URL.revokeObjectURL(url), { once: true });
  image.src = url;
}

async function refresh(): Promise<void> {
  const tiles = [...document.querySelectorAll('.photo[data-sha256]')];
  if (!tiles.length || !person()) return;
  const ops = await opsOf(person());
  for (const tile of tiles) {
    const row = await read((db) => db.get('photos', tile.getAttribute('data-sha256')!));
    if (row) paint(tile, row, ops);
  }
}

/** A tile drawn before its photo was made small learns its name when the command is queued. */
async function join(ops: Op[]): Promise<void> {
  for (const drawn of document.querySelectorAll('[data-op]')) {
    // What is drawn may be the tile, or hold the tile and a caption's form.
    const tile = drawn.matches('.photo') ? drawn : drawn.querySelector('.photo');
    const op = tile && !tile.hasAttribute('data-sha256') ? ops.find((one) => one.id === drawn.getAttribute('data-op')) : null;
    if (op?.photo) tile?.setAttribute('data-sha256', op.photo);
  }
}

let soon = 0;
export function tilesSoon(): void {
  clearTimeout(soon);
  soon = window.setTimeout(() => void opsOf(person()).then(join).then(refresh).catch(() => {}), 30);
}

export function startTiles(): void {
  onNews('changed', tilesSoon);
  onNews('answered', tilesSoon);
  onNews('progress', ({ photo, percent }) => {
    if (!photo) return;
    going.set(photo, percent);
    tilesSoon();
  });
  onNews('kept', () => {
    going.clear();
    tilesSoon();
  });
  document.addEventListener('htmx:after:swap', tilesSoon);
  tilesSoon();
}
