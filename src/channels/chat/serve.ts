import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { Fault } from '../../base/fault.ts';
import type { Confirmations } from './confirmations.ts';
import { hostOf, portOf } from '../../alert/listen-address.ts';
import { pageHeaders, renderPage, type PageContent } from './page.ts';

const largestFormBytes = 4_096;
const requestWithinMs = 10_000;

/** Serves the page on `listen`. GET changes nothing: chats open links by themselves to preview them. */
export async function serveConfirmations(listen: string, confirmations: Confirmations): Promise<{ close(): Promise<void> }> {
  const server = createServer({ requestTimeout: requestWithinMs }, (request, response) => {
    // Whoever hangs up in the middle has confirmed nothing.
    answer(request, response, confirmations).catch(() => response.destroy());
  });
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host: hostOf(listen), port: portOf(listen) }, resolve);
  await promise.catch((error: NodeJS.ErrnoException) => {
    const hint =
      error.code === 'EADDRINUSE'
        ? 'something else listens there (another run?): give "confirm" another port in "listen" and "url"'
        : undefined;
    throw new Fault('channel/unreachable', `cannot listen on ${listen}: ${error.message}`, { hint, cause: error });
  });
  server.on('error', () => undefined);
  return {
    close: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, confirmations: Confirmations): Promise<void> {
  const show = (status: number, content: PageContent, headers: Readonly<Record<string, string>> = {}): void =>
    void response.writeHead(status, { ...pageHeaders, ...headers }).end(request.method === 'HEAD' ? undefined : renderPage(content));

  if (request.method === 'GET' || request.method === 'HEAD') {
    const token = new URL(request.url ?? '/', 'http://page').searchParams.get('token')?.slice(0, 64) ?? '';
    return show(200, { token, sent: confirmations.messageOf(token) });
  }
  if (request.method !== 'POST') return void response.writeHead(405, { allow: 'GET, HEAD, POST' }).end();
  const form = await readForm(request);
  if (form === undefined) return void response.writeHead(413, { connection: 'close' }).end();
  const nonce = (form.get('token') ?? '').trim().toLowerCase();
  const name = form.get('name') ?? '';
  const confirmed = confirmations.confirm({ nonce, name, from: request.socket.remoteAddress ?? '' });
  const again = { token: nonce.slice(0, 64), name: name.slice(0, 80) };
  switch (confirmed.outcome) {
    case 'confirmed':
      return show(200, { isDone: true, notice: { isGood: true, says: `${confirmed.by} has seen the message ${nonce}.` } });
    case 'no-name':
      return show(422, { ...again, sent: confirmations.messageOf(nonce), notice: { isGood: false, says: 'Please give your name.' } });
    case 'unknown-token':
      return show(403, {
        ...again,
        notice: { isGood: false, says: 'Nothing waits for this token. Is it copied whole, and is the gate still running?' },
      });
    case 'too-many': {
      const says = `Too many wrong tokens. Try again in ${String(confirmed.retryAfterS)} seconds.`;
      return show(429, { ...again, notice: { isGood: false, says } }, { 'retry-after': String(confirmed.retryAfterS) });
    }
  }
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > largestFormBytes) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
