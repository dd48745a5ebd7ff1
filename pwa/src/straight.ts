/** Commands that go straight to the office: what this phone cannot store, and what it may not. */

import { judge, sentenceOf, type Reply, type Verdict } from './answers';
import { sendHeaders, type Captured, type Op } from './command';
import { sha256, uuid7 } from './ids';
import { opsOf } from './ops';
import { remint } from './mint';
import { getMeta } from './store';
import { request } from './transport';

const STILL_HERE = 'It is not saved on this phone either. What you typed is still here';
const NO_ANSWER =
  `The office could not be reached, so this may not be saved. ${STILL_HERE}: press the button again when there is signal.`;

/** The server's answer if it took the command or remarked on the form; null when nothing can be promised. */
export async function straight(captured: Captured): Promise<Reply | null> {
  const { reply, verdict } = await post(captured);
  return isAnswer(reply, verdict) ? reply : null;
}

/** For a form marked data-unkept, whose words may not stay on a phone that others use too: now, or not at all. */
export async function unkept(form: HTMLFormElement, captured: Captured): Promise<Response> {
  form.querySelector('[data-unsent]')?.remove();
  const { reply, verdict } = await post(captured);
  // The next one is another: under the same id it would be taken for this one again.
  if (verdict.kind === 'received') remint(form);
  if (reply && isAnswer(reply, verdict)) return new Response(reply.text, { status: reply.status, headers: reply.headers });
  const answered = reply && verdict.kind !== 'portal';
  sayIn(form, answered ? `${sentenceOf(reply.text)} This was not saved. ${STILL_HERE}.` : NO_ANSWER);
  return new Response(null, { status: 204 });
}

/** In the form and not over it: its button is wanted next. */
function sayIn(form: HTMLFormElement, words: string): void {
  const said = Object.assign(document.createElement('p'), { className: 'notice', textContent: words, role: 'alert' });
  said.dataset['unsent'] = '';
  form.append(said);
}

const isAnswer = (reply: Reply | null, { kind }: Verdict): boolean =>
  kind === 'received' || (kind === 'refused' && reply?.status === 422);

async function post(captured: Captured): Promise<{ reply: Reply | null; verdict: Verdict }> {
  // What waits here is said as ever; a store that does not open has nothing to say.
  const [device, waiting] = await Promise.all([
    getMeta<string>('device').catch(() => undefined),
    opsOf(captured.author).catch(() => []),
  ]);
  const op: Op = {
    ...captured, v: 1, sha256: await sha256(captured.body ?? ''), device: device ?? uuid7(), sequence: 0,
    status: 'queued', tries: 0, nextTry: 0, askedToWait: false, answer: null,
  };
  const reply = await request(op.method, op.url, sendHeaders(op, waiting, null), op.body, { progress() {}, weak() {} });
  return { reply, verdict: judge(op, reply) };
}
