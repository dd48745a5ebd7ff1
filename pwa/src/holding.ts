/** Help is held for, so that no pocket asks for it. The phone shows nothing of it but the button that fills. */

const HOLD_MS = 1_500;

export function startHolding(): void {
  document.addEventListener('submit', unlessHeld, true);
  for (const type of ['pointerdown', 'keydown']) document.addEventListener(type, press);
  for (const type of ['pointerup', 'pointercancel', 'keyup']) document.addEventListener(type, letGo, true);
  window.addEventListener('blur', letGo);
  document.addEventListener('contextmenu', (event) => helpOf(event) && event.preventDefault());
}

let holding = 0;
let isHeld = false;

const helpOf = (event: Event): HTMLElement | null =>
  (event.target as Element | null)?.closest?.<HTMLElement>('form[data-hold] button') ?? null;

function press(event: Event): void {
  const button = helpOf(event);
  if (!button || holding || (event instanceof KeyboardEvent && ![' ', 'Enter'].includes(event.key))) return;
  button.classList.add('is-held');
  holding = window.setTimeout(() => {
    letGo();
    isHeld = true;
    button.closest('form')?.requestSubmit();
    isHeld = false;
  }, HOLD_MS);
}

function letGo(): void {
  clearTimeout(holding);
  holding = 0;
  for (const one of document.querySelectorAll('.is-held')) one.classList.remove('is-held');
}

function unlessHeld(event: Event): void {
  if (isHeld || !(event.target as Element).matches('form[data-hold]')) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}
