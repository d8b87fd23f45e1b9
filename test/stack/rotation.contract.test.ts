import { describe, expect, it } from 'vitest';
import { whoIsOnCall } from '../../src/stack/rotation.ts';
import { serveHttp } from '../probes/loopback.ts';
import { ada, grace, startPagerduty, type RunningPagerduty } from '../sandbox/pagerduty.ts';

const never = new AbortController().signal;
const ask = ({ url, token, escalationPolicy }: RunningPagerduty, changes: object = {}, policy = escalationPolicy) =>
  whoIsOnCall({ name: 'PagerDuty', url, token, ...changes }, policy, never);

describe('who is on call', () => {
  it('is told first level first, with the end of their turn where it has one', async () => {
    await using pagerduty = await startPagerduty();
    const until = new Date(Date.now() + 3_600_000).toISOString();
    pagerduty.setOnCall([
      { ...ada, level: 2 },
      { ...grace, level: 1, until },
    ]);
    expect(await ask(pagerduty)).toEqual([
      { name: 'Grace Lindqvist', email: 'grace@accubooks.test', level: 1, until },
      { name: 'Ada Okafor', email: 'ada@accubooks.test', level: 2 },
    ]);
  });

  it('names a person once, where they are called first', async () => {
    await using pagerduty = await startPagerduty();
    pagerduty.setOnCall([{ ...ada, level: 3 }, grace, { ...ada, level: 1 }]);
    expect((await ask(pagerduty)).map(({ email, level }) => `${email} ${String(level)}`)).toEqual([
      'ada@accubooks.test 1',
      'grace@accubooks.test 2',
    ]);
  });

  it('may be nobody: an empty rotation, a turn that is over, a policy that nobody has', async () => {
    await using pagerduty = await startPagerduty();
    pagerduty.setOnCall([{ ...ada, until: new Date(Date.now() - 1_000).toISOString() }]);
    expect(await ask(pagerduty)).toEqual([]);
    pagerduty.setOnCall([]);
    expect(await ask(pagerduty)).toEqual([]);
    pagerduty.setOnCall([ada]);
    expect(await ask(pagerduty, {}, 'PNOBODY')).toEqual([]);
  });

  it('is read to the last page', async () => {
    await using pagerduty = await startPagerduty();
    const many = Array.from({ length: 130 }, (_, index) => ({
      id: `P${String(index)}`,
      name: `No ${String(index)}`,
      email: `${String(index)}@accubooks.test`,
    }));
    pagerduty.setOnCall(many);
    expect((await ask(pagerduty)).map(({ name }) => name)).toEqual(many.map(({ name }) => name));
  });
});

describe('a rotation that does not tell', () => {
  it('because of the key is refused, with what to look at', async () => {
    await using pagerduty = await startPagerduty();
    const refused = { code: 'stack/unauthorized', hint: expect.stringContaining('REST API key') as string };
    await expect(ask(pagerduty, { token: 'wrong' })).rejects.toMatchObject(refused);
    await expect(ask(pagerduty, { token: undefined })).rejects.toMatchObject(refused);
    pagerduty.behave({ kind: 'refuse', of: 'rest' });
    await expect(ask(pagerduty)).rejects.toMatchObject(refused);
  });

  it('because it limits us or is broken says so', async () => {
    await using pagerduty = await startPagerduty();
    pagerduty.behave({ kind: 'status', status: 429, retryAfterS: 7 });
    await expect(ask(pagerduty)).rejects.toMatchObject({
      code: 'stack/unexpected-answer',
      message: expect.stringContaining('Rate Limit Exceeded'),
    });
    pagerduty.behave({ kind: 'status', status: 500 });
    await expect(ask(pagerduty)).rejects.toMatchObject({ message: expect.stringContaining('HTTP 500') });
  });

  it.each(['{"oncalls":[{"escalation_level":1,"user":{"summary":"Ada"}}]}', '{"oncalls":{}}', '<html>Sign in</html>', ''])(
    'because it is no PagerDuty says so: %s',
    async (body) => {
      await using server = await serveHttp((_request, response) => response.end(body));
      const asked = whoIsOnCall({ name: 'PagerDuty', url: server.url, token: 'key' }, 'P1', never);
      await expect(asked).rejects.toMatchObject({ code: 'stack/unexpected-answer', hint: expect.stringContaining('really PagerDuty') });
    },
  );

  it('stops when the run is stopped', async () => {
    await using pagerduty = await startPagerduty();
    const { url, token, escalationPolicy } = pagerduty;
    const stopped = whoIsOnCall({ name: 'PagerDuty', url, token }, escalationPolicy, AbortSignal.abort(new Error('stopped')));
    await expect(stopped).rejects.toThrow('stopped');
  });
});
