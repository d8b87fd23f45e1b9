import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { partOf, type Part } from './part.ts';

export interface RunningExporter extends Part {
  readonly url: string;
  readonly port: number;
  /** `127.0.0.1:port` */
  readonly address: string;
  /** Shows this text from the next scrape on. */
  show(metrics: string): void;
  /** Answers every scrape with this status until told otherwise. */
  answerWith(status: number): void;
}

/** Starts a target that shows, at /metrics, whatever text (or function of now) it is given. */
export async function startExporter(metrics: string | (() => string)): Promise<RunningExporter> {
  let shown = metrics;
  let status = 200;
  const server = createServer((_asked, response) => {
    response.writeHead(status, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
    response.end(typeof shown === 'string' ? shown : shown());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stack = new AsyncDisposableStack();
  stack.defer(async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    server.closeAllConnections();
    await closed;
  });
  const port = (server.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${String(port)}`,
    port,
    address: `127.0.0.1:${String(port)}`,
    show: (next) => {
      shown = next;
    },
    answerWith: (next) => {
      status = next;
    },
    ...partOf(stack),
  };
}
