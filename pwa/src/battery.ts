/** How much is left of the phone's battery, where the browser tells: sent with what asks for it, and said when it is low. */

interface Battery {
  /** From 0 to 1. */
  level: number;
}

const LOW = 20;
let battery: Battery | null = null;

const percent = (): number | null => battery && Math.round(battery.level * 100);

export async function startBattery(): Promise<void> {
  const ask = (navigator as { getBattery?: () => Promise<Battery> }).getBattery;
  if (!battery && ask) {
    battery = await ask.call(navigator);
    document.addEventListener('submit', fill, true);
    document.addEventListener('htmx:after:swap', say);
  }
  say();
}

/** As it is when something is pressed. */
function fill({ target }: Event): void {
  const input = (target as Element).querySelector<HTMLInputElement>('input[name="battery"]');
  if (input) input.value = String(percent() ?? '');
}

function say(): void {
  const left = percent();
  for (const place of document.querySelectorAll<HTMLElement>('[data-battery]')) {
    place.hidden = left === null || left >= LOW;
    for (const level of place.querySelectorAll('[data-battery-level]')) level.textContent = String(left);
  }
}
