import { describe, expect, it } from 'vitest';
import http from '../../../src/probes/http.ts';
import { serveHttp } from '../loopback.ts';
import { runHttp } from '../run-http.ts';

const page = JSON.stringify({ user: { tier: 'pro', seats: 3, tags: ['a'] }, access_token: 'a-fresh-token' });
const headers = { 'content-type': 'application/json', 'set-cookie': 'sid=very-private; Path=/; HttpOnly', 'x-version': '2' };
const serve = () => serveHttp((_request, response) => response.writeHead(200, headers).end(page));

describe('readings', () => {
  it('are what assertions can name of the last step, and of each that has a name', async () => {
    await using server = await serve();
    const { readings } = await runHttp({ steps: [{ name: 'first', url: server.url }, { url: server.url }] });
    const own = ['status', 'total', 'dns', 'connect', 'tls', 'first byte', 'transfer', 'size', 'http version', 'redirects'];
    expect([...readings.keys()].toSorted()).toEqual([...own, ...own.map((name) => `first: ${name}`)].toSorted());
    expect(readings.get('status')).toEqual({ value: 200 });
    expect(readings.get('size')).toEqual({ value: page.length, unit: 'bytes' });
    expect(readings.get('http version')).toEqual({ value: 1.1 });
    expect(readings.get('total')?.unit).toBe('ms');
  });

  it('have phases that add up to the total', async () => {
    await using server = await serve();
    const { readings } = await runHttp({ steps: [{ url: server.url }] });
    const of = (name: string): number => Number(readings.get(name)?.value);
    expect(of('dns') + of('connect') + of('tls') + of('first byte') + of('transfer')).toBeCloseTo(of('total'), 6);
    expect(Math.min(of('connect'), of('first byte'))).toBeGreaterThan(0);
  });

  it('hold headers, parts and the body where an assertion names them, and no others', async () => {
    await using server = await serve();
    const wanted = ['header X-Version', 'json user.tier', 'json user.seats', 'json user.tags', 'json user.none', 'first: body', 'status'];
    const { readings, seen } = await runHttp({ steps: [{ name: 'first', url: server.url }, { url: server.url }] }, { wanted });
    expect(readings.get('header x-version')).toEqual({ value: '2' });
    expect(readings.get('json user.tier')).toEqual({ value: 'pro' });
    expect(readings.get('json user.seats')).toEqual({ value: 3 });
    expect(readings.get('json user.tags')).toEqual({ value: 'a list of 1', isKind: true });
    expect(readings.get('json user.none')).toEqual({ value: undefined });
    expect(readings.has('body')).toBe(false);
    expect(readings.get('first: body')?.value).toContain('"tier":"pro"');
    expect(seen.steps[0]?.answer?.headers).toEqual({});
  });

  it('hold no credential', async () => {
    await using server = await serve();
    const { readings, seen } = await runHttp(
      { steps: [{ url: server.url }] },
      { wanted: ['header set-cookie', 'json access_token', 'body'] },
    );
    expect(readings.get('header set-cookie')).toEqual({ value: 'sid=[redacted]; Path=/; HttpOnly' });
    expect(readings.get('json access_token')).toEqual({ value: '[redacted]' });
    expect(JSON.stringify(seen)).not.toMatch(/very-private|a-fresh-token/);
  });

  it('leave out a body that is too long to be kept', async () => {
    await using server = await serveHttp((_request, response) => response.end('x'.repeat(300_000)));
    const { readings } = await runHttp({ steps: [{ url: server.url }] }, { wanted: ['body'] });
    expect(readings.has('body')).toBe(false);
    expect(readings.get('size')).toEqual({ value: 300_000, unit: 'bytes' });
  });

  it('are none of the last step when it was not made', async () => {
    await using server = await serveHttp((_request, response) => response.writeHead(500).end());
    const { readings } = await runHttp({ steps: [{ name: 'first', url: server.url }, { url: server.url }] });
    expect(readings.get('first: status')).toEqual({ value: 500 });
    expect(readings.has('status')).toBe(false);
  });

  it('are read from evidence that was recorded before there were any', () => {
    const step = { request: { method: 'GET', url: 'http://x', headers: [] }, attempts: 1, durationMs: 5, taken: {} };
    const answer = {
      status: 200,
      headers: {},
      bytes: 2,
      truncated: false,
      isJson: true,
      json: {},
      contains: {},
      excerpt: '{}',
      firstByteMs: 3,
      totalMs: 4,
    };
    const observation = http.observation.parse({ steps: [{ ...step, answer }] });
    const options = http.options.parse({ steps: [{ url: 'http://x' }] });
    expect(http.judge(options, observation)).toEqual({ status: 'pass', reasons: [] });
    expect(http.readings?.(options, observation).get('total')).toEqual({ value: 4, unit: 'ms' });
  });
});

describe('measures', () => {
  const measures = async (steps: readonly object[]) => {
    const { seen } = await runHttp({ steps });
    return new Map(
      (http.measures?.(http.options.parse({ steps }), seen, 0) ?? []).map(({ metric, phase = '', value }) => [metric + phase, value]),
    );
  };

  it('are those of the blackbox exporter: times of all steps, and the rest of the last answer', async () => {
    await using server = await serve();
    const told = await measures([{ url: server.url }, { url: server.url }]);
    expect(told.get('probe_http_duration_secondsconnect')).toBeGreaterThan(0);
    expect(told.get('probe_http_duration_secondstls')).toBe(0);
    expect(told.get('probe_http_status_code')).toBe(200);
    expect(told.get('probe_http_content_length')).toBe(page.length);
    expect(told.get('probe_http_version')).toBe(1.1);
    expect(told.get('probe_http_ssl')).toBe(0);
    expect(told.has('probe_ssl_earliest_cert_expiry')).toBe(false);
  });

  it('have status 0 when there was no answer', async () => {
    await using server = await serveHttp((_request, response) => response.destroy());
    expect((await measures([{ url: server.url }])).get('probe_http_status_code')).toBe(0);
  });
});

