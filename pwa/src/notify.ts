/** Notifications on this phone, on and off: what the browser can, what the person allowed, and what the office knows. */

import './shared';
import { onIphoneTab } from './install';
import { toast } from './toast';

const IPHONE = 'An iPhone or iPad shows notifications only for apps on its home screen. Press Share, then Add to Home Screen, and open Doorstep from there.';
const CANNOT = 'This browser shows no notifications. Texts reach you all the same.';
const DENIED = 'Notifications from Doorstep are switched off in this phone’s settings. Allow them there, then come back to this page.';
const OFF = 'Off on this phone.';

const place = document.querySelector<HTMLElement>('[data-push]');
const part = <E extends HTMLElement>(name: string): E | null => place?.querySelector<E>(`[data-push-${name}]`) ?? null;

export async function startNotify(): Promise<void> {
  const key = place?.dataset['push'];
  if (!key) return;
  const form = part<HTMLFormElement>('on');
  form?.addEventListener('submit', (event) => {
    event.preventDefault();
    void switchOn(form, key).catch(() => toast('That did not work. Check your signal and try again.'));
  });
  part<HTMLFormElement>('off')?.addEventListener('submit', () => void subscription().then((one) => one?.unsubscribe()));
  if (!('PushManager' in window) || !('Notification' in window)) return cannot(onIphoneTab() ? IPHONE : CANNOT);
  if (Notification.permission === 'denied') return cannot(DENIED);
  // The office has it, and the browser does not (its data was cleared, or it was given up): then it is off.
  if (place!.dataset['pushHere'] && !(await subscription())) isOff();
}

const subscription = async (): Promise<PushSubscription | null> =>
  (await navigator.serviceWorker.getRegistration())?.pushManager.getSubscription() ?? null;

function cannot(words: string): void {
  const says = part('cannot');
  if (says) [says.textContent, says.hidden] = [words, false];
  const form = part('on');
  if (form) form.hidden = true;
}

function isOff(): void {
  const says = part('says');
  if (says) says.textContent = OFF;
  for (const name of ['try', 'off']) part(name)?.remove();
  const form = part('on');
  if (form) form.hidden = false;
}

async function switchOn(form: HTMLFormElement, key: string): Promise<void> {
  if ((await Notification.requestPermission()) !== 'granted') return cannot(DENIED);
  const { pushManager } = await navigator.serviceWorker.ready;
  // One that was made for another key of the office's takes nothing from this one.
  await (await pushManager.getSubscription())?.unsubscribe();
  const made = (await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })).toJSON();
  const given = { endpoint: made.endpoint, p256dh: made.keys?.['p256dh'], auth: made.keys?.['auth'] };
  for (const [name, value] of Object.entries(given)) form.querySelector<HTMLInputElement>(`[name=${name}]`)!.value = value ?? '';
  form.submit();
}
