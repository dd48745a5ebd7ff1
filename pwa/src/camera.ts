/** A photo from the same spot as the one before: the old one lies over the live picture until the two line up. */

import './shared';
import { cameraDialog, type CameraParts } from './camera-parts';
import { makeLive, troubleIn, type Facing } from './camera-live';
import { takeShot } from './camera-shot';
import { lookForPosition } from './position';
import { getMeta, setMeta } from './store';
import { toast } from './toast';

/** What the camera asks of the page; given to it, so that this part stays small and on its own. */
export interface Phone {
  takeIn: (form: HTMLFormElement, photo: Blob, drawnFrom: null, takenOver: string | null) => Promise<void>;
  saveDrafts: () => Promise<unknown>;
}

type State = 'starting' | 'live' | 'taking' | 'taken';

const SAYS: Record<State, string> = {
  starting: 'The camera is starting.',
  live: 'Move until the two line up.',
  taking: 'Hold still.',
  taken: 'Is it sharp, and do the two line up?',
};
/** Whether the light was on the last time, on this phone. */
const LIGHT = 'camera light';

let parts: CameraParts | null = null;
let live: ReturnType<typeof makeLive> | null = null;
let phone: Phone;
let form: HTMLFormElement;
let over: string | null = null;
let facing: Facing = 'environment';
let state: State = 'starting';
/** Whether there is an entry of ours in the history, so that going back closes the camera and not the page. */
let opened = false;
/** Whether that entry was just left. */
let closed = false;
let shot: Blob | null = null;
let url = '';

export function openCamera(pressed: HTMLFormElement, given: Phone): void {
  [form, phone] = [pressed, given];
  parts ??= prepare(pressed);
  const { dialog, title, old } = parts;
  if (dialog.open) return;
  const earlier = earlierOf(form);
  over = earlier?.dataset['over'] ?? null;
  title.textContent = (form.dataset['what'] ?? '').replace(/^.*?: /, '');
  old.src = earlier?.querySelector<HTMLImageElement>('.ph img')?.src ?? '';
  // What is typed goes to disk first: a camera may kill the page.
  void phone.saveDrafts();
  lookForPosition();
  dialog.showModal();
  void begin();
}

/** The earlier photo of the same item: it stands before its forms. */
function earlierOf(start: Element): HTMLElement | null {
  for (let at = start.parentElement; at; at = at.parentElement) {
    const found = at.querySelector<HTMLElement>(':scope > [data-over]');
    if (found || at === document.body) return found;
  }
  return null;
}

function prepare(from: HTMLFormElement): CameraParts {
  const made = cameraDialog(from);
  live = makeLive(made.video, () => giveUp('The camera stopped.'));
  for (const done of ['load', 'error']) {
    made.old.addEventListener(done, () => {
      made.old.hidden = done === 'error';
      fit();
    });
  }
  made.range.addEventListener('input', fade);
  made.shutter.addEventListener('click', () => void take());
  made.again.addEventListener('click', () => void begin());
  made.use.addEventListener('click', use);
  made.close.addEventListener('click', () => made.dialog.close());
  made.light.addEventListener('click', () => void switchLight(!isLit()));
  made.flip.addEventListener('click', () => {
    facing = facing === 'user' ? 'environment' : 'user';
    void begin();
  });
  made.video.addEventListener('resize', fit);
  new ResizeObserver(fit).observe(made.stage);
  made.dialog.addEventListener('close', ended);
  window.addEventListener('popstate', wentBack);
  // htmx would read the page again when somebody goes back in it: this was only the camera.
  document.addEventListener('htmx:before:history:restore', (event) => {
    if (opened || closed) event.preventDefault();
    closed = false;
  });
  window.addEventListener('pagehide', () => live!.stop());
  document.addEventListener('visibilitychange', () => {
    if (!made.dialog.open || shot) return;
    if (document.hidden) live!.stop();
    else void begin();
  });
  return made;
}

/** The live picture, from the start or after a photo that was not good. */
async function begin(): Promise<void> {
  forget();
  show('starting');
  try {
    const track = await live!.start(facing);
    if (!track) return;
    if (!opened) history.pushState(null, '');
    opened = true;
    fit();
    parts!.light.hidden = !live!.hasLight();
    parts!.flip.hidden = !(await live!.hasOther());
    show('live');
    if (!parts!.light.hidden && (await getMeta<boolean>(LIGHT))) await switchLight(true);
  } catch (error) {
    giveUp(troubleIn(error));
  }
}

