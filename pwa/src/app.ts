/** Everything the phone runs starts here. */

import './shared';
import { hearRestored } from './again';
import { startBits } from './bits';
import { onNews } from './channel';
import { startAutosend } from './choice';
import { startCamera } from './camera-door';
import { hearFresher, sayCopy } from './copy-line';
import { startCloning } from './clone';
import { startDrafts } from './drafts';
import { startInstall } from './install';
import { startHeld } from './held';
import { startKeeping } from './kept';
import { isLeaving } from './leaving';
import { sayDevice } from './lost';
import { startMinting } from './mint';
import { startMissing } from './missing';
import { startNearest } from './nearest';
import { allOps, prune } from './ops';
import { startOutbox } from './outbox';
import { startPanels } from './panels';
import { startPauses } from './pauses';
import { startDrawing } from './pending';
import { startPhotos } from './photos';
import { startPosition } from './position';
import { person } from './person';
import { makeRoom } from './room';
import { startSending } from './sender';
import { awaitDoor, startSignOut } from './signout';
import { sawFull, startSpace } from './space';
import { startStatus } from './status';
import { startSteady } from './steady';
import { startStayingOpen } from './stay-open';
import { startTiles } from './tiles';
import { getMeta, open, read, setMeta, whenBlocked, whenFull } from './store';
import { toast } from './toast';
import { startViewer } from './viewer-door';

const UNOPENED = 'This phone’s store did not open. Close Doorstep everywhere and open it again. Nothing was deleted.';

whenFull(() => (sawFull(), makeRoom()));
startSpace();
startOutbox();
startAutosend();
startMinting();
startDrafts();
startPhotos();
startPosition();
startNearest();
startMissing();
startPauses();
startPanels();
startStayingOpen();
startHeld();
startSignOut();
sayCopy();
hearFresher();
startBits();
startSteady();
startViewer();
startCamera();
whenBlocked((words) => toast(words, { stay: true }));

/** The browser may need a moment, for instance after a crash. Until then nothing is called saved. */
async function opened(): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try {
      await open();
      if (tries > 1) document.querySelector('[data-rescue]')?.remove();
      return;
    } catch (error) {
      if (tries === 1) void import('./rescue').then(({ offerRescue }) => offerRescue(), () => toast(UNOPENED, { stay: true }));
      if (tries >= 20) throw error;
      await new Promise((done) => setTimeout(done, 1_500));
    }
  }
}

/** Somebody is out on their own: here, on a page from before, or by the answer that has just come. */
async function safety(isFresh: boolean, isAnswer = false): Promise<void> {
  const shown = document.querySelector('[data-safety], [data-unwatched], [data-engine], [data-battery], [data-lone-place]');
  if (shown || (await getMeta('safety'))) await (await import('./safety')).startSafety(isFresh, isAnswer);
}

const START = /\/start(\/today)?$|^\/lone-working(\/home)?$/;

/** Help in the frame, and at once the red bar of a start that the office does not know of. */
async function alone(isFresh: boolean): Promise<void> {
  const untold = (await allOps()).some(({ url }) => START.test(url));
  if (!untold && !document.querySelector('#safety-bar[data-sheet]')) return;
  if (!untold) await workerThere();
  await (await import('./safety')).startSafety(isFresh, false);
}

/** On the very first visit what the page itself needs goes first; from then on this is on the phone already. */
async function workerThere(): Promise<void> {
  const worker = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!worker?.controller) await Promise.race([worker?.ready, new Promise((done) => setTimeout(done, 3_000))]);
}

/** A start has been received at last, from whatever page: this one says at once whether anybody looks out. */
async function begun(id: string): Promise<void> {
  const url = (await read((db) => db.get('sent', id)))?.op?.url ?? '';
  if (!START.test(url)) return;
  const safety = await import('./safety');
  if (await safety.askBar()) await safety.startSafety(false, true);
}

async function begin(): Promise<void> {
  await opened();
  // The worker sees to it before a page is shown; a browser without one comes here.
  if (await isLeaving()) {
    awaitDoor();
    await safety(false);
    return alone(false);
  }
  // A kept copy may be from before somebody else signed in: only a page fresh from the server says who it is.
  const isCopy = document.documentElement.dataset['copy'] !== undefined;
  const isFresh = !isCopy && person() !== '';
  const known = await getMeta<string>('person');
  // Written only when it changes: a full phone must still start, and send.
  if (person() && known !== person() && (!isCopy || !known)) await setMeta('person', person());
  // The page shown without signal belongs to nobody; what waits is that of whoever was last here.
  if (!person() && document.querySelector('[data-outbox-list]')) {
    document.body.dataset['person'] = (await getMeta<string>('person')) ?? '';
  }
  if (isFresh) await hearRestored(document.body.dataset['restored']);
  if (person()) void sayDevice().catch(() => {});
  startStatus();
  await safety(isFresh);
  document.addEventListener('htmx:after:swap', () => void safety(false, true));
  onNews('answered', ({ id, receipt }) => void (receipt && begun(id).catch(() => {})));
  if (document.querySelector('[data-push]')) void import('./notify').then(({ startNotify }) => startNotify());
  startCloning();
  startDrawing();
  startTiles();
  startSending();
  void alone(isFresh).catch((error: unknown) => console.error(error));
  if (document.querySelector('[data-outbox-list], [data-waiting-others]')) (await import('./waiting')).startWaiting();
  if (document.querySelector('[data-walk]')) (await import('./walk')).startWalk();
  if (document.querySelector('#day')) (await import('./today')).startToday();
  if (document.querySelector('[data-pack]')) void import('./pack').then(({ startPack }) => startPack()).catch((error: unknown) => console.error(error));
  if (document.querySelector('[data-live]')) (await import('./wall')).startWall();
  if (document.querySelector('[data-map]')) void import('./map').then(({ startMap }) => startMap()).catch((error: unknown) => console.error(error));
  if (document.querySelector('[data-slid]')) (await import('./slide')).startSliding();
  if (document.querySelector('[data-so-far]')) (await import('./so-far')).startSoFar();
  startInstall();
  await startKeeping();
  // Only after hearing from the office whether it still has what the copies are of.
  if (isFresh) await prune();
}

void begin().catch((error: unknown) => console.error(error));
