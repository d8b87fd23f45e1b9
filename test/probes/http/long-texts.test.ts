import { expect, it } from 'vitest';
import { parseAssertion } from '../../../src/check/assertion/parse.ts';
import { judgeAssertions } from '../../../src/check/assertion/judge.ts';
import http from '../../../src/probes/http.ts';
import type { HttpOptions } from '../../../src/probes/http/options.ts';
import { readingsOfHttp } from '../../../src/probes/http/readings.ts';
import { read } from '../../../src/probes/http/read.ts';

const secret = 'a-session-that-was-taken';

/** What assertions say of an answer with this text in its body and in a header. */
async function said(note: string, text: string, expected: object = {}) {
  const options = http.options.parse({ steps: [{ url: 'http://a', expect: expected }] }) as HttpOptions;
  const [step] = options.steps;
  const parsed = parseAssertion(text);
  if (step === undefined || !parsed.ok) throw new Error(text);
  const raw = { status: 200, headers: { 'x-note': note }, body: Buffer.from(JSON.stringify({ note })), truncated: false };
  const wanted = { headers: ['x-note'], paths: ['note'], body: false };
  const { content } = await read(step, raw, new Map([['session', secret]]), wanted);
  const request = { method: 'GET', url: 'http://a', headers: [] };
  const answer = { ...content, firstByteMs: 1, totalMs: 1 };
  const observation = { steps: [{ request, attempts: 1, durationMs: 1, taken: {}, answer }] };
  return { judged: http.judge(options, observation), ...judgeAssertions([parsed.assertion], readingsOfHttp(options, observation)) };
}

it.each(['json note', 'header x-note'])('%s is looked at to its end', async (subject) => {
  const note = `${'a'.repeat(5_000)} error`;
  expect((await said(note, `${subject} does not contain error`)).failed).toHaveLength(1);
  expect((await said(note, `${subject} does not match /error/`)).failed).toHaveLength(1);
  expect(await said(note, `${subject} contains error`)).toMatchObject({ failed: [], untold: [] });
});

it.each(['json note', 'header x-note'])('%s is not said to lack what may stand where nobody looks', async (subject) => {
  // What is masked makes a text shorter, and it was cut all the same.
  const note = `${secret}${'a'.repeat(100_000)} error`;
  expect((await said(note, `${subject} does not contain error`)).untold).toHaveLength(1);
  expect((await said(note, `${subject} does not contain ${secret}`)).failed).toEqual([]);
});

it('a long text is compared whole and cut where it is shown', async () => {
  const note = 'a'.repeat(5_000);
  const longest = 'a'.repeat(1_000);
  expect((await said(longest, 'status is 200', { json: { note: longest } })).judged.status).toBe('pass');
  expect((await said(note, 'status is 200', { json: { note: longest } })).judged.status).toBe('fail');
  const { reasons } = (await said(note, 'status is 200', { json: { note: 'b' } })).judged;
  expect(reasons).toEqual([`step 1 GET http://a: note is "${'a'.repeat(1_000)}…", expected "b"`]);
});
