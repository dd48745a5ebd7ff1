/** What a phone knows with no signal of whom to ring and how a PIN is sealed: from the page of an own start, which it keeps. */

import { keptPage } from './kept';
import { person } from './person';
import type { SealKey } from './seal';

/** What is kept with every page of the field (safety.ts). */
export const NO_SIGNAL = '/lone-working/new';

export interface Ring {
  name: string;
  phone: string;
}

export interface Known {
  key: SealKey;
  /** By id. */
  people: Map<string, Ring>;
  buddy: string;
  manager: Ring | null;
}

/** None: the page was never kept, it went with a sign-out, or nobody looks out for whoever it is. */
export async function known(): Promise<Known | null> {
  const page = person() ? await keptPage(NO_SIGNAL) : null;
  const place = page && new DOMParser().parseFromString(await page.text(), 'text/html').querySelector<HTMLElement>('[data-alone-known]');
  if (!place) return null;
  const all = [...place.querySelectorAll<HTMLElement>('[data-id]')].map((one) => ({
    id: one.dataset['id']!, manager: one.dataset['manager'] !== undefined, ring: { name: one.textContent.trim(), phone: one.dataset['phone']! },
  }));
  return {
    key: { id: place.dataset['aloneKnown']!, public: place.dataset['key']! },
    people: new Map(all.map(({ id, ring }) => [id, ring])),
    buddy: place.dataset['buddy'] ?? '',
    manager: all.find(({ manager }) => manager)?.ring ?? null,
  };
}

/** Whom they chose for this, else whom they chose the last time, else a manager of theirs. */
export const toRing = (from: Known | null, chosen: string): Ring | null =>
  from?.people.get(chosen) ?? from?.people.get(from.buddy) ?? from?.manager ?? null;
