/** On the home screen, with storage that stays, and the newest build when nothing would be disturbed by it. */

import { banner } from './banner';
import { onNews } from './channel';
import { isTyping } from './drafts';
import { items } from './command';
import { opsOf } from './ops';
import { person } from './person';
import { isSending } from './status';
import { getMeta, setMeta } from './store';
import { toast } from './toast';
import { HOUR } from './words';

interface InstallPrompt extends Event {
  prompt(): Promise<unknown>;
}

let offered: InstallPrompt | null = null;

export function startInstall(): void {
  if ('serviceWorker' in navigator) void register().catch(() => {});
  if (person()) void askToStay().catch(() => {});
  window.addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    offered = event as InstallPrompt;
    for (const button of installButtons()) button.hidden = false;
  });
  document.addEventListener('click', (event) => {
    if ((event.target as Element).closest('[data-install]')) void offered?.prompt();
  });
  window.addEventListener('appinstalled', () => {
    for (const button of installButtons()) button.hidden = true;
    void navigator.storage?.persist?.().catch(() => false);
  });
  onNews('changed', () => void warnIphone().catch(() => {}));
  void warnIphone().catch(() => {});
}

/** Storage that the browser does not clear by itself. Some browsers ask the person, so it is asked once a week. */
async function askToStay(): Promise<void> {
  if (!navigator.storage?.persist || (await navigator.storage.persisted())) return;
  const asked = (await getMeta<number>('askedToStay')) ?? 0;
  if (Math.abs(Date.now() - asked) < 7 * 24 * HOUR) return;
  await setMeta('askedToStay', Date.now());
  await navigator.storage.persist();
}

const installButtons = (): NodeListOf<HTMLElement> => document.querySelectorAll<HTMLElement>('[data-install]');

async function register(): Promise<void> {
  const registration = await navigator.serviceWorker.register('/sw.js', { updateViaCache: 'none' });
  const offer = (): void => {
    if (registration.waiting && navigator.serviceWorker.controller) sayReady(registration);
  };
  offer();
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', offer);
  });
  void takeCharge();
  document.addEventListener('visibilitychange', () => document.hidden || void registration.update().catch(() => {}));
}

/** A page that was on its way here while the worker started is passed over by it: then nothing made here would open. */
async function takeCharge(): Promise<void> {
  const { active } = await navigator.serviceWorker.ready;
  if (!navigator.serviceWorker.controller) active?.postMessage({ kind: 'claim' });
}

function sayReady(registration: ServiceWorkerRegistration): void {
  toast('Update ready.', { stay: true, act: { label: 'Update now', go: () => apply(registration) } });
}

/** Never in the middle of typing or sending. */
function apply(registration: ServiceWorkerRegistration): void {
  if (isTyping() || isSending()) {
    toast('Something is still being saved or sent. Try again in a moment.');
    window.setTimeout(() => sayReady(registration), 5_000);
    return;
  }
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
  registration.waiting?.postMessage({ kind: 'apply' });
}

const IPHONE =
  'Your work is not safe in this tab: the iPhone clears it after a week. Press Share, then Add to Home Screen, and open Doorstep from there.';
export const onIphoneTab = (): boolean =>
  /iPhone|iPad|iPod/.test(navigator.userAgent) && !(navigator as { standalone?: boolean }).standalone;

/** An iPhone deletes what a tab has stored after a week. Unsent work in a tab is work at risk: say so, and do not go away. */
async function warnIphone(): Promise<void> {
  const unsent = onIphoneTab() && person() ? items(await opsOf(person())).length : 0;
  banner('iphone', unsent ? IPHONE : null);
}
