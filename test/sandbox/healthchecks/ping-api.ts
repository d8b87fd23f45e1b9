import { Hono, type Context } from 'hono';
import type { Action, Check } from './check.ts';

const minuteMs = 60_000;

export interface PingApiOptions {
  readonly checks: readonly Check[];
  readonly pingsPerMinute: number;
  readonly bodyLimit: number;
  /** Whether pings are answered and forgotten. */
  isDropped(check: Check): boolean;
}

/** The addresses that monitored systems call. */
export function createPingApi({ checks, pingsPerMinute, bodyLimit, isDropped }: PingApiOptions): Hono {
  const app = new Hono();
  const take = async (context: Context, type: Action, exitStatus?: number): Promise<Response> => {
    const check = checks.find(({ uuid }) => uuid === context.req.param('uuid'));
    context.header('access-control-allow-origin', '*');
    context.header('ping-body-limit', String(bodyLimit));
    if (check === undefined) return context.text('OK (not found)');
    const recent = check.pings.filter(({ atMs }) => atMs > Date.now() - minuteMs);
    if (recent.length >= pingsPerMinute) return context.text('OK (rate limited)');
    const body = context.req.method === 'POST' ? (await context.req.text()).slice(0, bodyLimit) : '';
    const { method } = context.req;
    const ua = (context.req.header('user-agent') ?? '').slice(0, 200);
    if (!isDropped(check)) check.ping({ type, method, ua, body, ...(exitStatus === undefined ? {} : { exitStatus }) });
    return context.text('OK');
  };
  app.use('/ping/*', async (context, next) =>
    ['GET', 'HEAD', 'POST'].includes(context.req.method) ? await next() : context.body(null, 405),
  );
  app.all('/ping/:uuid', (context) => take(context, 'success'));
  app.all('/ping/:uuid/:action{start|fail|log}', (context) => take(context, context.req.param('action') as Action));
  app.all('/ping/:uuid/:status{[0-9]+}', async (context) => {
    const status = Number(context.req.param('status'));
    return status > 255 ? context.text('invalid url format', 400) : await take(context, status === 0 ? 'success' : 'fail', status);
  });
  return app;
}
