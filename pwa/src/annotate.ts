/** Arrows and circles on a copy of a photo. The original is evidence and stays as it was taken. */

import { element, press, type ViewerParts } from './viewer-parts';

const COLOUR = '#ffc933';
const EDGE = '#0c2229';

type Tool = 'arrow' | 'circle';

interface Mark {
  tool: Tool;
  from: [number, number];
  to: [number, number];
}

/** The drawn copy, or null when nothing was drawn or it was given up. */
export async function annotate({ dialog, stage, bar }: ViewerParts, photo: HTMLImageElement): Promise<Blob | null> {
  await photo.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: photo.naturalWidth, height: photo.naturalHeight });
  const marks: Mark[] = [];
  const paint = () => draw(canvas, photo, marks);
  const tools = toolbar(marks, paint);
  follow(canvas, marks, tools.chosen, paint);
  const hidden = [...bar.children, photo].filter((one): one is HTMLElement => one instanceof HTMLElement && !one.hidden);
  for (const one of hidden) one.hidden = true;
  dialog.classList.add('draw');
  stage.append(canvas);
  bar.append(tools.row);
  paint();
  const keep = await tools.finished(dialog);
  canvas.remove();
  tools.row.remove();
  dialog.classList.remove('draw');
  for (const one of hidden) one.hidden = false;
  if (!keep || !marks.length) return null;
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85));
}

function toolbar(marks: Mark[], paint: () => void) {
  let tool: Tool = 'arrow';
  const arrow = press('Arrow', { 'data-draw': 'arrow', 'aria-pressed': 'true' });
  const circle = press('Circle', { 'data-draw': 'circle', 'aria-pressed': 'false' });
  const undo = press('Undo', { 'data-draw-undo': '' });
  const cancel = press('Cancel', { 'data-draw-cancel': '' });
  const keep = press('Keep this drawing', { 'data-draw-keep': '' });
  for (const button of [arrow, circle]) {
    button.addEventListener('click', () => {
      tool = button.dataset['draw'] as Tool;
      for (const one of [arrow, circle]) one.setAttribute('aria-pressed', String(one === button));
    });
  }
  undo.addEventListener('click', () => {
    marks.pop();
    paint();
  });
  const row = element('div', { class: 'draw__tools', role: 'toolbar', 'aria-label': 'Draw on the photo' }, arrow, circle, undo, cancel, keep);
  const finished = (dialog: HTMLDialogElement): Promise<boolean> =>
    new Promise((done) => {
      keep.addEventListener('click', () => done(true));
      cancel.addEventListener('click', () => done(false));
      dialog.addEventListener('close', () => done(false), { once: true });
    });
  return { row, chosen: () => tool, finished };
}

function follow(canvas: HTMLCanvasElement, marks: Mark[], chosen: () => Tool, paint: () => void): void {
  let current: Mark | null = null;
  canvas.addEventListener('pointerdown', (event) => {
    event.stopPropagation();
    canvas.setPointerCapture(event.pointerId);
    const point = inPicture(canvas, event);
    current = { tool: chosen(), from: point, to: point };
    marks.push(current);
  });
  canvas.addEventListener('pointermove', (event) => {
    if (!current) return;
    current.to = inPicture(canvas, event);
    paint();
  });
  canvas.addEventListener('pointerup', () => {
    // A mere touch is not a mark.
    if (current && Math.hypot(current.to[0] - current.from[0], current.to[1] - current.from[1]) < canvas.width / 80) marks.pop();
    current = null;
    paint();
  });
}

/** The canvas is fitted into its box: the box's place in pixels of the picture. */
function inPicture(canvas: HTMLCanvasElement, event: PointerEvent): [number, number] {
  const box = canvas.getBoundingClientRect();
  const scale = Math.min(box.width / canvas.width, box.height / canvas.height);
  const left = box.left + (box.width - canvas.width * scale) / 2;
  const top = box.top + (box.height - canvas.height * scale) / 2;
  return [(event.clientX - left) / scale, (event.clientY - top) / scale];
}

function draw(canvas: HTMLCanvasElement, photo: HTMLImageElement, marks: Mark[]): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.drawImage(photo, 0, 0, canvas.width, canvas.height);
  const width = Math.max(canvas.width, canvas.height) / 140;
  pen.lineCap = pen.lineJoin = 'round';
  for (const mark of marks) {
    // Yellow between dark edges shows on any picture.
    for (const [colour, line] of [[EDGE, width * 1.9], [COLOUR, width]] as const) {
      pen.strokeStyle = colour;
      pen.lineWidth = line;
      pen.beginPath();
      (mark.tool === 'arrow' ? arrow : circle)(pen, mark, width * 5);
      pen.stroke();
    }
  }
}

function arrow(pen: CanvasRenderingContext2D, { from, to }: Mark, head: number): void {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  pen.moveTo(...from);
  pen.lineTo(...to);
  for (const side of [-0.5, 0.5]) {
    pen.moveTo(...to);
    pen.lineTo(to[0] - head * Math.cos(angle + side), to[1] - head * Math.sin(angle + side));
  }
}

function circle(pen: CanvasRenderingContext2D, { from, to }: Mark): void {
  const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  pen.ellipse(x, y, Math.abs(to[0] - from[0]) / 2, Math.abs(to[1] - from[1]) / 2, 0, 0, 2 * Math.PI);
}
