/** The camera's dialog. Its sheet of styles comes with it: no page needs it before. */

import { element, press } from './viewer-parts';

export interface CameraParts {
  dialog: HTMLDialogElement;
  title: HTMLElement;
  stage: HTMLElement;
  frame: HTMLElement;
  video: HTMLVideoElement;
  old: HTMLImageElement;
  taken: HTMLImageElement;
  says: HTMLElement;
  range: HTMLInputElement;
  shutter: HTMLButtonElement;
  again: HTMLElement;
  use: HTMLElement;
  close: HTMLElement;
  light: HTMLElement;
  flip: HTMLElement;
}

export function cameraDialog(form: HTMLFormElement): CameraParts {
  dress(form.querySelector<HTMLElement>('[data-same-spot]')?.dataset['sameSpot'] ?? '');
  const drawings = (form.querySelector('use')?.getAttribute('href') ?? '').split('#')[0]!;
  const title = element('b', { class: 'grow' });
  const video = element('video', { 'aria-hidden': 'true' }) as HTMLVideoElement;
  video.muted = video.playsInline = true;
  const old = element('img', { class: 'camera__old', alt: 'The photo from before' }) as HTMLImageElement;
  const taken = element('img', { class: 'camera__taken', alt: 'The photo just taken' }) as HTMLImageElement;
  const frame = element('div', { class: 'camera__frame' }, video, taken, old);
  const stage = element('div', { class: 'camera__stage' }, frame);
  const says = element('p', { role: 'status' });
  const range = element('input', {
    type: 'range', min: '0', max: '100', step: '5', value: '40', id: 'camera-over', 'aria-valuetext': '40 per cent',
  }) as HTMLInputElement;
  const close = round(drawings, 'close', 'Close');
  const light = round(drawings, 'bolt', 'Light', { 'aria-pressed': 'false', hidden: '' });
  const flip = round(drawings, 'rotate', 'Other camera', { hidden: '' });
  const shutter = element('button', { type: 'button', class: 'camera__shutter', 'aria-label': 'Take the photo' }) as HTMLButtonElement;
  const again = press('Again', { class: 'btn' });
  const use = press('Use it', { class: 'btn btn--main' });
  const dialog = element('dialog', { class: 'viewer camera', 'aria-label': 'Photo from the same spot' },
    element('div', { class: 'viewer__top' }, close, title, light, flip),
    stage,
    element('div', { class: 'viewer__bar' }, says,
      element('div', { class: 'camera__over' }, element('label', { for: 'camera-over' }, 'Old photo'), range),
      element('div', { class: 'camera__take' }, shutter),
      element('div', { class: 'camera__keep' }, again, use))) as HTMLDialogElement;
  document.body.append(dialog);
  return { dialog, title, stage, frame, video, old, taken, says, range, shutter, again, use, close, light, flip };
}

function dress(sheet: string): void {
  if (sheet) document.head.append(element('link', { rel: 'stylesheet', href: sheet }));
}

const SVG = 'http://www.w3.org/2000/svg';

function round(drawings: string, name: string, label: string, attributes: Record<string, string> = {}): HTMLElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'i');
  svg.setAttribute('aria-hidden', 'true');
  const drawn = document.createElementNS(SVG, 'use');
  drawn.setAttribute('href', `${drawings}#${name}`);
  svg.append(drawn);
  const made = element('button', { type: 'button', class: 'round', 'aria-label': label, ...attributes });
  made.append(svg);
  return made;
}
