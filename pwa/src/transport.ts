/** One request. XMLHttpRequest, because only it tells how much of a photo has gone. */

import type { Reply } from './answers';

/** No byte moved for this long: give up and try again later. The weak-signal words come much earlier. */
export const STALLED_MS = 60_000;
export const WEAK_MS = 8_000;

export interface Hear {
  progress: (percent: number) => void;
  weak: () => void;
}

/** Resolves with the answer, or null when none came (no network, reset, stalled). Never rejects. */
export function request(
  method: string, url: string, headers: Record<string, string>, body: ArrayBuffer | string | null, hear: Hear,
): Promise<Reply | null> {
  return new Promise((resolve) => {
    const xhr = new XMLHttpRequest();
    let weak = 0;
    let stalled = 0;
    const stop = () => [weak, stalled].forEach((timer) => clearTimeout(timer));
    const moved = () => {
      stop();
      weak = window.setTimeout(hear.weak, WEAK_MS);
      stalled = window.setTimeout(() => xhr.abort(), STALLED_MS);
    };
    const end = (reply: Reply | null) => {
      stop();
      resolve(reply);
    };
    xhr.upload.onprogress = (event) => {
      moved();
      if (event.lengthComputable) hear.progress(Math.floor((event.loaded / event.total) * 100));
    };
    xhr.onprogress = moved;
    xhr.onload = () => end({ status: xhr.status, text: xhr.responseText, headers: headersOf(xhr) });
    xhr.onerror = xhr.onabort = xhr.ontimeout = () => end(null);
    try {
      xhr.open(method, url);
      for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
      moved();
      xhr.send(body);
    } catch {
      end(null);
    }
  });
}

function headersOf(xhr: XMLHttpRequest): Record<string, string> {
  const lines = xhr.getAllResponseHeaders().trim().split('\r\n').filter(Boolean);
  return Object.fromEntries(lines.map((line) => {
    const at = line.indexOf(':');
    return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()];
  }));
}
