/** In what order goes what cannot wait: help, then that somebody went in, then that they are well or out. */

import type { Op } from './command';
import { isStart, sessionOf } from './safety-begun';
import { sendUrgent } from './sender';

/** Help by itself: not behind the turn of another tab, a wifi's own page, or anything else that waits. */
export async function sendFirst(urgent: Op[], all: Op[]): Promise<void> {
  const queued = all.filter(({ status }) => status === 'queued');
  const isHead = (op: Op): boolean => queued.find(({ record }) => record === op.record) === op;
  const isHelp = ({ url }: Op): boolean => url.endsWith('/panic');
  await sendUrgent(urgent.filter(isHelp), all);
  await sendUrgent(queued.filter((op) => isStart(op) && isHead(op)), all);
  // The office knows no session whose start still waits here.
  const begun = (op: Op): boolean => !queued.some(({ id }) => id === sessionOf(op));
  await sendUrgent(urgent.filter((op) => !isHelp(op) && begun(op)), all);
}
