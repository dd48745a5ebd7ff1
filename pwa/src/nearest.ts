/** <form data-nearest>: this phone is asked where it is, and only then is the list asked for. */

import { toast } from './toast';

const OLD_MS = 60_000;
const PATIENCE_MS = 10_000;

type Answer = { latitude: string; longitude: string } | { why: 'refused' | 'unknown' };

/** Ten metres are enough to put doors in order: a phone need not wait for its satellites. */
function whereThisIs(): Promise<Answer> {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve({ why: 'unknown' });
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ latitude: coords.latitude.toFixed(4), longitude: coords.longitude.toFixed(4) }),
      ({ code, PERMISSION_DENIED }) => resolve({ why: code === PERMISSION_DENIED ? 'refused' : 'unknown' }),
      { maximumAge: OLD_MS, timeout: PATIENCE_MS },
    );
  });
}

/** Where this phone is or last was, without asking anybody anything. Indoors the last known place must do. */
export async function lastKnown(): Promise<GeolocationCoordinates | null> {
  const permission = await navigator.permissions?.query({ name: 'geolocation' }).catch(() => null);
  if (permission?.state !== 'granted') return null;
  return (await fix({ maximumAge: 10 * OLD_MS, timeout: PATIENCE_MS })) ?? fix({ maximumAge: Infinity, timeout: 1_000 });
}

function fix(options: PositionOptions): Promise<GeolocationCoordinates | null> {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(({ coords }) => resolve(coords), () => resolve(null), options);
  });
}

async function askAndGo(form: HTMLFormElement): Promise<void> {
  toast('Asking this phone where it is.');
  const answer = await whereThisIs();
  // The list may have been drawn again meanwhile, for other words.
  const now = form.isConnected ? form : document.querySelector<HTMLFormElement>('form[data-nearest]');
  if (!now) return;
  for (const [name, value] of Object.entries({ latitude: '', longitude: '', why: '', ...answer })) {
    const field = now.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    if (!field) continue;
    field.value = value;
    field.disabled = name === 'why' && !value;
  }
  now.submit();
}

export function startNearest(): void {
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches('form[data-nearest]')) return;
    event.preventDefault();
    void askAndGo(form);
  });
}
