/** What is drawn anew takes nobody's place away: what has the focus keeps it, and what was pressed stays where it was. */

interface Stood { element: HTMLElement; within: string[] }

/** What had the focus last, unless it was left on purpose. */
let stood: Stood | null = null;
/** What was pressed, and how far down the screen it was, until somebody moves the page or goes on elsewhere in it. */
let pressed: { element: Element; top: number } | null = null;

const idsAround = (element: Element): string[] => {
  const found: string[] = [];
  for (let one = element.parentElement?.closest('[id]'); one; one = one.parentElement?.closest('[id]')) found.push(one.id);
  return found;
};

function drawn(id: string): HTMLElement | null {
  const found = id ? document.getElementById(id) : null;
  return found?.checkVisibility() ? found : null;
}

function keepFocus(): void {
  if (!stood || document.querySelector(':focus') || drawnStill(stood.element)) return;
  const same = drawn(stood.element.id);
  if (same) return focusOn(same);
  const around = stood.within.map(drawn).find(Boolean);
  if (!around) return;
  const again = [...around.querySelectorAll<HTMLElement>(stood.element.localName)].find((one) => isLike(one, stood!.element));
  // Not the next button in its place: Enter pressed once more would press what nobody has read.
  if (!again && around.tabIndex < 0) around.tabIndex = -1;
  focusOn(again ?? around);
}

/** Whoever works with a keyboard sees where they are; for a thumb the page does not move. */
function focusOn(one: HTMLElement): void {
  one.focus({ preventScroll: true });
  if (one.matches(':focus-visible')) one.scrollIntoView({ block: 'nearest', behavior: 'instant' });
}

const isLike = (one: HTMLElement, other: HTMLElement): boolean =>
  ['href', 'name', 'value'].every((name) => one.getAttribute(name) === other.getAttribute(name)) &&
  one.textContent === other.textContent && one.checkVisibility();

const drawnStill = (element: Element): boolean => element.isConnected && element.checkVisibility();

function keepPlace(): void {
  if (!pressed || !drawnStill(pressed.element)) return;
  const moved = pressed.element.getBoundingClientRect().top - pressed.top;
  if (Math.abs(moved) > 1) window.scrollBy({ top: moved, behavior: 'instant' });
}

export function startSteady(): void {
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement) stood = { element: target, within: idsAround(target) };
    if (target !== pressed?.element) pressed = null;
  });
  document.addEventListener('focusout', ({ target }) => setTimeout(() => {
    if (stood?.element === target && drawnStill(stood.element)) stood = null;
  }));
  document.addEventListener('submit', ({ submitter }) => {
    pressed = submitter ? { element: submitter, top: submitter.getBoundingClientRect().top } : null;
  }, true);
  for (const kind of ['pointerdown', 'wheel', 'touchmove', 'keydown']) {
    document.addEventListener(kind, () => (pressed = null), { capture: true, passive: true });
  }
  document.addEventListener('htmx:after:swap', keepFocus);
  // Whatever made the page longer or shorter, and however late: a swap, a form emptied, a picture. Told of before it is painted.
  new ResizeObserver(keepPlace).observe(document.body);
}
