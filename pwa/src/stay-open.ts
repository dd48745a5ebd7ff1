/** What somebody has open stays open when the server's own look takes the place of what was there. */

// Some are there again only a moment later: an item's own forms are made when the item opens.
const opened = new Set<string>();

function remember(): void {
  for (const details of document.querySelectorAll('details[open][id]')) opened.add(details.id);
}

function putBack(): void {
  for (const id of [...opened]) {
    const found = document.getElementById(id);
    if (!(found instanceof HTMLDetailsElement)) continue;
    opened.delete(id);
    if (!found.open) found.open = true;
  }
}

export function startStayingOpen(): void {
  document.addEventListener('htmx:before:swap', remember);
  document.addEventListener('htmx:after:swap', putBack);
}