function show(now: State): void {
  state = now;
  const { dialog, says, shutter, use: keep } = parts!;
  const had = dialog.contains(document.activeElement) && document.activeElement !== dialog;
  dialog.dataset['state'] = now;
  const words = (now === 'live' && advice()) || SAYS[now];
  if (says.textContent !== words) says.textContent = words;
  shutter.disabled = now !== 'live';
  // What was under the thumb is gone: its place is taken by what comes next.
  if (had && now === 'taken') keep.focus();
  if (had && now === 'live' && document.activeElement === document.body) shutter.focus();
}

const isLit = (): boolean => parts!.light.getAttribute('aria-pressed') === 'true';

async function switchLight(on: boolean): Promise<void> {
  const lit = (await live!.light(on)) && on;
  parts!.light.setAttribute('aria-pressed', String(lit));
  await setMeta(LIGHT, lit).catch(() => {});
}

function fade(): void {
  const { dialog, range } = parts!;
  dialog.style.setProperty('--over', String(Number(range.value) / 100));
  range.setAttribute('aria-valuetext', `${range.value} per cent`);
}

/** The frame has the shape of the old photo and fills what room there is; the live picture is cut to it, not squeezed. */
function fit(): void {
  const { stage, frame } = parts!;
  const ratio = shape();
  const width = Math.min(stage.clientWidth, stage.clientHeight * ratio);
  frame.style.width = `${width}px`;
  frame.style.height = `${width / ratio}px`;
  if (state === 'live') show('live');
}

/** A wide photo cut out of a tall picture has few pixels left, and shows little of the room. */
function advice(): string {
  const { old, video } = parts!;
  if (old.hidden) return 'The old photo is not on this phone.';
  if (!old.naturalWidth || !video.videoWidth) return '';
  const [was, is] = [old.naturalWidth > old.naturalHeight, video.videoWidth > video.videoHeight];
  return was === is ? '' : was ? 'The old photo is wide: turn the phone on its side.' : 'The old photo is tall: hold the phone upright.';
}

function shape(): number {
  const { old, video } = parts!;
  if (old.naturalWidth) return old.naturalWidth / old.naturalHeight;
  return video.videoWidth ? video.videoWidth / video.videoHeight : 4 / 3;
}

async function take(): Promise<void> {
  const track = live!.track();
  if (state !== 'live' || !track) return;
  show('taking');
  try {
    const made = await takeShot(parts!.video, track, shape(), isLit());
    // Closed or turned round meanwhile: nobody waits for it.
    if (live!.track() !== track) return;
    shot = made;
    url = URL.createObjectURL(made);
    parts!.taken.src = url;
    live!.stop();
    show('taken');
  } catch {
    toast('That photo came out empty. Take it again.');
    if (live!.track()) show('live');
  }
}

function use(): void {
  if (shot) void phone.takeIn(form, shot, null, parts!.old.naturalWidth ? over : null);
  parts!.dialog.close();
}

function forget(): void {
  URL.revokeObjectURL(url);
  parts!.taken.removeAttribute('src');
  [shot, url] = [null, ''];
}

function ended(): void {
  live!.stop();
  forget();
  if (opened) history.back();
}

/** By a thumb, or by us when the camera was closed in another way. */
function wentBack(): void {
  if (!opened) return;
  [opened, closed] = [false, true];
  parts!.dialog.close();
  // The browser lets go of the focus when it has gone back, unless the focus moved meanwhile.
  const pressed = form.querySelector<HTMLElement>('[data-same-spot]');
  pressed?.blur();
  pressed?.focus();
}

/** With no live picture there is the plain way, and one sentence that says so. */
function giveUp(why: string): void {
  if (!parts!.dialog.open) return;
  parts!.dialog.close();
  toast(`${why} Take it with “Take a photo” instead.`, { stay: true });
  const plain = form.querySelector<HTMLInputElement>('input[type=file]');
  if (navigator.userActivation?.isActive) plain?.click();
  else plain?.focus();
}
