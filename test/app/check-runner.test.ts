import { expect, it } from 'vitest';
import { z } from 'zod';
import { checkRunner } from '../../src/app/check-runner.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createRedactor } from '../../src/base/redact.ts';
import { parseAssertion } from '../../src/check/assertion/parse.ts';
import { onDemand } from '../../src/check/check.ts';
import { defineProbe } from '../../src/check/probe.ts';
import { readingsOfHttp } from '../../src/probes/http/readings.ts';
import http from '../../src/probes/http.ts';
import type { HttpOptions } from '../../src/probes/http/options.ts';
import { keepParts } from '../probes/kept.ts';

const answer = {
  status: 200,
  headers: {},
  bytes: 2,
  truncated: false,
  isJson: false,
  json: {},
  contains: {},
  excerpt: '',
  firstByteMs: 3,
  totalMs: 900,
  certificate: { subject: 'CN=a', issuer: 'CN=b', leftMs: 3 * 86_400_000 },
};
const step = { request: { method: 'GET', url: 'http://a', headers: [] }, attempts: 1, durationMs: 900, taken: {} };

/** Sees the same answer each time: a slow one, whose certificate ends soon. */
const slow = defineProbe({
  kind: 'slow',
  summary: 'A slow answer.',
  options: z.unknown(),
  observation: z.unknown(),
  observe: () => Promise.resolve({}),
  judge: () => ({ status: 'pass', reasons: [] }),
  readings: () => readingsOfHttp(http.options.parse({ steps: [{ url: 'http://a' }] }) as HttpOptions, { steps: [{ ...step, answer }] }),
  reach: () => ({ target: 'a', isLocal: false, way: 'answered' }),
});

async function wayOf(text: string) {
  const parsed = parseAssertion(text);
  if (!parsed.ok) throw new Error(parsed.mistake.message);
  await using kept = keepParts();
  const run = checkRunner({ probes: new Map([['slow', slow]]), clock: systemClock, redactor: createRedactor([]), kept });
  const terms = { name: 'c', ref: [], statement: 'c', probe: 'slow', timeoutMs: 1_000, options: {}, assertions: [parsed.assertion] };
  const { status, met } = await run({ ...onDemand, ...terms }, new AbortController().signal);
  return { status, way: met?.way };
}

it.each([
  ['total < 500ms', 'too-slow'],
  ['total < 0', 'too-slow'],
  ['certificate > 14d', 'wrong-answer'],
  ['certificate < 0', 'wrong-answer'],
  ['status is 500', 'wrong-answer'],
])('an answer that fails by %s is a %s', async (text, way) => {
  expect(await wayOf(text)).toEqual({ status: 'fail', way });
});
