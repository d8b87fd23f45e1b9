import { describe, expect, it } from 'vitest';
import http from '../../../src/probes/http.ts';
import { waitUntil } from '../../sandbox/wait-until.ts';
import { serveHttp, type Loopback } from '../loopback.ts';
import { outOfTime } from '../out-of-time.ts';
import { runHttp } from '../run-http.ts';

type Behaviour = Readonly<Record<string, number | 'silence'>>;

/** Makes things and takes them away; `behaviour` gives other statuses, or no answer at all, by method and path. */
async function serveThings(behaviour: Behaviour = {}): Promise<Loopback & { readonly asked: string[] }> {
  const asked: string[] = [];
  const server = await serveHttp((request, response) => {
    const what = `${String(request.method)} ${String(request.url)}`;
    asked.push(what);
    const how = behaviour[what] ?? 200;
    if (how !== 'silence') response.writeHead(how).end('{"id":7}');
  });
  return { ...server, asked };
}

function threeParts(url: string) {
  return {
    before: [{ name: 'make it', method: 'POST', url: `${url}/things`, take: { id: 'id' } }],
    steps: [{ url: `${url}/things/{{id}}`, timeout: '5m' }],
    after: [
      { method: 'DELETE', url: `${url}/things/{{id}}` },
      { method: 'DELETE', url: `${url}/rest` },
    ],
  };
}

/** The step that is not answered was asked. */
const asksInVain = ({ asked }: { readonly asked: readonly string[] }): Promise<unknown> =>
  waitUntil('the step was asked', () => asked.includes('GET /things/7'), { withinMs: 60_000, everyMs: 5 });

const cleanedUp = ['DELETE /things/7', 'DELETE /rest'];

describe('set-up and clean-up', () => {
  it('surround the steps', async () => {
    await using server = await serveThings();
    const { outcome, seen } = await runHttp(threeParts(server.url));
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
    expect(server.asked).toEqual(['POST /things', 'GET /things/7', ...cleanedUp]);
    expect([seen.before, seen.steps, seen.after].map((each) => each?.length)).toEqual([1, 1, 2]);
  });

  it('clean up after a failure, which stays the reason', async () => {
    await using server = await serveThings({ 'GET /things/7': 500 });
    const { outcome } = await runHttp(threeParts(server.url));
    expect(outcome).toEqual({ status: 'fail', reasons: [`step 1 GET ${server.url}/things/{{id}}: status 500, expected 2xx`] });
    expect(server.asked).toEqual(['POST /things', 'GET /things/7', ...cleanedUp]);
  });

  it('fail with every step of the clean-up that fell short, each of which was made', async () => {
    await using server = await serveThings({ 'DELETE /things/7': 500, 'DELETE /rest': 404 });
    const { outcome } = await runHttp(threeParts(server.url));
    expect(outcome).toEqual({
      status: 'fail',
      reasons: [
        `after: step 1 DELETE ${server.url}/things/{{id}}: status 500, expected 2xx`,
        `after: step 2 DELETE ${server.url}/rest: status 404, expected 2xx`,
      ],
    });
  });

  it('fail with the set-up, make no step then, and clean up what there is', async () => {
    await using server = await serveThings({ 'POST /things': 503 });
    const { outcome, seen } = await runHttp({
      ...threeParts(server.url),
      before: [{ method: 'POST', url: `${server.url}/things`, take: { id: 'nothing' } }],
    });
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons[0]).toBe(`before: step 1 POST ${server.url}/things: status 503, expected 2xx`);
    expect(server.asked).toEqual(['POST /things', 'DELETE /rest']);
    expect(seen.after?.[0]).toEqual({ needless: 'nothing was taken as "id"' });
  });

  it('clean up when the time of the check is up, which stays the reason', async () => {
    await using server = await serveThings({ 'GET /things/7': 'silence' });
    const { outcome } = await outOfTime(http, threeParts(server.url), asksInVain(server));
    expect(outcome.reasons).toEqual([expect.stringContaining('timed out (no whole answer before the time of the check was up')]);
    expect(server.asked).toEqual(['POST /things', 'GET /things/7', ...cleanedUp]);
  });

  it('clean up when the run is stopped, and then it ends as stopped', async () => {
    await using server = await serveThings({ 'GET /things/7': 'silence' });
    const controller = new AbortController();
    const running = runHttp(threeParts(server.url), { signal: controller.signal, timeoutMs: 60_000 });
    server.server.on('request', ({ method }: { method: string }) => {
      if (method === 'GET') controller.abort(new Error('stopped'));
    });
    await expect(running).rejects.toThrow('stopped');
    expect(server.asked).toEqual(['POST /things', 'GET /things/7', ...cleanedUp]);
  });

  it('end even when the clean-up is what hangs', async () => {
    await using server = await serveThings({ 'GET /things/7': 'silence', 'DELETE /things/7': 'silence', 'DELETE /rest': 'silence' });
    const { outcome } = await outOfTime(http, threeParts(server.url), asksInVain(server));
    expect(outcome.reasons).toHaveLength(3);
    expect(outcome.reasons[1]).toContain('after: step 1 DELETE');
  });
});
