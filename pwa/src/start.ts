/** Beginning a record with no signal: the kept blank page becomes the page of the record just made. */

import type { Captured } from './command';
import { named } from './fields';
import { BLANK_ID } from './ids';
import { keptPage, keepText } from './kept';

/** Goes to the new record's page if the phone has a blank one; otherwise stays, and the command waits. */
export async function startRecord(form: HTMLFormElement, captured: Captured): Promise<void> {
  const { start, blank } = form.dataset;
  const values = new URLSearchParams(captured.body ?? '');
  const id = values.get('id');
  // Which blank page depends on what was chosen: {kind} takes the field's value.
  const page = blank ? await keptPage(named(blank, values)) : null;
  // Only the worker opens a kept page. Without one the office would be asked for what it may not know yet.
  if (!start || !id || !page || !navigator.serviceWorker?.controller) return;
  const url = named(start, values);
  await keepText(url, page, backToVisit((await page.text()).replaceAll(BLANK_ID, id), values.get('visit')));
  location.assign(url);
}

/** The blank page knows no visit; what is begun on one leads back to where it was begun. */
function backToVisit(html: string, visit: string | null): string {
  if (!visit) return html;
  const way = `/visits/${encodeURIComponent(visit)}`;
  return html
    .replace(/class="backlink" href="[^"]*"/, () => `class="backlink" href="${way}#work"`)
    .replace(/data-homeward href="[^"]*">[^<]*</, () => `data-homeward href="${way}#leave">Back to the visit<`);
}
