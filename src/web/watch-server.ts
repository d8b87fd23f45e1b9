import { timingSafeEqual } from 'node:crypto';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Watch } from '../app/watch.ts';
import { sha256 } from '../base/digest.ts';
import { heartbeatName } from '../check/heartbeat.ts';
import { listenOn, type Listening } from './listen-on.ts';

export interface WatchServerOptions {
  readonly watch: Pick<Watch, 'heartbeat' | 'heartbeatToken' | 'health'> & {
    readonly metrics: Pick<Watch['metrics'], 'pieces' | 'heartbeatRefused'>;
  };
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
}

/** What a sender may say beside its heartbeat. */
const largestWordsBytes = 4 * 1024;
const textType = 'text/plain; version=0.0.4; charset=utf-8';

/** Serves /metrics and /healthz, and takes heartbeats from those who know the token. */
export async function startWatchServer({ watch, host, port }: WatchServerOptions): Promise<Listening> {
  const app = new Hono();
  app.use(async (context, next) => {
    context.header('x-content-type-options', 'nosniff');
    context.header('cache-control', 'no-store');
    await next();
  });
  app.get('/metrics', (context) => context.body(streamOf(watch.metrics.pieces()), 200, { 'content-type': textType }));
  app.get('/healthz', (context) => {
    const health = watch.health();
    return context.json(health, health.status === 'ok' ? 200 : 503);
  });
  app.use('/heartbeat/*', async (context, next) => {
    const token = watch.heartbeatToken();
    const said = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
    if (token !== undefined && said !== undefined && isSame(said, token)) return next();
    watch.metrics.heartbeatRefused('token');
    return context.json({ message: 'Unauthorized' }, 401, { 'www-authenticate': 'Bearer realm="liveproof heartbeats"' });
  });
  app.use(
    '/heartbeat/*',
    bodyLimit({
      maxSize: largestWordsBytes,
      onError: (context) => {
        watch.metrics.heartbeatRefused('too-large');
        return context.json({ message: 'request body too large' }, 413);
      },
    }),
  );
  for (const [path, status] of [
    ['/heartbeat/:name', 'ok'],
    ['/heartbeat/:name/fail', 'failed'],
  ] as const) {
    app.post(path, async (context) => {
      const name = heartbeatName.safeParse(context.req.param('name'));
      const isTaken = name.success && (await watch.heartbeat(name.data, status, await context.req.text()));
      if (isTaken) return context.body(null, 204);
      watch.metrics.heartbeatRefused('unknown-name');
      return context.json({ message: 'no check waits for a heartbeat of this name' }, 404);
    });
  }
  app.notFound((context) => context.json({ message: 'Not found' }, 404));
  app.onError((_error, context) => context.json({ message: 'Internal error' }, 500));
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  // Senders that never finish are let go.
  server.requestTimeout = 10_000;
  server.maxConnections = 1_000;
  return await listenOn(server, host, port, 'listen in the project file');
}

/** Bytes as the reader takes them: a thousand checks make megabytes of lines. */
function streamOf(pieces: AsyncIterable<string>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(Buffer.from(next.value));
    },
    cancel: async () => void (await iterator.return?.()),
  });
}

/** In a time that tells nothing of where they differ. */
function isSame(a: string, b: string): boolean {
  return timingSafeEqual(Buffer.from(sha256(a)), Buffer.from(sha256(b)));
}
