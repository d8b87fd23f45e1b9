import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { listenOnLoopback } from '../sandbox/listen.ts';
import { partOf, type Part } from '../sandbox/part.ts';
import { serveTcp } from '../probes/loopback.ts';
import type { Canary } from './canary.ts';

/** How the servers answer: each status takes another way through the clients. */
export type EchoMode = 'refuses' | 'fails' | 'answers' | 'redirects';

const statuses = { refuses: 401, fails: 500, answers: 200, redirects: 302 } as const satisfies Record<EchoMode, number>;

export interface EchoServers extends Part {
  readonly url: string;
  readonly httpPort: number;
  readonly smtpPort: number;
  readonly imapPort: number;
  /** How often something was said back, so that a test cannot pass by asking nobody. */
  echoes(): number;
}

/** Servers that say back whatever they are told, and every canary that there is, in all the spellings that servers use. */
export async function startEchoServers(mode: EchoMode, canaries: readonly Canary[]): Promise<EchoServers> {
  await using stack = new AsyncDisposableStack();
  let echoes = 0;
  const said = (own: string): string => {
    echoes += 1;
    // Starts elsewhere each time, so that excerpts are cut in the middle of a secret too.
    const all = [own, ...canaries.map(({ value }) => value)];
    const turned = [...all.slice(echoes % all.length), ...all.slice(0, echoes % all.length)];
    return `${'~'.repeat((echoes * 37) % 190)} ${turned.map((each) => spellings(each)[echoes % 6] ?? each).join(' ')} ${own}`;
  };
  const http = stack.use(
    await listenOnLoopback(
      createServer((request, response) => void echo(request, response, mode, said)),
      0,
    ),
  );
  const smtp = stack.use(await serveTcp((socket) => lines(socket, '220 echo', (line) => `535 5.7.8 refused: ${said(line)}`)));
  const imap = stack.use(
    await serveTcp((socket) =>
      lines(socket, '* OK [CAPABILITY IMAP4rev1 AUTH=PLAIN] echo', (line) => `${line.split(' ')[0] ?? '*'} NO refused: ${said(line)}`),
    ),
  );
  return {
    url: http.url,
    httpPort: http.port,
    smtpPort: smtp.port,
    imapPort: imap.port,
    echoes: () => echoes,
    ...partOf(stack.move()),
  };
}

function spellings(value: string): readonly string[] {
  return [
    value,
    encodeURIComponent(value),
    Buffer.from(`me:${value}`).toString('base64'),
    JSON.stringify(JSON.stringify({ said: value })),
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&#34;').replaceAll("'", '&#39;'),
    Buffer.from(value).toString('hex'),
  ];
}

async function echo(request: IncomingMessage, response: ServerResponse, mode: EchoMode, said: (own: string) => string): Promise<void> {
  const body = await text(request).catch(() => '');
  const own = [request.headers.authorization, request.url, ...request.rawHeaders, body].join(' ');
  const words = said(own);
  response.statusCode = statuses[mode];
  response.statusMessage = words.replaceAll(/[^ -~]/g, ' ');
  response.setHeader('location', `/again?${new URLSearchParams({ words }).toString()}`);
  response.setHeader('x-said', words.replaceAll(/[^ -~]/g, ' '));
  const asJson = request.headers.accept?.includes('html') !== true;
  response.setHeader('content-type', asJson ? 'application/json' : 'text/html');
  const page = `<title>${words}</title><img alt="${words}"><p>${words}<script>console.error(${JSON.stringify(words).replaceAll('<', '\\u003c')})</script>`;
  response.end(
    asJson
      ? JSON.stringify({ status: 'error', errorType: words, error: words, message: words, data: { result: [words] }, says: words })
      : page,
  );
}

function lines(socket: Socket, greeting: string, answer: (line: string) => string): void {
  let rest = '';
  socket.on('error', () => undefined).write(`${greeting}\r\n`);
  socket.on('data', (chunk: Buffer) => {
    const parts = (rest + chunk.toString()).split('\r\n');
    rest = parts.pop() ?? '';
    for (const line of parts) socket.write(`${answer(line).replaceAll(/[\r\n]/g, ' ')}\r\n`);
  });
}
