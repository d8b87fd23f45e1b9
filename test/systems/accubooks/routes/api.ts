import { Hono, type Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { z } from 'zod';
import { parseDuration } from '../../../../src/base/duration.ts';
import type { Accounts, User } from '../accounts.ts';
import type { Forecasts } from '../forecasts.ts';
import { trustComponents, type BusinessMetrics } from '../metrics/business-metrics.ts';
import { Refusal } from '../refusal.ts';
import type { Scenarios } from '../scenarios.ts';
import { tierLimits, tiers } from '../tiers.ts';
import { trustPanel } from '../trust-layer.ts';
import type { FeedbackMetrics } from '../metrics/feedback-metrics.ts';
import { bodyOf, type Environment } from './environment.ts';

export interface ApiParts {
  readonly accounts: Accounts;
  readonly scenarios: Scenarios;
  readonly forecasts: Forecasts;
  readonly metrics: BusinessMetrics;
  readonly feedback: FeedbackMetrics;
}

const credentials = z.strictObject({ email: z.string().min(1), password: z.string().min(1) });
const newScenario = z.strictObject({
  name: z.string().trim().min(1).max(100),
  openingCash: z.number(),
  monthlyNet: z.array(z.number()).min(6).max(120),
});
const order = z.strictObject({
  scenarioId: z.int(),
  horizonMonths: z.int().min(1).max(120),
  openingCash: z.number().optional(),
  seed: z.int().nonnegative().max(0xffffffff).optional(),
  fresh: z.boolean().optional(),
});
const upgrade = z.strictObject({ to: z.enum(tiers) });
const score = z.strictObject({ score: z.int().min(0).max(10) });
const ticket = z.strictObject({ subject: z.string().trim().min(1).max(200) });

const cookie = 'accubooks_session';
const longestWaitMs = 20_000;

export function createApi({ accounts, scenarios, forecasts, metrics, feedback }: ApiParts): Hono<Environment> {
  const api = new Hono<Environment>();
  const signedInMs = new Map<string, number>();

  api.post('/sign-in', async (context) => {
    const { email, password } = await bodyOf(context, credentials);
    const { token, user } = await accounts.signIn(email, password);
    metrics.active(user);
    signedInMs.set(token, performance.now());
    setCookie(context, cookie, token, { httpOnly: true, sameSite: 'Strict', path: '/' });
    return context.json({ token, user });
  });

  const signedIn = async (context: Context): Promise<{ token: string; user: User } | undefined> => {
    const token = /^Bearer (.+)$/.exec(context.req.header('authorization') ?? '')?.[1] ?? getCookie(context, cookie);
    const user = token === undefined ? undefined : await accounts.userOf(token);
    if (token === undefined || user === undefined) return undefined;
    metrics.active(user);
    return { token, user };
  };

  // Not being signed in is an answer here, not an error: the page asks before it knows.
  api.get('/session', async (context) => {
    const user = (await signedIn(context))?.user;
    return context.json(user === undefined ? { user: null } : { user, limits: tierLimits[user.tier] });
  });

  for (const path of ['/sign-out', '/upgrade', '/feedback', '/support', '/scenarios/*', '/forecasts/*']) {
    api.use(path, async (context, next) => {
      const session = await signedIn(context);
      if (session === undefined) throw new Refusal(401, 'not-signed-in', 'Sign in first.');
      context.set('user', session.user);
      context.set('token', session.token);
      await next();
    });
  }

  api.post('/sign-out', async (context) => {
    await accounts.signOut(context.var.token);
    const sinceMs = signedInMs.get(context.var.token);
    if (sinceMs !== undefined) feedback.signedOut(performance.now() - sinceMs);
    signedInMs.delete(context.var.token);
    deleteCookie(context, cookie, { path: '/' });
    return context.json({ signedOut: true });
  });
  api.post('/upgrade', async (context) => {
    const { to } = await bodyOf(context, upgrade);
    return context.json({ user: await accounts.upgrade(context.var.user, to) });
  });

  api.post('/feedback', async (context) => {
    feedback.scored((await bodyOf(context, score)).score);
    return context.json({ thanks: true }, 201);
  });
  api.post('/support', async (context) => {
    await bodyOf(context, ticket);
    feedback.askedForSupport();
    return context.json({ opened: true }, 201);
  });

  api.get('/scenarios', async (context) => context.json({ scenarios: await scenarios.list(context.var.user) }));
  api.post('/scenarios', async (context) =>
    context.json({ scenario: await scenarios.create(context.var.user, await bodyOf(context, newScenario)) }, 201),
  );
  api.delete('/scenarios/:id', async (context) => {
    await scenarios.remove(context.var.user, Number(context.req.param('id')));
    return context.json({ removed: true });
  });

  api.get('/forecasts', async (context) => context.json({ forecasts: await forecasts.list(context.var.user) }));
  api.post('/forecasts', async (context) => {
    const forecast = await forecasts.order(context.var.user, await bodyOf(context, order));
    return context.json({ forecast }, forecast.status === 'done' ? 200 : 202);
  });
  api.get('/forecasts/:id', async (context) => {
    const wait = parseDuration(context.req.query('wait') ?? '0s');
    if (wait === undefined) throw new Refusal(400, 'invalid-wait', 'Write wait=5s.');
    return context.json({ forecast: await forecasts.find(context.var.user, context.req.param('id'), Math.min(wait, longestWaitMs)) });
  });
  for (const component of trustComponents) {
    api.get(`/forecasts/:id/${component.replace('_', '-')}`, async (context) => {
      const panel = trustPanel(component, await forecasts.find(context.var.user, context.req.param('id'), 0));
      if (panel === undefined) throw new Refusal(409, 'no-result-yet', 'The forecast has no result yet.');
      metrics.trustLayerUsed(context.var.user, component);
      return context.json({ panel });
    });
  }
  return api;
}
