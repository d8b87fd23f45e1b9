import { createServer } from 'node:http';

/** What is probed: answers after so many milliseconds. Several may share one port. */
const [port = '0', afterMs = '0'] = process.argv.slice(2);
const body = JSON.stringify({ status: 'healthy', database: { status: 'up' } });
const headers = { 'content-type': 'application/json', 'content-length': body.length };

const server = createServer((_request, response) => {
  if (afterMs === '0') response.writeHead(200, headers).end(body);
  else setTimeout(() => response.writeHead(200, headers).end(body), Number(afterMs));
});
server.listen({ port: Number(port), host: '127.0.0.1', backlog: 4_096, reusePort: true });
