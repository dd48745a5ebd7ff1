/** Where a photo was taken, for an officer who has said yes to that, and for nobody else. Never waited for. */

import { person } from './person';
import { getMeta, ready, setMeta } from './store';
import { toast } from './toast';

interface Fix {
  latitude: number;
  longitude: number;
  accuracy: number;
}

/** Each person's own, on this phone. `offered`: the one page on which they were asked. */
interface Choice {
  says?: 'yes' | 'no';
  offered?: string;
}

const OLD_MS = 60_000;
const ON = 'On: photos you take on this phone say where they were taken.';
const OFF = 'Off: Doorstep does not ask where this phone is.';
const BLOCKED = 'This phone does not let Doorstep know where it is. Allow location for Doorstep in the browser’s settings.';
let latest: (Fix & { at: number }) | null = null;

const choiceKey = (): string => `place ${person()}`;
const choice = async (): Promise<Choice> => (await getMeta<Choice>(choiceKey())) ?? {};

/** Begin to look while the camera is open, so that the answer is there when the photo is. */
export function lookForPosition(): void {
  // That the browser allows it is not enough: it may have been asked for the list of homes only.
  void choice().then(({ says }) => says === 'yes' ? look() : '', () => {});
}

/** Where this phone is, or was within a minute. Ten metres are enough to put doors in order, without its satellites. */
export function whereThisIs(how: PositionOptions = {}): Promise<GeolocationCoordinates | 'refused' | 'unknown'> {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve('unknown');
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve(coords),
      ({ code, PERMISSION_DENIED }) => resolve(code === PERMISSION_DENIED ? 'refused' : 'unknown'),
      { maximumAge: OLD_MS, timeout: 10_000, ...how },
    );
  });
}

/** Where this phone is or last was, without asking anybody anything. Indoors the last known place must do. */
export async function lastKnown(): Promise<GeolocationCoordinates | null> {
  const permission = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null);
  if (permission?.state !== 'granted') return null;
  for (const how of [{ maximumAge: 10 * OLD_MS }, { maximumAge: Infinity, timeout: 1_000 }]) {
    const found = await whereThisIs(how);
    if (typeof found !== 'string') return found;
  }
  return null;
}

async function look(): Promise<string | void> {
  const found = await whereThisIs({ enableHighAccuracy: true });
  if (typeof found === 'string') return found;
  const round = (n: number) => Math.round(n * 1e6) / 1e6;
  const accuracy = Math.round(found.accuracy);
  latest = { latitude: round(found.latitude), longitude: round(found.longitude), accuracy, at: Date.now() };
}

export async function bestPosition(): Promise<Fix | null> {
  if (!latest || Date.now() - latest.at > 2 * OLD_MS) return null;
  const { latitude, longitude, accuracy } = latest;
  return { latitude, longitude, accuracy };
}

async function isBlocked(): Promise<boolean> {
  const permission = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null);
  return permission?.state === 'denied';
}

async function draw(): Promise<void> {
  const place = document.querySelector<HTMLElement>('[data-place-choice]');
  if (!place || !person() || !navigator.geolocation) return;
  const { says, offered } = await choice();
  const here = location.pathname;
  const offers = place.hasAttribute('data-offer');
  place.hidden = offers && (says !== undefined || (offered ?? here) !== here || !place.closest('details'));
  place.dataset['answer'] = says ?? '';
  if (place.hidden) return;
  if (offers) return void (offered ?? (await setMeta(choiceKey(), { offered: here })));
  place.querySelector('[data-place-says]')!.textContent = says !== 'yes' ? OFF : (await isBlocked()) ? BLOCKED : ON;
  for (const button of place.querySelectorAll<HTMLElement>('[data-place]')) {
    button.hidden = button.dataset['place'] === (says ?? 'no');
  }
}

/** Asked for in the item that was opened, above its photos: nothing on the page moves that nobody pressed. */
function offerIn(event: Event): void {
  const opened = event.target as HTMLDetailsElement;
  const offer = document.querySelector('[data-place-choice][data-offer]');
  if (!offer || !opened.open || !opened.matches('.item')) return;
  opened.querySelector('summary')!.after(offer);
  void draw().catch(() => {});
}

async function choose(says: 'yes' | 'no'): Promise<void> {
  await setMeta(choiceKey(), { ...(await choice()), says });
  latest = null;
  // Asked for now, and not when the camera opens.
  if (says === 'yes') {
    void look().then((why) => {
      if (why === 'refused') toast(BLOCKED, { stay: true });
      void draw();
    });
  }
  await draw();
}

/** A button marked data-place is how an officer says yes or no. */
export function startPosition(): void {
  document.addEventListener('click', (event) => {
    const pressed = (event.target as Element).closest<HTMLElement>('[data-place]')?.dataset['place'];
    if (pressed === 'yes' || pressed === 'no') void choose(pressed);
  });
  document.addEventListener('toggle', offerIn, true);
  void ready.then(draw).catch(() => {});
}
