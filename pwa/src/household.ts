/** The household's own pages: what is typed is never lost when the network goes away in the middle.
 *
 * Nothing here is needed: without it the forms are posted as they are. Words wait in this tab alone, not on the phone:
 * it may be somebody else's.
 */

const NO_NETWORK = 'That was not sent: there is no connection. What you wrote is still here. Try again.';
const NO_NETWORK_PHOTO = 'That was not sent: there is no connection. Choose nothing new, and try again.';
const SENDING = 'Sending…';
const SENT = 'We have received it.';

const place = (form: HTMLFormElement): string => `household ${new URL(form.action).pathname}`;
const box = (form: HTMLFormElement): HTMLTextAreaElement | null => form.querySelector('textarea');

function say(form: HTMLFormElement, words: string): void {
  const line = form.querySelector<HTMLElement>('[data-says]');
  if (line) {
    line.hidden = words === '';
    line.textContent = words;
  }
}

/** A private window may have no store; then the words are on the page alone. */
function remember(form: HTMLFormElement, words: string): void {
  try {
    if (words) sessionStorage.setItem(place(form), words);
    else sessionStorage.removeItem(place(form));
  } catch {
    // Nothing to be done about it.
  }
}

/** Whether the page shows these words as received: then only the answer to them was lost. */
const isReceived = (words: string): boolean =>
  [...document.querySelectorAll('[data-received] .notes')].some((one) => one.textContent?.trim() === words.trim());

function recall(form: HTMLFormElement): void {
  const field = box(form);
  try {
    const words = sessionStorage.getItem(place(form));
    if (words && isReceived(words)) sessionStorage.removeItem(place(form));
    else if (field && words && !field.value) field.value = words;
  } catch {
    // As above.
  }
}

/** Other words are another thing to say: the same id with another body would be taken for a mistake. */
function anew(form: HTMLFormElement): void {
  const id = form.querySelector<HTMLInputElement>('[name="_command"]');
  if (id && form.dataset['tried']) id.value = crypto.randomUUID();
  delete form.dataset['tried'];
}

/** What the server now shows as received stands in place of what stood there. */
function show(form: HTMLFormElement, html: string): boolean {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const fresh = page.querySelector('[data-received]');
  const old = document.querySelector('[data-received]');
  const wrong = page.querySelector('[data-sentence]');
  if (wrong || !fresh || !old) {
    say(form, wrong?.textContent?.trim() || NO_NETWORK);
    return false;
  }
  old.replaceWith(fresh);
  return true;
}

function body(form: HTMLFormElement): BodyInit {
  const data = new FormData(form);
  return form.enctype === 'multipart/form-data' ? data : new URLSearchParams([...data].map(([name, value]) => [name, String(value)]));
}

async function send(form: HTMLFormElement): Promise<void> {
  const button = form.querySelector('button');
  button?.setAttribute('aria-disabled', 'true');
  say(form, SENDING);
  form.dataset['tried'] = 'yes';
  try {
    const answer = await fetch(form.action, { method: 'POST', body: body(form), credentials: 'same-origin' });
    if (!show(form, await answer.text())) return;
    remember(form, '');
    form.reset();
    anew(form);
    say(form, SENT);
  } catch {
    say(form, form.dataset['household'] === 'photo' ? NO_NETWORK_PHOTO : NO_NETWORK);
  } finally {
    button?.removeAttribute('aria-disabled');
  }
}

for (const form of document.querySelectorAll<HTMLFormElement>('form[data-household]')) {
  recall(form);
  form.addEventListener('input', () => {
    anew(form);
    remember(form, box(form)?.value ?? '');
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (form.querySelector('button[aria-disabled]')) return;
    void send(form);
  });
}
