/** Ids and hashes. Everything the phone makes is named by the phone, so that it exists with no signal. */

export const BLANK_ID = '00000000-0000-7000-8000-000000000000';
/** Stands for a thing drawn before the office knows it. Not the one above: that is the record's on a blank page. */
export const MADE_ID = '00000000-0000-7000-8000-000000000001';
/** Stands for what such a thing is called. */
export const MADE_LABEL = 'MADE-LABEL';

let lastMs = 0;
let counter = 0;

/** A UUIDv7. Ids made in the same millisecond still sort in the order they were made. */
export function uuid7(): string {
  const now = Date.now();
  counter = now === lastMs ? counter + 1 : Math.floor(Math.random() * 0x400);
  lastMs = now;
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const view = new DataView(bytes.buffer);
  view.setUint32(0, Math.floor(now / 0x10000));
  view.setUint16(4, now % 0x10000);
  view.setUint16(6, 0x7000 | (counter & 0x0fff));
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = toHex(bytes);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** An id that follows from a text: the same on every try. A UUIDv8, so that it is none of the others. */
export async function idFor(text: string): Promise<string> {
  const hex = await sha256(text);
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

export async function sha256(data: ArrayBuffer | string): Promise<string> {
  const bytes = typeof data === 'string' ? new TextEncoder().encode(data) : data;
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)));
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Local time with its offset: the office must be able to tell what the phone's own clock said. */
export function stamp(date = new Date()): string {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const pad = (n: number) => String(Math.floor(Math.abs(n))).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${pad(offset / 60)}:${pad(offset % 60)}`;
}
