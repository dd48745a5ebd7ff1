/** A photo on the whole screen: pinch, drag, keys; the ones beside it; a drawing on a copy. */

import { viewerDialog, type ViewerParts } from './viewer-parts';
import { makeZoomable } from './zoom';

const ALL = 'a[data-photo-open], .photo[data-sha256] .ph:has(img[src])';

/** What the viewer asks of the page; given to it, so that this part stays small and on its own. */
export interface Phone {
  bytesOf: (sha256: string) => Promise<Blob | null>;
  takeIn: (form: HTMLFormElement, photo: Blob, drawnFrom: string | null) => Promise<void>;
}

interface Shown {
  place: HTMLElement;
  figure: HTMLElement | null;
  sha256: string | null;
}

let phone: Phone;
let parts: ViewerParts | null = null;
let zoom: ReturnType<typeof makeZoomable> | null = null;
let set: Shown[] = [];
let at = 0;
let url = '';

export function openViewer(pressed: HTMLElement, given: Phone): void {
  phone = given;
  parts ??= prepare();
  const group = pressed.closest('.photos, .pair, main') ?? document;
  // A tile's link and the picture inside it are one photo.
  const places = [...group.querySelectorAll<HTMLElement>(ALL)].filter((one) => !one.parentElement?.closest(ALL));
  set = places.map((place) => {
    const figure = place.closest<HTMLElement>('figure');
    return { place, figure, sha256: figure?.dataset['sha256'] ?? null };
  });
  at = Math.max(0, places.findIndex((one) => one.contains(pressed) || pressed.contains(one)));
  parts.dialog.showModal();
  void show();
}

function prepare(): ViewerParts {
  const made = viewerDialog();
  zoom = makeZoomable(made.stage, made.photo);
  made.close.addEventListener('click', () => made.dialog.close());
  made.before.addEventListener('click', () => step(-1));
  made.after.addEventListener('click', () => step(1));
  made.draw.addEventListener('click', () => void draw());
  made.dialog.addEventListener('keydown', (event) => {
    if (event.key === 'ArrowLeft' && !zoom?.isZoomed()) step(-1);
    if (event.key === 'ArrowRight' && !zoom?.isZoomed()) step(1);
  });
  made.dialog.addEventListener('close', () => {
    URL.revokeObjectURL(url);
    made.photo.removeAttribute('src');
  });
  return made;
}

function step(by: number): void {
  const next = at + by;
  if (next < 0 || next >= set.length) return;
  at = next;
  void show();
}

async function show(): Promise<void> {
  const now = set[at];
  if (!parts || !now) return;
  zoom?.reset();
  const image = now.place.querySelector('img');
  parts.photo.alt = image?.alt ?? '';
  parts.photo.src = await sourceOf(now, image);
  parts.caption.textContent = now.figure?.querySelector('.photo__caption, figcaption:not(.photo__state)')?.textContent ?? image?.alt ?? '';
  parts.state.textContent = now.figure?.querySelector('.photo__state')?.textContent ?? '';
  parts.place.textContent = set.length > 1 ? `${at + 1} of ${set.length}` : '';
  parts.before.hidden = at === 0;
  parts.after.hidden = at === set.length - 1;
  parts.draw.hidden = formFor(now) === null;
}

/** The phone's own bytes when it has them: they are there with no signal. */
async function sourceOf(now: Shown, image: HTMLImageElement | null): Promise<string> {
  URL.revokeObjectURL(url);
  const bytes = now.sha256 ? await phone.bytesOf(now.sha256).catch(() => null) : null;
  url = bytes ? URL.createObjectURL(bytes) : '';
  return url || (now.place instanceof HTMLAnchorElement ? now.place.href : (image?.src ?? ''));
}

/** The form that would take another photo of the same thing. */
function formFor(now: Shown): HTMLFormElement | null {
  if (!now.sha256) return null;
  for (let around = now.place.parentElement; around && around !== document.body; around = around.parentElement) {
    const form = around.querySelector<HTMLFormElement>('form[data-photos]');
    if (form) return form;
  }
  return null;
}

async function draw(): Promise<void> {
  const now = set[at];
  const form = now ? formFor(now) : null;
  if (!parts || !now || !form) return;
  zoom?.reset();
  const { annotate } = await import('./annotate');
  const drawn = await annotate(parts, parts.photo);
  if (!drawn) return;
  await phone.takeIn(form, drawn, now.sha256);
  parts.dialog.close();
}
