/** Photos are made small beside the page, not in it, so that it answers while they are. */

import type { Shrunk } from './shrink';

/** A worker that has said nothing for this long was stopped by the phone. */
const SILENT_MS = 60_000;

let worker: Worker | null = null;

/** Null when the phone could not do it: the original then goes as it is. One at a time. */
export async function shrinkAside(bytes: ArrayBuffer, type: string): Promise<Shrunk | null> {
  const { here, shrink } = await import('./shrink');
  if (!('OffscreenCanvas' in window)) return shrink(bytes, type);
  worker ??= new Worker(here, { type: 'module' });
  const made = await asked(worker, bytes, type);
  if (!made) {
    worker.terminate();
    worker = null;
  }
  return made;
}

function asked(from: Worker, bytes: ArrayBuffer, type: string): Promise<Shrunk | null> {
  return new Promise((resolve) => {
    const timer = window.setTimeout(() => resolve(null), SILENT_MS);
    const end = (made: Shrunk | null) => {
      clearTimeout(timer);
      resolve(made);
    };
    from.onmessage = (event: MessageEvent<Shrunk>) => end(event.data);
    from.onerror = () => end(null);
    from.postMessage({ bytes, type }, [bytes]);
  });
}
