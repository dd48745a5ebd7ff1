/** Where a photo was taken, when the officer has allowed it. Never asked for here, never waited for. */

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

/** A button marked data-allow-place is how an officer says yes. */
export function startPosition(): void {
  document.addEventListener('click', (event) => {
    if ((event.target as Element).closest('[data-allow-place]')) navigator.geolocation?.getCurrentPosition(() => {}, () => {});
  });
}
