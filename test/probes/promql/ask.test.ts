import { Agent } from 'undici';
import { expect, it } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { askPrometheus } from '../../../src/probes/promql/ask.ts';
import { serveHttp } from '../loopback.ts';

it('takes a login that is not well-formed as it stands', async () => {
  let told: string | undefined;
  await using server = await serveHttp((request, response) => {
    told = request.headers.authorization;
    response.end('{"status":"success","data":{"resultType":"scalar","result":[1,"5"]}}');
  });
  const url = server.url.replace('//', '//a%zz:b%20c@');
  const context = { clock: systemClock, signal: new AbortController().signal, keep: () => Promise.reject(new Error('keeps nothing')) };
  expect(await askPrometheus('5', { url, requestTimeout: 5_000 }, new Agent({ pipelining: 0 }), context)).toMatchObject({ type: 'scalar' });
  expect(told).toBe(`Basic ${Buffer.from('a%zz:b c').toString('base64')}`);
});
