/** Everything the phone runs starts here. */

import { startBits } from './bits';
import { startAutosend } from './choice';
import { sayCopy } from './copy-line';
import { startCloning } from './clone';
import { startDrafts } from './drafts';
import { startInstall } from './install';
import { startKeeping } from './kept';
import { startMinting } from './mint';
import { prune } from './ops';
import { startOutbox } from './outbox';
import { startPanels } from './panels';
import { startPauses } from './pauses';
import { startDrawing } from './pending';
import { startPhotos } from './photos';
import { startPosition } from './position';
import { person } from './person';
import { startSending } from './sender';
import { startSignOut } from './signout';
import { startStatus } from './status';
import { startTiles } from './tiles';
import { getMeta, setMeta, whenBlocked } from './store';
import { toast } from './toast';
import { startViewer } from './viewer-door';

startOutbox();
startAutosend();
startMinting();
startDrafts();
startPhotos();
startPosition();
startPauses();
startPanels();
startSignOut();
sayCopy();
startBits();
startViewer();
whenBlocked((words) => toast(words, { stay: true }));

async function begin(): Promise<void> {
  // A kept copy may be from before somebody else signed in: only a page fresh from the server says who it is.
  const isCopy = document.documentElement.dataset['copy'] !== undefined;
  if (person() && (!isCopy || !(await getMeta('person')))) await setMeta('person', person());
  // The page shown without signal belongs to nobody; what waits is that of whoever was last here.
  if (!person() && document.querySelector('[data-outbox-list]')) {
    document.body.dataset['person'] = (await getMeta<string>('person')) ?? '';
  }
  startStatus();
  startCloning();
  startDrawing();
  startTiles();
  startSending();
  if (document.querySelector('[data-outbox-list], [data-waiting-others]')) (await import('./waiting')).startWaiting();
  startInstall();
  await startKeeping();
  await prune();
}

void begin().catch((error: unknown) => console.error(error));
