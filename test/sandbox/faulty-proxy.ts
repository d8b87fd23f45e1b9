import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Agent } from 'undici';
import { passOn, type Answer } from './faulty-proxy/pass-on.ts';
import { partOf, type Part } from './part.ts';

/** Which requests a fault strikes: all of them, unless narrowed down. */
interface Struck {
  /** The path's start, such as `/api/v1/rules`. */
  readonly path?: string;
  readonly method?: string;
  /** How many requests it strikes before it is used up. */
  readonly times?: number;
}

/** What the proxy does instead of passing an answer on as it is. */
export type ProxyFault = Struck &
  (
    | { readonly kind: 'status'; readonly status: number; readonly body?: string }
    /** Closes the connection without an answer. */
    | { readonly kind: 'drop' }
    | { readonly kind: 'delay'; readonly ms: number }
    /** Answers with something that is no longer what it was: half of it, then noise. */
    | { readonly kind: 'garble' }
    | { readonly kind: 'json'; readonly change: (answer: never) => unknown }
    | { readonly kind: 'text'; readonly change: (answer: string) => string }
    /** Passes the request on and loses the answer: the other side did it, the asker does not know. */
    | { readonly kind: 'lose-answer' }
  );

export interface PassedRequest {
  readonly method: string;
  readonly path: string;
  /** The asker's `user-agent`; empty when it sent none. */
  readonly by: string;
  /** What the asker was told; undefined when the connection was closed. */
  readonly status: number | undefined;
}

export interface FaultyProxy extends Part {
  readonly url: string;
  readonly port: number;
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Replaces the faults by these; the first that strikes a request wins. None: everything passes. */
  behave(...faults: readonly ProxyFault[]): void;
  /** The last thousand requests, oldest first. */
  requests(): readonly PassedRequest[];
}

/** Starts an HTTP proxy on loopback in front of `target` (a URL without path); when nobody listens there, it answers 503. */
export async function startFaultyProxy({ target, port = 0 }: { readonly target: string; readonly port?: number }): Promise<FaultyProxy> {
  await using stack = new AsyncDisposableStack();
  const agent = stack.adopt(new Agent(), async (one) => await one.destroy());
  const passed: PassedRequest[] = [];
  let faults: { fault: ProxyFault; left: number }[] = [];

  const strike = (asked: IncomingMessage): ProxyFault | undefined => {
    const found = faults.find(({ fault, left }) => left > 0 && strikes(fault, asked));
    if (found === undefined) return undefined;
    found.left--;
    return found.fault;
  };
  const answer = async (asked: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fault = strike(asked);
    const status = await answerWith(fault, asked, response, async () => await passOn(agent, target, asked));
    passed.push({ method: asked.method ?? '', path: asked.url ?? '', by: asked.headers['user-agent'] ?? '', status });
    if (passed.length > 1000) passed.shift();
  };
  const server = createServer((asked, response) => {
    // Whatever goes wrong on either side looks to the asker like a server that went away.
    answer(asked, response).catch(() => response.destroy());
  });
  stack.defer(async () => await close(server));
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const address = `127.0.0.1:${String((server.address() as AddressInfo).port)}`;

  return {
    url: `http://${address}`,
    port: (server.address() as AddressInfo).port,
    address,
    behave: (...next) => {
      faults = next.map((fault) => ({ fault, left: fault.times ?? Infinity }));
    },
    requests: () => [...passed],
    ...partOf(stack.move()),
  };
}

function strikes({ path, method }: Struck, asked: IncomingMessage): boolean {
  return (path === undefined || (asked.url ?? '').startsWith(path)) && (method === undefined || asked.method === method);
}

/** Returns the status that the asker was told, undefined when the connection was closed. */
async function answerWith(
  fault: ProxyFault | undefined,
  asked: IncomingMessage,
  response: ServerResponse,
  pass: () => Promise<Answer>,
): Promise<number | undefined> {
  if (fault?.kind === 'delay') await delay(fault.ms, undefined, { ref: false });
  if (fault?.kind === 'drop' || fault?.kind === 'lose-answer') {
    if (fault.kind === 'lose-answer') await pass();
    response.destroy();
    return undefined;
  }
  // An unread request body would break the connection for the next request on it.
  if (fault?.kind === 'status') asked.resume();
  const { status, headers, body } = changed(fault, fault?.kind === 'status' ? nothing : await pass());
  response.writeHead(status, { ...headers, 'content-length': body.length });
  response.end(body);
  return status;
}

const nothing: Answer = { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.of() };

function changed(fault: ProxyFault | undefined, answer: Answer): Answer {
  const text = answer.body.toString('utf8');
  switch (fault?.kind) {
    case 'status':
      return { ...answer, status: fault.status, body: Buffer.from(fault.body ?? 'sabotaged') };
    case 'garble':
      return { ...answer, body: Buffer.from(`${text.slice(0, Math.floor(text.length / 2))}\u0000<garbled>`) };
    case 'json':
      return { ...answer, body: Buffer.from(JSON.stringify(fault.change(JSON.parse(text) as never))) };
    case 'text':
      return { ...answer, body: Buffer.from(fault.change(text)) };
    case 'delay':
    case 'drop':
    case 'lose-answer':
    case undefined:
      return answer;
  }
  return fault satisfies never;
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
