/** Small behaviours that a page asks for by attribute. */

/** <button data-fill="field-id">words</button>: put the words in the field, after what is there. */
function fill(event: Event): void {
  const button = (event.target as Element | null)?.closest<HTMLElement>('[data-fill]');
  if (!button) return;
  const field = document.getElementById(button.dataset['fill'] ?? '');
  if (!(field instanceof HTMLTextAreaElement)) return;
  const words = button.textContent?.trim() ?? '';
  field.value = field.value.trim() ? `${field.value.trimEnd()}\n${words}` : words;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.focus();
}

/** <select data-options-from="template-id">: the long list is on the page once. */
function options(root: ParentNode): void {
  for (const select of root.querySelectorAll<HTMLSelectElement>('select[data-options-from]')) {
    const template = document.getElementById(select.dataset['optionsFrom'] ?? '');
    if (!(template instanceof HTMLTemplateElement)) continue;
    select.append(template.content.cloneNode(true));
    select.value = select.dataset['chosen'] ?? '';
    select.removeAttribute('data-options-from');
  }
}

/** <li data-until="selector">: something still to do, out of sight once the page shows that it is done. */
function until(): void {
  for (const line of document.querySelectorAll<HTMLElement>('[data-until]')) {
    line.hidden = document.querySelector(line.dataset['until'] ?? 'none') !== null;
    if (line.id.startsWith('missing-room-')) rest(line);
  }
}

/** "Kitchen: nothing seen yet" is not so any more once the page shows one thing of it seen. */
function rest(line: HTMLElement): void {
  const items = document.getElementById(line.id.replace('missing-room-', 'items-'));
  const left = items?.querySelectorAll('[data-unseen]').length;
  const words = line.firstElementChild;
  if (!left || !words || !items.querySelector('[data-seen]')) return;
  const said = words.textContent!.replace(/(nothing|\d+ things? not) seen yet$/, left === 1 ? '1 thing not seen yet' : `${left} things not seen yet`);
  if (words.textContent !== said) words.textContent = said;
}

/** <small data-count="#list">3 of 9</small>, <span data-left="#list">6 left</span>: counted from what the page shows. */
function count(): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-count], [data-left]')) {
    const list = document.querySelector(place.dataset['count'] ?? place.dataset['left'] ?? 'none');
    if (!list) continue;
    const seen = list.querySelectorAll('[data-seen]').length;
    const left = list.querySelectorAll('[data-unseen]').length;
    const words = 'left' in place.dataset ? `${left || 'None'} left` : `${seen} of ${seen + left}`;
    if (place.textContent !== words) place.textContent = words;
    if ('count' in place.dataset) place.closest('a')?.classList.toggle('is-tick', left === 0);
  }
}

/** <span data-many=".finding" data-one="finding">2 findings</span>: as on the page. */
function many(): void {
  for (const place of document.querySelectorAll<HTMLElement>('[data-many]')) {
    const found = document.querySelectorAll(place.dataset['many']!).length;
    const words = `${found} ${place.dataset['one']}${found === 1 ? '' : 's'}`;
    if (place.textContent !== words) place.textContent = words;
  }
}

/** A panel that has come into sight may ask the server afresh what is true. */
function shown(): void {
  const panel = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  for (const place of panel?.querySelectorAll('[hx-trigger="doorstep:shown"]') ?? []) {
    place.dispatchEvent(new CustomEvent('doorstep:shown'));
  }
}

/** A link to an item opens it, and its room's panel shows. */
function openTarget(): void {
  const target = location.hash.length > 1 ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  if (target instanceof HTMLDetailsElement) target.open = true;
}

/** Only Android knows geo: addresses. Others are led to the maps they have. */
function ways(): void {
  if (/Android/.test(navigator.userAgent)) return;
  const apple = /iPhone|iPad|Macintosh/.test(navigator.userAgent);
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^="geo:"]')) {
    const [latitude, longitude] = link.href.slice(4).split('?')[0]!.split(',');
    link.href = apple
      ? `https://maps.apple.com/?q=${latitude},${longitude}`
      : `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;
  }
}

/** <form data-manifest>: its `photos` field names every photograph on the page, sent or not, when it is submitted. */
function manifest(event: Event): void {
  const form = event.target as HTMLFormElement;
  const field = form.matches('[data-manifest]') ? form.querySelector<HTMLInputElement>('input[name="photos"]') : null;
  if (!field) return;
  const hashes = [...document.querySelectorAll<HTMLElement>('.photo[data-sha256]')].map((tile) => tile.dataset['sha256']);
  field.value = [...new Set(hashes.filter(Boolean))].join(' ');
}

export function startBits(): void {
  document.addEventListener('click', fill);
  document.addEventListener('submit', manifest, true);
  document.addEventListener('htmx:after:swap', () => {
    options(document);
    until();
    count();
    many();
    ways();
  });
  window.addEventListener('hashchange', openTarget);
  window.addEventListener('hashchange', shown);
  options(document);
  until();
  count();
  many();
  ways();
  openTarget();
}
