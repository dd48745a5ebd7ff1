/** One room at a time, chosen by the address's hash. Without script all rooms are shown. */

const target = (): HTMLElement | null =>
  location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;

/** Show the panel that holds the address's target, else the one shown last, else the first. */
function show(): void {
  const wanted = target();
  for (const group of document.querySelectorAll('[data-panels]')) {
    const panels = [...group.querySelectorAll<HTMLElement>('[data-panel]')];
    const current = panels.find((panel) => wanted && panel.contains(wanted)) ?? panels.find((panel) => !panel.hidden && panel.dataset['shown']) ?? panels[0];
    for (const panel of panels) {
      panel.hidden = panel !== current;
      if (panel === current) panel.dataset['shown'] = 'yes';
      else delete panel.dataset['shown'];
    }
    for (const link of document.querySelectorAll<HTMLAnchorElement>('a[href^="#"]')) {
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

export function startPanels(): void {
  if (!document.querySelector('[data-panels]')) return;
  window.addEventListener('hashchange', go);
  document.addEventListener('htmx:after:swap', show);
  go();
}
