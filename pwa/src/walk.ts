/** The walk of a visit with no signal: what was begun here leads on, and what waits on this phone is counted, not forgotten. */

import './shared';
import { onNews } from './channel';
import { field, isPhoto, items, type Op } from './command';
import { opsOf, rawKeys } from './ops';
import { person } from './person';
import { sentCopies } from './behind';
import { count } from './words';

const page = (): HTMLElement | null => document.querySelector<HTMLElement>('[data-walk]');
const ofRecord = (ops: Op[], ...records: string[]): Op[] => ops.filter((op) => records.includes(op.record));

/** "3 things and 2 photos"; a photo and the words that attach it are one. */
function words(ops: Op[], raws = 0): string {
  const all = items(ops);
  const photos = all.filter((op) => isPhoto(op) || op.photo !== null).length + raws;
  const things = all.filter((op) => !isPhoto(op) && op.photo === null).length;
  return [things && count(things, 'thing'), photos && count(photos, 'photo')].filter(Boolean).join(' and ');
}

/** The bytes of a photo travel on their own: they belong where the words that attach them do. */
function withBytes(ops: Op[], mine: Op[]): Op[] {
  const hashes = new Set(mine.map((op) => op.photo).filter(Boolean));
  return [...mine, ...ops.filter((op) => isPhoto(op) && hashes.has(op.photo))];
}

/** Inspections of this visit that were begun on this phone, which a page from before does not know. */
async function begunHere(ops: Op[], visit: string): Promise<string[]> {
  const sent = (await sentCopies()).filter(({ outcome, op }) => outcome === 'done' && op.author === person()).map(({ op }) => op);
  const begun = [...sent, ...ops].filter((op) => op.url === '/inspections' && field(op, 'visit') === visit);
  return begun.map((op) => field(op, 'id')!).filter((id) => !document.querySelector(`[data-work="${CSS.escape(id)}"]`));
}

/** What was come for is done here: the line at the top goes on to leaving, as the office will draw it. */
function stepOn(): void {
  const [work, leave] = ['work', 'leave'].map((step) => document.getElementById(`step-${step}`));
  if (!work?.matches('[aria-current]') || !leave) return;
  for (const [step, at, was] of [[work, 'done', 'now'], [leave, 'now', 'later']] as const) {
    step.classList.replace(`path__step--${was}`, `path__step--${at}`);
    step.toggleAttribute('aria-current', at === 'now');
    if (at === 'now') step.setAttribute('aria-current', 'step');
    step.querySelector('small')!.textContent = at;
  }
}

/** The way to what was begun takes the place of the way to begin it. */
function leadOn(id: string, ops: Op[]): void {
  const begins = document.querySelector<HTMLElement>('#work')?.dataset['begins'];
  const ended = ops.some((op) => op.url === `/inspections/${id}/complete`);
  for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-walk] a, #act a')) {
    if (!begins || link.getAttribute('href') !== begins) continue;
    const docked = link.hasAttribute('data-onward');
    link.href = ended && docked ? '#leave' : `/inspections/${id}`;
    link.lastChild!.textContent = ended ? (docked ? 'Finish the visit' : 'Look at the inspection') : docked ? 'Carry on inspecting' : 'Carry on with the inspection';
  }
  if (ended) stepOn();
  const place = document.querySelector<HTMLElement>('#work [data-not-begun]');
  const held = words(withBytes(ops, ofRecord(ops, `inspection-${id}`)));
  if (!place) return;
  const said = `${ended ? 'Completed' : 'Begun'} on this phone${held ? `: ${held} not at the office yet` : ''}.`;
  if (place.textContent !== said) place.textContent = said;
}

function say(place: HTMLElement | null, text: string): void {
  if (!place) return;
  place.hidden = text === '';
  if (place.textContent !== text) place.textContent = text;
}

async function draw(): Promise<void> {
  const visit = page()?.dataset['walk'];
  if (!visit || !person()) return;
  const ops = await opsOf(person());
  const here = await begunHere(ops, visit);
  const last = here.at(-1);
  if (last) leadOn(last, ops);
  for (const place of document.querySelectorAll<HTMLElement>('[data-work]')) {
    const held = words(withBytes(ops, ofRecord(ops, `inspection-${place.dataset['work']}`)));
    say(place, held && `And ${held} on this phone, not at the office yet`);
  }
  const known = document.querySelector<HTMLElement>('[data-inspections]')?.dataset['inspections']?.split(' ') ?? [];
  const records = [`visit-${visit}`, ...[...known, ...here].filter(Boolean).map((id) => `inspection-${id}`)];
  const raws = (await rawKeys(person())).length;
  const held = words(withBytes(ops, ofRecord(ops, ...records)), raws);
  for (const place of document.querySelectorAll<HTMLElement>('[data-on-phone]')) {
    const [is, goes] = /^1 \w+$/.test(held) ? ['is', 'it goes by itself'] : ['are', 'they go by themselves'];
    const alone = place.matches('.saved-line') ? goes.charAt(0).toUpperCase() + goes.slice(1) : `You can finish: ${goes}`;
    say(place, held && `${held} of this visit ${is} saved on this phone and not at the office yet. ${alone}.`);
  }
}

let soon = 0;
function drawSoon(): void {
  clearTimeout(soon);
  soon = window.setTimeout(() => void draw().catch(() => {}), 30);
}

/** Opened again in the middle, on a phone it is opened where it was left. A desk has room for all of it. */
function resume(): void {
  if (!matchMedia('(max-width: 59.99em)').matches) return;
  // What must be read first is not scrolled past: nobody watches, or somebody still does.
  if (document.querySelector('#safety .notice')) return;
  const now = document.querySelector('.path [aria-current="step"] a')?.getAttribute('href');
  if (!location.hash && now && now !== '#before') document.querySelector(now)?.scrollIntoView();
}

export function startWalk(): void {
  resume();
  onNews('changed', drawSoon);
  onNews('answered', drawSoon);
  onNews('idle', drawSoon);
  document.addEventListener('htmx:after:swap', drawSoon);
  drawSoon();
}