describe('connections', () => {
  it.each([
    ['fresh', 3],
    ['kept', 1],
  ])('are %s', async (connection, expected) => {
    await using server = await serve();
    let connections = 0;
    server.server.on('connection', () => (connections += 1));
    const step = { url: server.url };
    const { outcome, seen } = await runHttp({ steps: [step, step, step], connection });
    expect(outcome.status).toBe('pass');
    expect(connections).toBe(expected);
    expect(seen.steps.filter(({ answer }) => (answer?.timing?.connectMs ?? 0) > 0)).toHaveLength(expected);
  });

  it('that are kept are opened anew when the target closes them', async () => {
    await using server = await serveHttp((_request, response) => response.writeHead(200, { connection: 'close' }).end());
    const { outcome } = await runHttp({ steps: [{ url: server.url }, { url: server.url }], connection: 'kept' });
    expect(outcome).toEqual({ status: 'pass', reasons: [] });
  });
});

describe('a JSON Schema', () => {
  const schema = {
    type: 'object',
    required: ['user'],
    properties: {
      user: { type: 'object', properties: { tier: { enum: ['free', 'pro'] }, seats: { type: 'integer' } }, additionalProperties: false },
    },
  };
  const run = async (own: object, body: unknown = JSON.parse(page)) => {
    await using server = await serveHttp((_request, response) => response.end(JSON.stringify(body)));
    const { outcome } = await runHttp({ steps: [{ url: server.url, expect: { schema: own } }] });
    return { ...outcome, reasons: outcome.reasons.map((reason) => reason.replace(/^step 1 GET \S+: /, '')) };
  };

  it('holds, or the reason says where it does not', async () => {
    expect(await run(schema, { user: { tier: 'pro', seats: 3 } })).toEqual({ status: 'pass', reasons: [] });
    expect(await run(schema, { user: { seats: 'three' } })).toEqual({
      status: 'fail',
      reasons: ['not as the JSON Schema says: /user/seats must be integer'],
    });
    expect(await run(schema)).toEqual({
      status: 'fail',
      reasons: ['not as the JSON Schema says: /user must NOT have additional properties ("tags")'],
    });
    expect(await run(schema, {})).toMatchObject({
      reasons: ["not as the JSON Schema says: the answer must have required property 'user'"],
    });
  });

  it('may be of an older draft', async () => {
    const older = { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }, { type: 'number' }] };
    expect((await run(older, ['a', 1])).status).toBe('pass');
    expect((await run(older, [1, 'a'])).reasons).toEqual(['not as the JSON Schema says: /0 must be string']);
  });

  it('that is none is an error, and no failure of the target', async () => {
    expect(await run({ type: 'nothing' })).toMatchObject({
      status: 'error',
      reasons: [expect.stringContaining('the JSON Schema cannot be used')],
    });
  });

  it('is not met by what is not JSON', async () => {
    await using server = await serveHttp((_request, response) => response.end('<html>'));
    const { outcome } = await runHttp({ steps: [{ url: server.url, expect: { schema } }] });
    expect(outcome.reasons).toEqual([`step 1 GET ${server.url}: the answer is not JSON: "<html>"`]);
  });
});

describe('options', () => {
  const url = 'http://x';
  it.each([
    ['a certificate without its key', { steps: [{ url }], tls: { certificate: 'c.pem' } }, 'give "certificate" and "key", or neither'],
    ['two ways to say who asks', { steps: [{ url, auth: { token: 't' }, headers: { Authorization: 'x' } }] }, 'give "auth" or the header'],
    ['too much to read', { steps: [{ url }], readAtMost: '65MiB' }, 'at most 64MiB'],
    ['a size without a unit', { steps: [{ url }], readAtMost: '1000' }, 'must match pattern'],
    ['a name for a name server', { steps: [{ url }], resolver: 'dns.test' }, 'must match pattern'],
    [
      'a step before that uses what comes later',
      { before: [{ url: 'http://x/{{id}}' }], steps: [{ url, take: { id: 'id' } }] },
      'no earlier step takes "id"',
    ],
  ])('refuse %s', (_name, own, message) => {
    expect(http.options.safeParse(own).error?.issues[0]?.message).toContain(message);
  });

  it('let the clean-up use what any step takes', () => {
    const own = { before: [{ url, take: { a: 'a' } }], steps: [{ url, take: { b: 'b' } }], after: [{ url: 'http://x/{{a}}/{{b}}' }] };
    expect(http.options.safeParse(own).error).toBeUndefined();
  });
});

it('a step that was never made is an error, also in the clean-up', () => {
  const options = http.options.parse({ steps: [{ url: 'http://x' }], after: [{ url: 'http://y' }] });
  expect(http.judge(options, { steps: [] })).toEqual({
    status: 'error',
    reasons: ['step 1 GET http://x was not made', 'after: step 1 GET http://y was not made'],
  });
});
