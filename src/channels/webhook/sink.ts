import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../../base/clock.ts';
import { Fault } from '../../base/fault.ts';
import { hostOf, portOf } from '../../alert/listen-address.ts';

const largestPostBytes = 1024 * 1024;
/** The oldest are forgotten first: a flood must not end the run. */
const mostPosts = 2_000;
const mostBytes = 64 * 1024 * 1024;
const requestWithinMs = 10_000;

export interface Post {
  /** When it was complete. */
  readonly at: Date;
  /** Without the query, which may carry a token. */
  readonly path: string;
  readonly body: string;
}

export interface Sink {
  posts(): readonly Post[];
  close(): Promise<void>;
}

/** Takes whatever is posted to `listen`, answers 200 and keeps it. */
export async function openSink(listen: string, clock: Clock): Promise<Sink> {
  const posts: Post[] = [];
  let bytes = 0;
  const keep = (post: Post): void => {
    posts.push(post);
    bytes += post.body.length;
    while (posts.length > mostPosts || bytes > mostBytes) bytes -= posts.shift()?.body.length ?? 0;
  };
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (request.method !== 'POST' && request.method !== 'PUT') return void response.writeHead(405, { allow: 'POST, PUT' }).end();
    const body = await readBody(request);
    if (body === undefined) return void response.writeHead(413, { connection: 'close' }).end();
    keep({ at: clock.now(), path: request.url?.split('?', 1)[0] ?? '/', body });
    response.writeHead(200, { 'content-type': 'text/plain' }).end('ok\n');
  };
  const server = createServer({ requestTimeout: requestWithinMs }, (request, response) => {
    // Whoever hangs up in the middle has posted nothing.
    take(request, response).catch(() => response.destroy());
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host: hostOf(listen), port: portOf(listen) }, resolve);
  await promise.catch((error: NodeJS.ErrnoException) => {
    throw listenFault(error, listen);
  });
  server.on('error', () => undefined);
  return {
    posts: () => posts,
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestPostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function listenFault(error: NodeJS.ErrnoException, listen: string): Fault {
  const hints: Readonly<Record<string, string>> = {
    EADDRINUSE: `something else listens there (another run?): see "ss -ltnp", or give the channel another port in "listen" and "url"`,
    EACCES: 'ports below 1024 belong to root: choose a higher one',
    EADDRNOTAVAIL: 'this machine has no such address',
  };
  return new Fault('channel/unreachable', `cannot listen on ${listen}: ${error.message}`, { hint: hints[error.code ?? ''], cause: error });
}
