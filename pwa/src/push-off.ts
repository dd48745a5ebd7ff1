/** This phone shows no notifications any more, and those on its screen go: whoever they were for has left it. */
export async function dropNotifications(given?: ServiceWorkerRegistration): Promise<void> {
  const registration = given ?? (await navigator.serviceWorker?.getRegistration());
  for (const shown of (await registration?.getNotifications?.()) ?? []) shown.close();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}
