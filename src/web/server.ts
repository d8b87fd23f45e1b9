import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono, type Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import { createRedactor, type Redactor } from '../base/redact.ts';
import type { Board } from '../board/board.ts';
import { grafanaDashboard } from '../board/grafana.ts';
import type { Gate } from '../gate/gate.ts';
import { connectPrometheus } from '../stack/prometheus.ts';
import { answerQuery, panelWith, queryRequest } from './answer-query.ts';
import { boardPage, contentSecurityPolicy, listPage } from './page.ts';
import { listenOn, type Listening } from './listen-on.ts';
import { mayRead, readerOf, type Reader } from './reader.ts';
import { recentAlerts } from './recent-alerts.ts';
import { withoutLogin } from './without-login.ts';

export interface BoardServerOptions {
  /** Its boards, its people, and where its Prometheus is. */
  readonly gate: Gate;
  /** What no reader may see, also when Prometheus says it back. */
  readonly secrets?: readonly string[];
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly clock: Clock;
  readonly toolVersion: string;
}

export type RunningBoardServer = Listening;

const queryWithinMs = 10_000;
const dataSource = 'prometheus';
const largestQuestionBytes = 256 * 1024;
const assets: Readonly<Record<string, { readonly type: string; read(): Promise<Buffer> }>> = {
  'board.js': { type: 'text/javascript; charset=utf-8', read: () => readFile(new URL('pages/board.js', import.meta.url)) },
  'board.css': { type: 'text/css; charset=utf-8', read: () => readFile(new URL('pages/board.css', import.meta.url)) },
  'uPlot.esm.js': { type: 'text/javascript; charset=utf-8', read: () => readFile(ofUplot('uPlot.esm.js')) },
  'uPlot.min.css': { type: 'text/css; charset=utf-8', read: () => readFile(ofUplot('uPlot.min.css')) },
};

/** Serves a gate's boards, to read only. It answers the questions of Grafana's API that a proof asks, and nothing else. */
export async function startBoardServer({
  gate,
  secrets = [],
  host,
  port,
  clock,
  toolVersion,
}: BoardServerOptions): Promise<RunningBoardServer> {
  const { prometheus: declared, rules } = gate.stack;
  if (declared === undefined) {
    throw new Fault('stack/not-configured', 'the gate does not say where Prometheus is', {
      hint: 'add stack: { prometheus: { url: http://… } }',
    });
  }
  const prometheus = connectPrometheus({ name: 'Prometheus', ...declared }, rules && { name: 'vmalert', ...rules });
  const redactor = createRedactor(secrets);
  const readable = (reader: Reader): readonly Board[] => gate.boards.filter((board) => mayRead(board, reader) === 'yes');

  const app = new Hono<{ Variables: { reader: Reader } }>();
  app.use(async (context, next) => {
    context.header('content-security-policy', contentSecurityPolicy);
    context.header('x-content-type-options', 'nosniff');
    context.header('cache-control', 'no-store');
    const reader = readerOf(context.req.header('authorization'), gate.people);
    if (reader === undefined) return unknown(context);
    context.set('reader', reader);
    return next();
  });
  app.get('/api/health', (context) => context.json({ database: 'ok', version: toolVersion, liveproof: toolVersion }));
  app.get('/assets/:name', async (context) => {
    const name = context.req.param('name');
    const asset = Object.hasOwn(assets, name) ? assets[name] : undefined;
    if (asset === undefined) return context.notFound();
    return context.body(new Uint8Array(await asset.read()), 200, { 'content-type': asset.type });
  });
  app.get('/', (context) => context.html(listPage(readable(context.var.reader))));
  app.get('/d/:board', (context) => withBoard(context, gate.boards, (board) => context.html(boardPage(board))));
  app.get('/api/dashboards/uid/:board', (context) =>
    withBoard(context, gate.boards, (board) =>
      context.json({
        dashboard: grafanaDashboard(board, dataSource),
        meta: {
          slug: board.board,
          url: `/d/${board.board}`,
          canEdit: false,
          canSave: false,
          publicDashboardEnabled: board.access === 'public',
        },
      }),
    ),
  );
  const questionLimit = bodyLimit({
    maxSize: largestQuestionBytes,
    onError: (context) => context.json({ message: 'request body too large' }, 413),
  });
  app.post('/api/ds/query', questionLimit, async (context) => {
    const parsed = queryRequest.safeParse(await context.req.json().catch(() => undefined));
    if (!parsed.success) return context.json({ message: 'bad request data' }, 400);
    const boards = readable(context.var.reader);
    // A browser sends what it was told for the page along with these only when it is asked for it.
    const isPublic = parsed.data.queries.every((query) => panelWith(query, boards) !== undefined);
    if (context.var.reader === 'nobody' && !isPublic) return unknown(context);
    const signal = AbortSignal.timeout(queryWithinMs);
    const answers = await Promise.all(
      parsed.data.queries.map(async (query) => [query.refId, await answerQuery(query, boards, prometheus, clock.now(), signal)] as const),
    );
    return context.json({ results: Object.fromEntries(answers) });
  });
  app.get('/api/alerts', async (context) => {
    if (readable(context.var.reader).every(({ panels }) => panels.every(({ show }) => show !== 'alerts'))) return unknown(context);
    return context.json({ alerts: await recentAlerts(prometheus, AbortSignal.timeout(queryWithinMs)) });
  });
  app.notFound((context) => context.json({ message: 'Not found' }, 404));
  app.onError((error, context) => {
    if (error.name === 'TimeoutError') return context.json({ message: withoutLogin(`${prometheus.url} gave no answer in time`) }, 504);
    return error instanceof Fault
      ? context.json({ message: withoutLogin(error.message) }, 502)
      : context.json({ message: 'Internal error' }, 500);
  });

  const fetch = async (request: Request, bindings: object): Promise<Response> =>
    withoutSecrets(await app.fetch(request, bindings), redactor);
  const server = createAdaptorServer({ fetch }) as Server;
  return await listenOn(server, host, port, '--listen');
}

function withBoard(
  context: Context,
  boards: readonly Board[],
  show: (board: Board) => Response | Promise<Response>,
): Response | Promise<Response> {
  const board = boards.find((each) => each.board === context.req.param('board'));
  if (board === undefined) return context.json({ message: 'Dashboard not found' }, 404);
  const may = mayRead(board, context.get('reader') as Reader);
  if (may === 'unknown') return unknown(context);
  return may === 'yes' ? show(board) : context.json({ message: 'Access denied' }, 403);
}

function unknown(context: Context): Response {
  return context.json({ message: 'Unauthorized' }, 401, { 'www-authenticate': 'Basic realm="liveproof boards", charset="UTF-8"' });
}

function ofUplot(file: string): string {
  return createRequire(import.meta.url).resolve(`uplot/dist/${file}`);
}

/** What is told in answers may be somebody else's words; our own files hold nothing to hide. */
async function withoutSecrets(answer: Response, redactor: Redactor): Promise<Response> {
  if (!/json|html/.test(answer.headers.get('content-type') ?? '')) return answer;
  return new Response(redactor.text(await answer.text()), { status: answer.status, headers: answer.headers });
}
