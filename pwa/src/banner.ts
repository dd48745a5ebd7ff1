/** What stays true and is said above the page until it is true no more. It covers nothing. */

/** `key` names it; no words take it away. */
export function banner(key: string, words: string | null): void {
  const shown = document.querySelector(`[data-banner="${key}"]`);
  if (words === null) return shown?.remove();
  if (shown) return void (shown.textContent === words || (shown.textContent = words));
  const made = document.createElement('p');
  made.className = 'banner banner--warn';
  made.setAttribute('data-banner', key);
  made.setAttribute('role', 'alert');
  made.textContent = words;
  document.body.prepend(made);
}
