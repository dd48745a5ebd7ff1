/** When the phone cannot store at all, a command may still go straight to the office, or not at all. */

import { judge, type Reply } from './answers';
import { sendHeaders, type Captured, type Op } from './command';
import { sha256, uuid7 } from './ids';
import { request } from './transport';

/** The server's answer if it took the command or remarked on the form; null when nothing can be promised. */
export async function straight(captured: Captured): Promise<Reply | null> {
  const op: Op = {
    ...captured, v: 1, sha256: await sha256(captured.body ?? ''), device: uuid7(), sequence: 0,
    status: 'queued', tries: 0, nextTry: 0, askedToWait: false, answer: null,
  };
  const reply = await request(op.method, op.url, sendHeaders(op, [], null), op.body, { progress() {}, weak() {} });
  const verdict = judge(op, reply);
  return verdict.kind === 'received' || (verdict.kind === 'refused' && reply?.status === 422) ? reply : null;
}
