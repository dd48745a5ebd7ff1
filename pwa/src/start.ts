/** Beginning a record with no signal: the kept blank page becomes the page of the record just made. */

import { field, type Captured } from './command';
import { BLANK_ID } from './ids';
import { keptPage, keepText } from './kept';

/** Goes to the new record's page if the phone has a blank one; otherwise stays, and the command waits. */
export async function startRecord(form: HTMLFormElement, captured: Captured): Promise<void> {
  const { start, blank } = form.dataset;
  const id = field(captured, 'id');
  // Which blank page depends on what was chosen: a placeholder like {kind} takes the field's value.
  const page = blank ? await keptPage(blank.replace(/\{(\w+)\}/g, (_, name) => field(captured, name) ?? '')) : null;
  if (!start || !id || !page) return;
  const url = start.replaceAll('{id}', id);
  await keepText(url, page, (await page.text()).replaceAll(BLANK_ID, id));
  location.assign(url);
}
