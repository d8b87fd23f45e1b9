import { createServer } from 'node:http';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { reservePort } from './free-port.ts';

test('reserved ports differ from one another and can be listened on', async () => {
  await using stack = new AsyncDisposableStack();
  const reserved = await Promise.all(Array.from({ length: 50 }, async () => await reservePort()));
  for (const each of reserved) stack.use(each);
  expect(new Set(reserved.map(({ port }) => port)).size).toBe(50);
  const server = stack.adopt(createServer(), (each) => void each.close());
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(reserved[0]?.port, '127.0.0.1', resolve));
  expect(server.listening).toBe(true);
});

test('another process does not get a port that is reserved here', async () => {
  await using reserved = await reservePort();
  const script = `
    import { createSocket } from 'node:dgram';
    createSocket('udp4').once('error', (error) => console.log(error.code)).bind({ port: ${String(reserved.port)}, address: '127.0.0.1', exclusive: true });
  `;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', script]);
  expect(stdout).toBe('EADDRINUSE');
});
