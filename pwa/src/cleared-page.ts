/** Where not even our own page for no signal is left: made by the worker, with what it still knows. */

import { items } from './command';
import { allOps } from './ops';
import { count } from './words';

/** Its style, which the worker carries too: every sheet was cleared. Colours as in styles/_tokens.scss. */
export const CLEARED_SHEET = '/cleared.css';
const LIGHT = '--paper:#eef2f1;--ink:#0c2229;--soft:#394d54;--action:#005a63;--edge:#00363c;--on:#fff';
const DARK = '--paper:#081418;--ink:#eef5f4;--soft:#b8c9cc;--action:#6ccdc8;--edge:#2f8783;--on:#03211f';
const CSS = `:root{color-scheme:light dark;${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
body{margin:0;background:var(--paper);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{max-width:34rem;margin:0 auto;padding:4.5rem 1rem 6rem}
h1{margin:0 0 .5rem;font-size:1.625rem;line-height:1.2;text-wrap:balance}
p{margin:0 0 1rem;color:var(--soft)}
b{color:var(--ink)}
a{display:flex;align-items:center;justify-content:center;min-height:3.25rem;border-radius:.625rem;background:var(--action);box-shadow:0 3px 0 var(--edge);color:var(--on);font-weight:700;text-decoration:none}
a:focus-visible{outline:3px solid #ffc933;outline-offset:2px}`;

export const clearedSheet = (): Response => new Response(CSS, { headers: { 'Content-Type': 'text/css; charset=utf-8' } });

export async function clearedPage(): Promise<Response> {
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>The office cannot be reached</title><link rel="stylesheet" href="${CLEARED_SHEET}">
<main><h1>The office cannot be reached</h1><p>${await safe()}</p><p>This phone’s browser cleared the pages that were kept on it, so none can be shown until there is signal.</p><a href="">Try again</a></main></html>`;
  return new Response(html, { status: 503, headers: { 'Content-Type': 'text/html; charset=utf-8' } });
}

/** What was recorded is in another store, which is not cleared with the pages. */
async function safe(): Promise<string> {
  const waits = await allOps().then((ops) => items(ops).length, () => null);
  if (waits === null) return 'Doorstep could not look at what was recorded here.';
  if (!waits) return 'Nothing recorded here was waiting to be sent.';
  const [is, goes] = waits === 1 ? ['is', 'goes'] : ['are', 'go'];
  return `<b>${count(waits, 'thing')} recorded here ${is} still on this phone</b>, and ${goes} to the office when you open Doorstep with signal.`;
}
