/** One room at a time, chosen by the address's hash. Without script all rooms are shown. */

function show(): void {
  const wanted = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
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
      if (panel) link.toggleAttribute('aria-current', panel === current);
      if (panel !== current || !panel) continue;
      link.setAttribute('aria-current', 'page');
      // In a row that scrolls sideways the room one is in must be in sight; only the row moves.
      const row = link.closest('.rooms');
      if (row) row.scrollLeft = link.offsetLeft - 16;
    }
  }
  if (wanted && wanted.closest('[data-panels]')) wanted.scrollIntoView();
}

export function startPanels(): void {
  if (!document.querySelector('[data-panels]')) return;
  window.addEventListener('hashchange', show);
  document.addEventListener('htmx:after:swap', show);
  show();
}
