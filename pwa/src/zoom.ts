/** Pinch, drag, wheel, double press and keys on one picture. */

const MOST = 6;
const STEP = 1.5;
const FAR_PX = 60;

interface Point {
  x: number;
  y: number;
}

export function makeZoomable(stage: HTMLElement, picture: HTMLElement): { reset: () => void; isZoomed: () => boolean } {
  const fingers = new Map<number, Point>();
  let scale = 1;
  let shift: Point = { x: 0, y: 0 };
  let apart = 0;
  stage.style.touchAction = 'none';

  const apply = (): void => {
    scale = Math.min(Math.max(scale, 1), MOST);
    const room = { x: (stage.clientWidth * (scale - 1)) / 2, y: (stage.clientHeight * (scale - 1)) / 2 };
    shift = { x: clamp(shift.x, room.x), y: clamp(shift.y, room.y) };
    picture.style.transform = scale === 1 ? '' : `translate(${shift.x}px, ${shift.y}px) scale(${scale})`;
    stage.classList.toggle('is-zoomed', scale > 1);
  };
  const zoomTo = (next: number): void => {
    scale = next;
    apply();
  };
  const move = (x: number, y: number): void => {
    shift = { x: shift.x + x, y: shift.y + y };
    apply();
  };

  stage.addEventListener('pointerdown', (event) => {
    fingers.set(event.pointerId, at(event));
    apart = distance(fingers);
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener('pointermove', (event) => {
    const was = fingers.get(event.pointerId);
    if (!was) return;
    const now = at(event);
    fingers.set(event.pointerId, now);
    if (fingers.size === 1) return move(now.x - was.x, now.y - was.y);
    const next = distance(fingers);
    if (apart) zoomTo(scale * (next / apart));
    apart = next;
  });
  const lift = (event: PointerEvent): void => {
    fingers.delete(event.pointerId);
    apart = distance(fingers);
  };
  stage.addEventListener('pointerup', lift);
  stage.addEventListener('pointercancel', lift);
  stage.addEventListener('dblclick', () => zoomTo(scale > 1 ? 1 : 2.5));
  stage.addEventListener('wheel', (event) => {
    event.preventDefault();
    zoomTo(scale * (event.deltaY < 0 ? 1.2 : 1 / 1.2));
  }, { passive: false });
  stage.addEventListener('keydown', ({ key }) => {
    if (key === '+' || key === '=') zoomTo(scale * STEP);
    else if (key === '-') zoomTo(scale / STEP);
    else if (key === '0') zoomTo(1);
    else if (scale > 1 && key.startsWith('Arrow')) {
      move(key === 'ArrowLeft' ? FAR_PX : key === 'ArrowRight' ? -FAR_PX : 0, key === 'ArrowUp' ? FAR_PX : key === 'ArrowDown' ? -FAR_PX : 0);
    }
  });
  return { reset: () => ((shift = { x: 0, y: 0 }), zoomTo(1)), isZoomed: () => scale > 1 };
}

const at = (event: PointerEvent): Point => ({ x: event.clientX, y: event.clientY });
const clamp = (value: number, room: number): number => Math.min(Math.max(value, -room), room);

function distance(fingers: Map<number, Point>): number {
  const [a, b] = [...fingers.values()];
  return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0;
}
