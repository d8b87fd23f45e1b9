import { createClient, type Answer, type Call, type Client } from './client.ts';
import { checkUser, demoPassword, seededTenants, type SeededUser } from './database/seed.ts';
import { paced } from './paced.ts';

export interface TrafficOptions {
  readonly url: string;
  readonly requestsPerSecond: number;
  readonly signal: AbortSignal;
}

/**
 * Users at work: they sign in, look at scenarios, make forecasts, ask what is behind them, and sign out. Sends at an even pace,
 * and skips what its users are too busy to send. No forecast is ever generated for a PRO user, so a check can count its own exactly.
 * Resolves when the signal has aborted and every request is answered.
 */
export async function startTraffic({ url, requestsPerSecond, signal }: TrafficOptions): Promise<void> {
  const client = createClient(url);
  const users = seededTenants.flatMap((tenant) => tenant.users).filter(({ email }) => email !== checkUser);
  const idle = users.map((user, index) => visitsOf(user, index, client));
  await paced({
    everyMs: 1_000 / requestsPerSecond,
    times: Infinity,
    maxInFlight: users.length,
    signal,
    send: async () => {
      const visitor = idle.shift();
      if (visitor === undefined) return;
      await visitor.next().finally(() => idle.push(visitor));
    },
  });
  await client.close();
}

/** Each step of the generator is one request. */
async function* visitsOf(user: SeededUser, index: number, client: Client): AsyncGenerator<void, void> {
  const components = ['calculation-explainer', 'assumptions-panel', 'confidence-indicator'];
  for (let visit = index; ; visit += 1) {
    const signIn = await tried(client, { method: 'POST', path: '/api/sign-in', json: { email: user.email, password: demoPassword } });
    yield;
    if (signIn?.status !== 200) continue;
    const { token } = signIn.json<{ token: string }>();
    const call = (request: Call): Promise<Answer | undefined> => tried(client, { ...request, token });

    await call({ path: '/api/session' });
    yield;
    const listed = await call({ path: '/api/scenarios' });
    yield;
    const scenarios = listed?.status === 200 ? listed.json<{ scenarios: { id: number }[] }>().scenarios : [];
    const scenarioId = scenarios[visit % 2]?.id;
    if (scenarioId !== undefined && user.tier !== 'pro') {
      // Mostly what was asked before, as people do; now and then new numbers, and once in a while more than the tier allows.
      const horizonMonths = visit % 9 === 8 ? 24 : 6;
      const ordered = await call({ method: 'POST', path: '/api/forecasts', json: { scenarioId, horizonMonths, fresh: visit % 5 === 0 } });
      yield;
      const id = ordered !== undefined && ordered.status < 300 ? ordered.json<{ forecast: { id: string } }>().forecast.id : undefined;
      if (id !== undefined) {
        await call({ path: `/api/forecasts/${id}?wait=5s` });
        yield;
        if (visit % 3 !== 0) {
          await call({ path: `/api/forecasts/${id}/${components[Math.floor(visit / 2) % components.length] ?? ''}` });
          yield;
        }
      }
    }
    await call({ path: '/api/forecasts' });
    yield;
    if (visit % 4 === 1) {
      // Most are content; a few are not, and one in twelve visits ends with a question.
      await call({ method: 'POST', path: '/api/feedback', json: { score: visit % 12 === 1 ? 5 : 9 } });
      yield;
    }
    if (visit % 12 === 1) {
      await call({ method: 'POST', path: '/api/support', json: { subject: 'Where do I find my forecast?' } });
      yield;
    }
    await call({ method: 'POST', path: '/api/sign-out' });
    yield;
  }
}

/** A request that gets no answer is the app's trouble, and seen there: users try again. */
async function tried(client: Client, call: Call): Promise<Answer | undefined> {
  return client.call(call).catch(() => undefined);
}
