/** The wall of who is out: redrawn as soon as something changes, and loud while nobody has an alarm. */

import './shared';
import htmx from 'htmx.org';
import { Siren } from './siren';

const SILENT_MS = 10_000;
const AGAIN_MS = 3_000;

let source: EventSource | null = null;
let heardAt = -SILENT_MS;
let triedAt = 0;
/** Where there is no stream, or too many walls of this browser already: the page asks every five seconds by itself. */
let polls = false;

const isLive = (): boolean => source !== null && performance.now() - heardAt < SILENT_MS;

export function startWall(): void {
  listen();
  watchPresses();
  const siren = new Siren();
  siren.look();
  document.addEventListener('htmx:before:request', (event) => {
    if (asks(event) && isLive()) event.preventDefault();
  });
  // Whoever may not see it any more is shown what their browser shows them anywhere: the way to sign in.
  document.addEventListener('htmx:response:error', (event) => {
    if (asks(event) && [401, 403].includes(asks(event)!.response.status)) location.reload();
  });
  document.addEventListener('htmx:after:swap', () => siren.look());
  window.addEventListener('pagehide', close);
  window.addEventListener('pageshow', ({ persisted }) => persisted && listen());
  // A line that was cut says nothing: neither an event nor an end comes.
  window.setInterval(() => {
    if (!isLive() && performance.now() - triedAt > SILENT_MS) listen();
  }, AGAIN_MS);
}

interface Ctx {
  sourceElement: Element;
  response: { status: number };
}

/** The wall asking again for itself. */
function asks(event: Event): Ctx | null {
  const { ctx } = (event as CustomEvent<{ ctx: Ctx }>).detail;
  return ctx.sourceElement.matches('[data-live]') ? ctx : null;
}

function close(): void {
  source?.close();
  source = null;
}

function listen(): void {
  const from = document.querySelector<HTMLElement>('[data-live]')?.dataset['live'];
  close();
  if (!from || polls) return;
  triedAt = performance.now();
  source = new EventSource(from);
  source.addEventListener('engine', ({ data }: MessageEvent<string>) => seen(data));
  source.addEventListener('board', ({ data }: MessageEvent<string>) => void draw(data));
  source.addEventListener('elsewhere', () => {
    polls = true;
    close();
  });
  source.addEventListener('over', () => {
    close();
    location.reload();
  });
}

/** A new element: safety.ts counts on from when it first met it. */
function seen(age: string): void {
  heardAt = performance.now();
  const place = document.querySelector<HTMLElement>('[data-engine]');
  if (!place) return;
  const now = place.cloneNode(true) as HTMLElement;
  now.dataset['engine'] = age;
  place.replaceWith(now);
}

/** While a finger is down nothing moves under it: a press that lands beside its button takes no alarm on. */
let pressed = false;
let next: string | null = null;

function watchPresses(): void {
  document.addEventListener('pointerdown', () => (pressed = true), true);
  for (const type of ['pointerup', 'pointercancel', 'blur']) window.addEventListener(type, () => window.setTimeout(release), true);
  document.addEventListener('htmx:before:swap', (event) => {
    if (pressed && asks(event)) event.preventDefault();
  });
}

function release(): void {
  pressed = false;
  const text = next;
  next = null;
  if (text !== null) void draw(text);
}

async function draw(text: string): Promise<void> {
  heardAt = performance.now();
  if (pressed) {
    next = text;
    return;
  }
  const target = document.querySelector('#board');
  if (!target) return;
  await htmx.swap({ text, target, swap: 'outerMorph', sourceElement: target });
  placeGap();
}

/** A gap in the rota is of another day: it stands below the board while that has an alarm or somebody nobody looks out for. */
function placeGap(): void {
  const [board, gap] = [document.querySelector('#board'), document.querySelector('[data-gap]')];
  if (!board || !gap) return;
  const below = board.querySelector('.alarms, .unmonitored') !== null;
  const isBelow = (board.compareDocumentPosition(gap) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  if (below !== isBelow) board[below ? 'after' : 'before'](gap);
}
