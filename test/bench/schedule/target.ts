import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

/**
 * Many targets in one process of their own: /ok/7 answers, /hang/7 never does. It notes when each was asked, which tells how evenly
 * somebody asks, whoever it is: GET /arrivals gives the distances between two requests for the same path, and forgets them.
 */
const { values } = parseArgs({ options: { port: { type: 'string', default: '0' } } });
const lastMs = new Map<string, number>();
let distances: number[] = [];

const server = createServer((request, response) => {
  const path = request.url ?? '';
  if (path === '/arrivals') {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(distances));
    distances = [];
    lastMs.clear();
    return;
  }
  const nowMs = performance.now();
  const before = lastMs.get(path);
  if (before !== undefined) distances.push(nowMs - before);
  lastMs.set(path, nowMs);
  if (!path.startsWith('/hang/')) response.setHeader('content-type', 'text/plain').end('bench_up 1\n');
});
server.listen({ host: '127.0.0.1', port: Number(values.port), backlog: 2_048 });
