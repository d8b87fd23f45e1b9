import { systemClock } from '../../src/base/clock.ts';
import { board } from '../../src/board/board.ts';
import { startBoardServer } from '../../src/web/server.ts';
import { serveHttp } from '../probes/loopback.ts';
import { gateOf } from '../gate/gate-of.ts';

interface Answered {
  readonly metric?: Readonly<Record<string, string>>;
  /** Its newest value. */
  readonly value: string;
  /** How long ago that was, in the answer to a range query; 0 when left out. */
  readonly agedMs?: number;
}

/** What Prometheus knows: the series of each expression, or the status with which it refuses every question. */
export type Known = ReadonlyMap<string, readonly Answered[]> | number;

/** Serves one public board on loopback, above a Prometheus that says what it is told to. */
export async function serveBoard(panels: readonly object[], refresh: string) {
  await using stack = new AsyncDisposableStack();
  let known: Known = new Map();
  const prometheus = stack.use(
    await serveHttp(({ url = '/' }, response) => {
      response.setHeader('content-type', 'application/json');
      if (typeof known === 'number') return response.writeHead(known).end('{}');
      const { pathname, searchParams } = new URL(url, 'http://prometheus.test');
      const series = known.get(searchParams.get('query') ?? '') ?? [];
      const isRange = pathname.endsWith('/query_range');
      const end = Number(searchParams.get('end') ?? Date.now() / 1_000);
      const step = Number(searchParams.get('step') ?? 1);
      const result = series.map(({ metric = {}, value, agedMs = 0 }) => {
        const last = end - agedMs / 1_000;
        return isRange ? { metric, values: [3, 2, 1, 0].map((back) => [last - back * step, value]) } : { metric, value: [end, value] };
      });
      const data = pathname.endsWith('/rules') ? { groups: [] } : { resultType: isRange ? 'matrix' : 'vector', result };
      return response.end(JSON.stringify({ status: 'success', data }));
    }),
  );
  const declared = board.parse({ board: 'all', title: 'Everything', refresh, access: 'public', panels });
  const gate = gateOf({
    stack: { prometheus: { url: prometheus.url } },
    boards: [declared],
  });
  const server = await startBoardServer({ gate, host: '127.0.0.1', port: 0, clock: systemClock, toolVersion: 'test' });
  stack.defer(() => server.stop());
  const held = stack.move();
  return {
    url: `${server.url}/d/all`,
    origin: server.url,
    knows: (next: Known) => {
      known = next;
    },
    [Symbol.asyncDispose]: () => held.disposeAsync(),
  };
}
