import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import k6 from '../../src/probes/k6.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { findK6 } from './k6/find-k6.ts';
import { serveHttp, type Loopback } from './loopback.ts';
import { runProbe } from './run-probe.ts';

const script = `${import.meta.dirname}/k6/orders.ts`;
const program = findK6();

const serveOrders = (status = 200): Promise<Loopback> => serveHttp((_request, response) => response.writeHead(status).end('[]'));

const run = (url: string, variables: object = {}, more: object = {}) =>
  runProbe(k6, { script, program, variables: { URL: url, ...variables }, ...more }, { timeoutMs: 60_000 });

describe('a real k6 with a script in TypeScript', () => {
  it('passes when every threshold is met, and its figures can be read', async () => {
    await using server = await serveOrders();
    const { outcome, readings } = await run(server.url);
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(readings).toMatchObject({
      'iterations count': 3,
      'checks value': 1,
      'took p(95)': expect.any(Number),
      'thresholds crossed': 0,
      exceptions: 0,
    });
  });

  it('fails with every threshold that is crossed', async () => {
    await using server = await serveOrders();
    const { outcome } = await run(server.url, { CHOICE: 'slow' });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons).toEqual([expect.stringMatching(/^took: p\(95\)<0\.001 is not met, it is \d+(\.\d+)?$/)]);
    await using broken = await serveOrders(500);
    expect((await run(broken.url)).outcome).toEqual({
      status: 'fail',
      reasons: ['checks: rate>0.9 is not met, it is 0', 'http_req_failed: rate<0.1 is not met, it is 1'],
    });
  });

  it('is an error when a threshold is met only because nothing was measured', async () => {
    await using server = await serveOrders();
    expect((await run(server.url, { CHOICE: 'unmeasured' })).outcome).toEqual({
      status: 'error',
      reasons: ['never: p(95)<500 is met only because nothing was measured'],
    });
    expect((await run(server.url, { CHOICE: 'unmeasured', NEVER: '1' })).outcome.status).toBe('pass');
  });

  it('is an error when nothing in the script could fail, or when it throws', async () => {
    await using server = await serveOrders();
    expect((await run(server.url, { CHOICE: 'none' })).outcome.reasons).toEqual([
      'the script declares no thresholds, so nothing in it could fail',
    ]);
    const { outcome } = await run(server.url, { THROWS: '1' });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(/^the script threw 3 times, first: Error: the order is not there at /);
  });

  it('is an error when the script cannot be read', async () => {
    await using folder = await createTempFolder('k6');
    const broken = path.join(folder.path, 'broken.ts');
    await writeFile(broken, 'this is no script');
    const { outcome } = await run('http://127.0.0.1:9', {}, { script: broken });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(/^k6 ended with exit code 107: could not initialize .*broken\.ts/);
  });

  it('is given its secrets, and none is recorded', async () => {
    const got: unknown[] = [];
    await using server = await serveHttp((request, response) => {
      got.push(request.headers.authorization);
      response.end('[]');
    });
    const { outcome, observation } = await run(server.url, {}, { secrets: { TOKEN: 'a-very-secret-token' } });
    expect(outcome.status).toBe('pass');
    expect(got[0]).toBe('a-very-secret-token');
    expect(JSON.stringify(observation)).not.toContain('a-very-secret-token');
  });

  it('may say as much as it likes', async () => {
    await using server = await serveOrders();
    const { outcome, observation } = await run(server.url, { CHATTY: '1' });
    expect(outcome.status).toBe('pass');
    expect(JSON.stringify(observation).length).toBeLessThan(20_000);
  });

  it('that lasts too long is an error', async () => {
    await using server = await serveOrders();
    const { outcome } = await runProbe(k6, { script, program, variables: { URL: server.url, LASTS: '600' } }, { timeoutMs: 1_000 });
    expect(outcome.status).toBe('error');
    expect(outcome.reasons[0]).toMatch(/^k6 was still running after \w+, when the time of the check was up$/);
  });
});
