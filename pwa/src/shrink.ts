/**
 * One photo made small: never decoded at full size into a canvas, which a phone's memory would not stand.
 * This file is also its own worker: browsers scale on the thread that asks, and the page must answer meanwhile.
 */

import { exifOf, type Exif } from './exif';
import { outline, type Outline } from './jpeg';

export const LONG_EDGE = 2048;
const THUMB_EDGE = 320;
const QUALITY = 0.8;
const SMALL_BYTES = 600 * 1024;

export interface Shrunk {
  bytes: ArrayBuffer;
  type: string;
  thumb: ArrayBuffer | null;
  exif: Exif | null;
}

/** Never fails: a picture this phone cannot read goes to the office as it is, which can. */
export async function shrink(bytes: ArrayBuffer, type: string): Promise<Shrunk> {
  const shape = outline(bytes);
  const exif = exifOf(bytes);
  let bitmap: ImageBitmap | null = null;
  try {
    bitmap = await decode(bytes, type, shape, exif);
    const thumb = await draw(bitmap, THUMB_EDGE, 0.7);
    const asItIs = shape !== null && isSmall(shape, bytes);
    const made = asItIs ? bytes : await draw(bitmap, LONG_EDGE, QUALITY);
    if (!made?.byteLength) throw new Error('The picture came out empty.');
    return { bytes: made, type: 'image/jpeg', thumb, exif };
  } catch {
    return { bytes, type, thumb: null, exif };
  } finally {
    bitmap?.close();
  }
}

const isSmall = (shape: Outline, bytes: ArrayBuffer): boolean =>
  shape.kind === 'jpeg' && !shape.carriesMeta && Math.max(shape.width, shape.height) <= LONG_EDGE &&
  bytes.byteLength <= SMALL_BYTES;

/** The size asked for is that of the picture the right way up. */
function decode(bytes: ArrayBuffer, type: string, shape: Outline | null, exif: Exif | null): Promise<ImageBitmap> {
  const options: ImageBitmapOptions = { imageOrientation: 'from-image', resizeQuality: 'high' };
  if (shape) {
    const turned = (exif?.orientation ?? 1) >= 5;
    const [width, height] = turned ? [shape.height, shape.width] : [shape.width, shape.height];
    const scale = LONG_EDGE / Math.max(width, height);
    if (scale < 1) {
      options.resizeWidth = Math.max(1, Math.round(width * scale));
      options.resizeHeight = Math.max(1, Math.round(height * scale));
    }
  }
  return createImageBitmap(new Blob([bytes], { type }), options);
}

/** Drawn, not handed over: only drawing turns the picture upright in every browser. */
async function draw(bitmap: ImageBitmap, edge: number, quality: number): Promise<ArrayBuffer | null> {
  const scale = Math.min(1, edge / Math.max(bitmap.width, bitmap.height));
  const canvas = canvasOf(Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale)));
  const context = canvas.getContext('2d', { alpha: false }) as OffscreenCanvasRenderingContext2D | null;
  if (!context) return null;
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await blobOf(canvas, quality);
  // Some phones keep a canvas's memory until it is made tiny.
  canvas.width = canvas.height = 0;
  return blob?.size ? blob.arrayBuffer() : null;
}

type Canvas = HTMLCanvasElement | OffscreenCanvas;

const canvasOf = (width: number, height: number): Canvas =>
  'OffscreenCanvas' in globalThis
    ? new OffscreenCanvas(width, height)
    : Object.assign(document.createElement('canvas'), { width, height });

function blobOf(canvas: Canvas, quality: number): Promise<Blob | null> {
  if ('convertToBlob' in canvas) return canvas.convertToBlob({ type: 'image/jpeg', quality });
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', quality));
}

/** Where a worker finds this file. */
export const here = import.meta.url;

if (typeof document === 'undefined') {
  const worker = self as unknown as DedicatedWorkerGlobalScope;
  worker.addEventListener('message', (event: MessageEvent<{ bytes: ArrayBuffer; type: string }>) => {
    void shrink(event.data.bytes, event.data.type).then((made) => {
      worker.postMessage(made, [made.bytes, ...(made.thumb ? [made.thumb] : [])]);
    });
  });
}
