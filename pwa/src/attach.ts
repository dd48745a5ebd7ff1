/** A photograph as two commands: its bytes, and the words that say which record they belong to. */

import type { Captured } from './command';
import type { Exif } from './exif';
import { uuid7 } from './ids';
import type { Raw } from './store';

type Place = { latitude: number; longitude: number; accuracy?: number };

export const placeOf = (exif: Exif | null): Place | null =>
  exif?.latitude != null && exif.longitude != null ? { latitude: exif.latitude, longitude: exif.longitude } : null;

export const takenOf = ({ captured }: Raw, exif: Exif | null): string => exif?.takenAt ?? captured.capturedAt;

export const typeOf = (type: string): string => (type.startsWith('image/') ? type : 'image/jpeg');

/** The photograph keeps the id it was given at the tap, whichever bytes of it are named here. */
export function attachOf(raw: Raw, name: string, exif: Exif | null): Captured {
  const { captured, position, drawnFrom } = raw;
  const body = new URLSearchParams(captured.body ?? '');
  body.set('id', captured.id);
  body.set('sha256', name);
  body.set('taken_at', takenOf(raw, exif));
  for (const [field, value] of Object.entries(position ?? placeOf(exif) ?? {})) body.set(field, String(value));
  if (drawnFrom) body.set('drawn_from', drawnFrom);
  return { ...captured, photo: name, body: body.toString() };
}

/** The bytes travel on their own, so that a slow photo never holds up the words of its record. */
export const putOf = (attach: Captured, name: string, type: string): Captured => ({
  ...attach, id: uuid7(), method: 'PUT', url: `/media/photos/${name}`, body: null, blob: name, type,
  record: `photo-${name}`, target: null, targetHeader: '', into: null, intoSwap: null, shows: {},
});
