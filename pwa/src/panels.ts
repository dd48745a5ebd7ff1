/** One room at a time, chosen by the address's hash. Without script all rooms are shown. */

const target = (): HTMLElement | null =>
  location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;

/** Show the panel that holds the address's target, else the one shown last, else the first. */
function show(): void {
  also();
  const wanted = target();
  for (const group of document.querySelectorAll('[data-panels]')) {
    const panels = [...group.querySelectorAll<HTMLElement>('[data-panel]')];
    const current = panels.find((panel) => wanted && panel.contains(wanted)) ?? panels.find((panel) => !panel.hidden && panel.dataset['shown']) ?? panels[0];
    for (const panel of panels) {
      panel.hidden = panel !== current;
      if (panel === current) panel.dataset['shown'] = 'yes';
      else delete panel.dataset['shown'];
    }
    dock(panels, panels.indexOf(current!));
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]:not([data-next])')) {
      const panel = panels.find((one) => `#${one.id}` === link.getAttribute('href'));
      if (!panel) continue;
      if (panel !== current) link.removeAttribute('aria-current');
      else if (link.getAttribute('aria-current') !== 'page') reach(link);
    }
  }
}

/** In a row that scrolls sideways the room one is in must be in sight; only the row moves, and only when the room is new to it. */
function reach(link: HTMLAnchorElement): void {
  link.setAttribute('aria-current', 'page');
  const row = link.closest('.rooms');
  if (row) row.scrollLeft = link.offsetLeft - 16;
}

/** Somebody asked for another room: go there. An answer that comes meanwhile moves nothing under a thumb. */
function go(): void {
  show();
  const wanted = target();
  if (wanted?.closest('[data-panels]')) wanted.scrollIntoView();
}

/**
 * <template data-also="selector">: a room made on this phone stands also in lists elsewhere on the page, at the end or
 * before the last. Looked at again after every change: a list fresh from the server may not know the room.
 */
function also(): void {
  for (const template of document.querySelectorAll<HTMLTemplateElement>('template[data-also]')) {
    const line = template.content.firstElementChild;
    const list = document.querySelector(template.dataset['also'] ?? 'none');
    if (!line || !list || document.getElementById(line.id)) continue;
    list.insertBefore(line.cloneNode(true), template.dataset['place'] === 'before last' ? list.lastElementChild : null);
  }
}

/** The one thing to do, at the bottom: on to the next panel that has a name, or what belongs to the panel shown. */
function dock(panels: HTMLElement[], at: number): void {
  const next = panels.slice(at + 1).find((panel) => panel.dataset['panel']);
  for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-next]')) {
    link.hidden = !next;
    link.href = `#${next?.id}`;
    link.textContent = next?.dataset['panel'] ?? '';
  }
  for (const action of document.querySelectorAll<HTMLElement>('[data-only-at]')) {
    action.hidden = panels[at]?.id !== action.dataset['onlyAt'];
  }
}

export function startPanels(): void {
  if (!document.querySelector('[data-panels]')) return;
  window.addEventListener('hashchange', go);
  document.addEventListener('htmx:after:swap', show);
  go();
}
