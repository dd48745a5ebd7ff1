/** The phone's own database. Nothing is called saved before a strict commit has been read back. */

import {
  openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction, type OpenDBCallbacks, type StoreNames,
} from 'idb';
import type { Captured, Op, SentCopy } from './command';

export interface PhotoMeta {
  takenAt: string;
  taken: 'camera' | 'phone';
  latitude?: number;
  longitude?: number;
  accuracy?: number;
  drawnFrom?: string;
}

/** Small row per photo, so that a grid of tiles never loads the photos themselves. */
export interface PhotoRow {
  sha256: string;
  thumb: ArrayBuffer | null;
  type: string;
  size: number;
  meta: PhotoMeta;
  receivedAt: string | null;
}

/** A camera original not yet shrunk: all that is needed to finish the work after a kill. */
export interface Raw {
  captured: Captured;
  position: { latitude: number; longitude: number; accuracy: number } | null;
  drawnFrom: string | null;
}

export interface BlobRow {
  key: string;
  bytes: ArrayBuffer;
  type: string;
  raw: Raw | null;
}

export interface Draft {
  key: string;
  person: string;
  values: [string, string][];
  at: string;
}

interface Schema extends DBSchema {
  ops: { key: string; value: Op; indexes: { record: string; author: string } };
  blobs: { key: string; value: BlobRow };
  photos: { key: string; value: PhotoRow };
  drafts: { key: string; value: Draft };
  sent: { key: string; value: SentCopy };
  meta: { key: string; value: unknown };
}

export type Stores = StoreNames<Schema>;
export type Tx = IDBPTransaction<Schema, Stores[], 'readwrite'>;
type Db = IDBPDatabase<Schema>;

const NAME = 'doorstep';
const VERSION = 1;

export class Full extends Error {}
export class Unopened extends Error {}

let opening: Promise<Db> | null = null;
let onBlocked: (words: string) => void = () => {};

let makeRoom: () => Promise<void> = async () => {};

/** What is dropped on a full phone is not for the store to know: it is told once, at the start. */
export function whenFull(make: () => Promise<void>): void {
  makeRoom = make;
}

export function whenBlocked(say: (words: string) => void): void {
  onBlocked = say;
}

let isReady: () => void = () => {};
/** The store has opened. What a page puts back by itself waits for this: after a crash it may take a moment. */
export const ready = new Promise<void>((resolve) => (isReady = () => resolve()));

const callbacks: OpenDBCallbacks<Schema> = {
  // Only ever adds: an upgrade that rewrote rows could lose a queue half-way.
  upgrade(db, from) {
    if (from < 1) {
      const ops = db.createObjectStore('ops', { keyPath: 'id' });
      ops.createIndex('record', 'record');
      ops.createIndex('author', 'author');
      db.createObjectStore('blobs', { keyPath: 'key' });
      db.createObjectStore('photos', { keyPath: 'sha256' });
      db.createObjectStore('drafts', { keyPath: 'key' });
      db.createObjectStore('sent', { keyPath: 'id' });
      db.createObjectStore('meta');
    }
  },
  blocked: () => onBlocked('Close Doorstep in your other tabs, then open this page again. Nothing is lost.'),
  blocking(_current, _blocked, event) {
    opening = null;
    (event.target as IDBDatabase).close();
    onBlocked('Doorstep was updated in another tab. Open this page again to carry on. Nothing is lost.');
  },
  terminated: () => (opening = null),
};

export function open(): Promise<Db> {
  opening ??= Promise.resolve()
    .then(() => openDB<Schema>(NAME, VERSION, callbacks))
    .catch((error: unknown) => {
      // A newer build was here. It only added to what this one knows, so this one may go on.
      if (nameOf(error) === 'VersionError') return openDB<Schema>(NAME, undefined, callbacks);
      throw error;
    })
    .catch((error: unknown) => {
      opening = null;
      throw new Unopened(String(error));
    });
  void opening.then(isReady, () => {});
  return opening;
}

/** Only to read from, whatever version is there; none is made where there is none. Throws when that fails too. */
export function openAsItIs(): Promise<Db> {
  return openDB<Schema>(NAME, undefined, {
    upgrade(_db, _from, _to, tx) {
      tx.done.catch(() => {});
      tx.abort();
    },
  });
}

/** How something is read: from the store of every day, or from one that would not open. */
export type Reader = <T>(work: (db: Db) => Promise<T>) => Promise<T>;

/** Run `work` on the database; when the browser has dropped the connection, once more on a fresh one. */
export async function read<T>(work: (db: Db) => Promise<T>): Promise<T> {
  try {
    return await work(await open());
  } catch (error) {
    if (!isLost(error)) throw error;
    await reopen();
    return work(await open());
  }
}

/** One strict write transaction. Makes room once when the phone is full, then gives up with `Full`. */
export async function write<T>(stores: Stores[], work: (tx: Tx) => Promise<T>, room = makeRoom): Promise<T> {
  const once = () => read((db) => transact(db, stores, work));
  try {
    return await once();
  } catch (error) {
    if (!isFull(error)) throw error;
    // Even deleting may be refused on a full phone: then the second try says so.
    await room().catch(() => {});
    return once().catch((again: unknown) => {
      throw isFull(again) ? new Full() : again;
    });
  }
}

async function transact<T>(db: Db, stores: Stores[], work: (tx: Tx) => Promise<T>): Promise<T> {
  const tx = db.transaction(stores, 'readwrite', { durability: 'strict' }) as Tx;
  const done = tx.done;
  done.catch(() => {});
  try {
    const result = await work(tx);
    await done;
    return result;
  } catch (error) {
    try {
      tx.abort();
    } catch {
      // Already over: the reason thrown below is the one that matters.
    }
    throw tx.error ?? error;
  }
}

async function reopen(): Promise<void> {
  const old = opening;
  opening = null;
  await old?.then((db) => db.close()).catch(() => {});
}

const nameOf = (error: unknown): string => (error instanceof DOMException ? error.name : '');
const isFull = (error: unknown): boolean => nameOf(error) === 'QuotaExceededError';
const isLost = (error: unknown): boolean => ['UnknownError', 'InvalidStateError'].includes(nameOf(error));

export async function getMeta<T>(key: string): Promise<T | undefined> {
  return (await read((db) => db.get('meta', key))) as T | undefined;
}

export function setMeta(key: string, value: unknown): Promise<unknown> {
  return write(['meta'], (tx) => tx.objectStore('meta').put(value, key));
}
