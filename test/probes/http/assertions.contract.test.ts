import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { parseAssertion } from '../../../src/check/assertion/parse.ts';
import { serveHttp } from '../loopback.ts';
import { onlyStep, runHttp } from '../run-http.ts';

function assertion(text: string) {
  const parsed = parseAssertion(text);
  if (!parsed.ok) throw new Error(parsed.mistake.message);
  return parsed.assertion;
}

/** What assertions make of an answer. */
async function said(answer: { readonly status?: number; readonly body?: string }, assertions: readonly string[], own: object = {}) {
  await using server = await serveHttp((_request, response) => response.writeHead(answer.status ?? 200).end(answer.body));
  const { outcome } = await runHttp({ steps: [{ url: server.url }], ...own }, { assertions: assertions.map(assertion) });
  return outcome;
}

describe('an answer that is not JSON', () => {
  it.each([
    ['a page', { body: '<h1>Soon back</h1>' }, '<h1>Soon back</h1>'],
    ['nothing', {}, ''],
    ['no content', { status: 204 }, ''],
  ])('but %s is wrong where an assertion names a part of it', async (_name, answer, shown) => {
    expect(await said(answer, ['json status is "ok"', 'json error does not exist'])).toEqual({
      status: 'fail',
      reasons: [
        `the answer is not JSON: "${shown}", expected json status "ok"`,
        `the answer is not JSON: "${shown}", expected json error not to exist`,
      ],
    });
  });

  it('is none of the reasons when there was no answer at all', async () => {
    await using server = await serveHttp((_request, response) => response.destroy());
    const { outcome } = await runHttp({ steps: [{ url: server.url }] }, { assertions: [assertion('json status is "ok"')] });
    expect(outcome).toEqual({ status: 'fail', reasons: [expect.stringContaining('the connection was closed')] });
  });
});

describe('an answer that is larger than what is read', () => {
  const large = { body: JSON.stringify({ a: 1, text: 'x'.repeat(5_000) }) };
  const readAtMost = { readAtMost: '2KiB' };
  const why = 'cannot be told: the answer is larger than readAtMost (2KiB)';

  it.each(['body contains x', 'body does not contain y', 'json a is 1', 'json b does not exist', 'size < 1MB'])(
    'leaves untold whether %s',
    async (text) => {
      expect(await said(large, [text], readAtMost)).toEqual({ status: 'error', reasons: [`"${text}" ${why}`] });
      expect(await said(large, [text])).toEqual({ status: 'pass', reasons: [] });
    },
  );

  it('is no JSON that can be told even where its beginning is', async () => {
    expect(await said({ body: '1'.repeat(5_000) }, ['json a does not exist'], readAtMost)).toMatchObject({ status: 'error' });
  });

  it('is too large for a size that was exceeded by what was read', async () => {
    expect(await said(large, ['size < 1KB'], readAtMost)).toEqual({ status: 'fail', reasons: ['size at least 2.05kB, expected < 1kB'] });
    expect(await said(large, ['size <= 2KiB'], readAtMost)).toMatchObject({ status: 'fail' });
    expect(await said(large, ['size > 2KiB'], readAtMost)).toEqual({ status: 'pass', reasons: [] });
  });

  it('has at least what was read where it was cut while it was compressed', async () => {
    const body = gzipSync(randomBytes(8_192));
    await using server = await serveHttp((_request, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(body));
    const run = await runHttp({ steps: [{ url: server.url }], ...readAtMost });
    const { bytes = Number.NaN } = onlyStep(run).answer ?? {};
    expect(bytes).toBeLessThan(2_048);
    expect(run.readings.get('size')?.value).toBe(bytes);
  });

  it('is told of with the bound that holds where none is given', async () => {
    const body = 'x'.repeat(1024 * 1024 + 1);
    expect(await said({ body }, ['body contains x'])).toEqual({
      status: 'error',
      reasons: ['"body contains x" cannot be told: the answer is larger than readAtMost (1MiB)'],
    });
    expect((await said({ body }, ['size < 1MB'])).status).toBe('fail');
  });
});
