/** Where the phone is, when the officer has allowed it. Asked for only at a press, and never waited for. */

interface Fix {
  latitude: number;
  longitude: number;
  accuracy: number;
}

const OLD_MS = 60_000;
let latest: (Fix & { at: number }) | null = null;

/** Begin to look while the camera is open, so that the answer is there when the photo is. */
export function lookForPosition(): void {
  void allowed().then((yes) => {
    if (!yes) return;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const round = (n: number) => Math.round(n * 1e6) / 1e6;
        const accuracy = Math.round(coords.accuracy);
        latest = { latitude: round(coords.latitude), longitude: round(coords.longitude), accuracy, at: Date.now() };
      },
      () => {},
      { enableHighAccuracy: true, maximumAge: OLD_MS, timeout: 10_000 },
    );
  });
}

async function allowed(): Promise<boolean> {
  if (!navigator.geolocation || !navigator.permissions) return false;
  const permission = await navigator.permissions.query({ name: 'geolocation' }).catch(() => null);
  return permission?.state === 'granted';
}

export async function bestPosition(): Promise<Fix | null> {
  if (!latest || Date.now() - latest.at > 2 * OLD_MS) return null;
  const { latitude, longitude, accuracy } = latest;
  return { latitude, longitude, accuracy };
}

/** Where the phone is or last was, without asking anybody anything. Indoors the last known place must do. */
export async function lastKnown(): Promise<Fix | null> {
  if (!(await allowed())) return null;
  return (await fix({ maximumAge: 10 * OLD_MS, timeout: 10_000 })) ?? fix({ maximumAge: Infinity, timeout: 1_000 });
}

function fix(options: PositionOptions): Promise<Fix | null> {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(({ coords }) => resolve(coords), () => resolve(null), options);
  });
}

/** <form data-nearest>: sent with the place of the phone, or without it when it does not say. */
async function sendWithPlace(event: SubmitEvent): Promise<void> {
  const form = event.target as HTMLFormElement;
  if (!form.matches('[data-nearest]')) return;
  event.preventDefault();
  event.submitter?.setAttribute('aria-busy', 'true');
  const here = await fix({ maximumAge: OLD_MS, timeout: 8_000 });
  for (const name of ['latitude', 'longitude'] as const) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = here ? here[name].toFixed(5) : '';
  }
  form.submit();
}

/** A button marked data-allow-place is how an officer says yes. */
export function startPosition(): void {
  document.addEventListener('submit', (event) => void sendWithPlace(event));
  document.addEventListener('click', (event) => {
    if ((event.target as Element).closest('[data-allow-place]')) navigator.geolocation?.getCurrentPosition(() => {}, () => {});
  });
}
