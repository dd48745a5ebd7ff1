/** When, where and which way up, from the EXIF of a photo. Phones often leave the place out: it is a bonus. */

import { outline } from './jpeg';

export interface Exif {
  orientation: number;
  takenAt: string | null;
  latitude: number | null;
  longitude: number | null;
}

const ORIENTATION = 0x0112;
const EXIF_BLOCK = 0x8769;
const GPS_BLOCK = 0x8825;
const TAKEN = 0x9003;
const TAKEN_OFFSET = 0x9011;
const SIZES: Record<number, number> = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 7: 1, 9: 4, 10: 8 };

type Block = Map<number, number[] | string>;

const WITHIN = 128 * 1024;

/** Of a whole photo. Null when it has none. */
export function exifOf(bytes: ArrayBuffer): Exif | null {
  const at = outline(bytes)?.exif;
  return at == null ? null : readExif(bytes.slice(0, WITHIN), at);
}

/** Reads the TIFF block that starts at `base`. Anything broken is treated as not there. */
function readExif(bytes: ArrayBuffer, base: number): Exif {
  const none: Exif = { orientation: 1, takenAt: null, latitude: null, longitude: null };
  try {
    const view = new DataView(bytes);
    const little = view.getUint16(base) === 0x4949;
    const read = (at: number) => block(view, base, at, little);
    const main = read(view.getUint32(base + 4, little));
    const detail = follow(main, EXIF_BLOCK, read);
    const gps = follow(main, GPS_BLOCK, read);
    return {
      orientation: number(main, ORIENTATION) ?? 1,
      takenAt: moment(detail.get(TAKEN), detail.get(TAKEN_OFFSET)),
      latitude: degrees(gps.get(2), gps.get(1), 'S'),
      longitude: degrees(gps.get(4), gps.get(3), 'W'),
    };
  } catch {
    return none;
  }
}

const number = (from: Block, tag: number): number | undefined => {
  const value = from.get(tag);
  return Array.isArray(value) ? value[0] : undefined;
};

function follow(from: Block, tag: number, read: (at: number) => Block): Block {
  const at = number(from, tag);
  return at === undefined ? new Map() : read(at);
}

function block(view: DataView, base: number, offset: number, little: boolean): Block {
  const found: Block = new Map();
  const start = base + offset;
  const entries = Math.min(view.getUint16(start, little), 200);
  for (let i = 0; i < entries; i += 1) {
    const at = start + 2 + i * 12;
    const kind = view.getUint16(at + 2, little);
    const many = view.getUint32(at + 4, little);
    const size = (SIZES[kind] ?? 0) * many;
    if (!size || size > 1000) continue;
    const from = size <= 4 ? at + 8 : base + view.getUint32(at + 8, little);
    found.set(view.getUint16(at, little), value(view, from, kind, many, little));
  }
  return found;
}

function value(view: DataView, from: number, kind: number, many: number, little: boolean): number[] | string {
  if (kind === 2) {
    const letters = Array.from({ length: many }, (_, i) => String.fromCharCode(view.getUint8(from + i)));
    return letters.join('').split('\0')[0]!.trim();
  }
  return Array.from({ length: many }, (_, i) => {
    if (kind === 3) return view.getUint16(from + i * 2, little);
    if (kind === 4 || kind === 9) return view.getUint32(from + i * 4, little);
    if (kind === 5 || kind === 10) {
      return view.getUint32(from + i * 8, little) / view.getUint32(from + i * 8 + 4, little);
    }
    return view.getUint8(from + i);
  });
}

/** "2026:11:24 10:18:03" with its offset when the camera wrote one; without, the phone's own offset then. */
function moment(text: unknown, offset: unknown): string | null {
  const parts = typeof text === 'string' ? /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text) : null;
  if (!parts) return null;
  const local = `${parts[1]}-${parts[2]}-${parts[3]}T${parts[4]}`;
  const known = typeof offset === 'string' && /^[+-]\d\d:\d\d$/.test(offset) ? offset : '';
  const date = new Date(local + known);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

function degrees(parts: unknown, side: unknown, negative: string): number | null {
  if (!Array.isArray(parts) || parts.length !== 3 || typeof side !== 'string') return null;
  const [d, m, s] = parts as [number, number, number];
  const value = (d + m / 60 + s / 3600) * (side.startsWith(negative) ? -1 : 1);
  return Number.isFinite(value) && Math.abs(value) <= 180 ? Math.round(value * 1e6) / 1e6 : null;
}
