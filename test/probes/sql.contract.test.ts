import { describe, expect, it } from 'vitest';
import sql from '../../src/probes/sql.ts';
import { keepParts } from './kept-parts.ts';
import { freePort, serveHttp, serveSilence, serveTcp, type Loopback } from './loopback.ts';
import { runProbe } from './run-probe.ts';

const schemes = ['postgresql', 'mariadb'] as const;
const nameOf = { postgresql: 'PostgreSQL', mariadb: 'MariaDB' } as const;

/** A message of PostgreSQL: its letter, its length, its text. */
function message(letter: string, text: string): Buffer {
  const head = Buffer.alloc(5);
  head.write(letter);
  head.writeUInt32BE(text.length + 4, 1);
  return Buffer.concat([head, Buffer.from(text, 'latin1')]);
}

const ask = (scheme: string, port: number, more: object = {}, timeoutMs = 60_000) =>
  runProbe(sql, { url: `${scheme}://u@127.0.0.1:${String(port)}/d`, tls: 'none', query: 'select 1', ...more }, { timeoutMs });

describe.each(schemes)('a database at %s: that', (scheme) => {
  const name = nameOf[scheme];

  it('does not listen fails', async () => {
    const port = await freePort();
    const { outcome } = await ask(scheme, port);
    expect(outcome).toEqual({
      status: 'fail',
      reasons: [`${name}: no connection: connection refused (connect ECONNREFUSED 127.0.0.1:${String(port)})`],
    });
  });

  it('has a name that nobody knows fails', async () => {
    const { outcome } = await runProbe(sql, { url: `${scheme}://u@no-such-host.invalid/d`, tls: 'none', query: 'select 1' });
    // A machine without a resolver cannot tell.
    expect(outcome.reasons.join('')).toMatch(/no connection: (the host name does not exist|could not be asked from here) \(getaddrinfo/);
  });

  it('never answers fails when the time for the connection is up', async () => {
    await using silent = await serveSilence();
    const { outcome } = await ask(scheme, silent.port, { connectTimeout: '2s' });
    expect(outcome).toEqual({ status: 'fail', reasons: [`${name}: no connection: timed out (no answer within 2s)`] });
  });

  it('sends a byte now and then fails when the time for the connection is up', async () => {
    await using slow = await serveTcp((socket) => {
      const timer = setInterval(() => socket.write('\x01'), 50);
      socket.on('close', () => clearInterval(timer));
    });
    const { outcome } = await ask(scheme, slow.port, { connectTimeout: '2s' });
    expect(outcome).toEqual({ status: 'fail', reasons: [`${name}: no connection: timed out (no answer within 2s)`] });
  });

  it('hangs up fails', async () => {
    await using rude = await serveTcp((socket) => socket.end());
    const { outcome } = await ask(scheme, rude.port);
    expect(outcome.status).toBe('fail');
    expect(outcome.reasons.join('')).toMatch(/^\w+: no connection: the connection was closed before the answer was complete \(/);
  });

  it('is a web server fails in time', async () => {
    await using web: Loopback = await serveHttp((_request, response) => response.end('hello'));
    const { outcome } = await ask(scheme, web.port, { connectTimeout: '5s' });
    expect(outcome.status).toBe('fail');
  });

  it('lies about what it sends fails in time, whatever its client makes of it', async () => {
    // A text without its end, an answer to nothing, lengths that cannot be.
    const lies = [
      message('S', 'no end'),
      message('T', '\x7f\xff'),
      message('E', 'Sx'),
      message('D', '\0'),
      Buffer.from('\xff'.repeat(60), 'latin1'),
    ];
    for (const lie of lies) {
      await using liar = await serveTcp((socket) => socket.once('data', () => socket.write(lie)).write(scheme === 'mariadb' ? lie : ''));
      const { outcome } = await ask(scheme, liar.port, { connectTimeout: '2s' });
      expect(outcome.status).toBe('fail');
      expect(outcome.reasons.join('')).toMatch(/^\w+: no connection: (timed out|what came is not|the connection was closed|no trusted)/);
    }
  });

  it('sends without end is given up', async () => {
    await using flood = await serveTcp((socket) => {
      const more = (): void =>
        void (socket.destroyed || (socket.write(Buffer.alloc(65_536, 'N')) ? setImmediate(more) : socket.once('drain', more)));
      more();
    });
    const { outcome } = await ask(scheme, flood.port, { connectTimeout: '10s' });
    expect(outcome.status).not.toBe('pass');
  });
});

describe('where runs follow each other', () => {
  it('a thread is used again, unless what it was told keeps it busy for ever', async () => {
    await using kept = keepParts();
    let started = 0;
    const onWorker = (): void => void (started += 1);
    process.on('worker', onWorker);
    await using rude = await serveTcp((socket) => socket.end());
    await using liar = await serveTcp((socket) => socket.once('data', () => socket.write(message('S', 'no end'))));
    const at = (port: number) =>
      runProbe(
        sql,
        { url: `postgresql://u@127.0.0.1:${String(port)}/d`, tls: 'none', query: 'select 1', connectTimeout: '5s' },
        { kept, timeoutMs: 60_000 },
      );
    for (let times = 0; times < 3; times += 1) expect((await at(rude.port)).outcome.reasons.join('')).toMatch(/the connection was closed/);
    expect(started).toBe(1);
    expect((await at(liar.port)).outcome.reasons).toEqual(['PostgreSQL: no connection: timed out (no answer within 5s)']);
    for (let times = 0; times < 3; times += 1) expect((await at(rude.port)).outcome.reasons.join('')).toMatch(/the connection was closed/);
    expect(started).toBe(2);
    process.off('worker', onWorker);
  });
});

describe('the address of a database', () => {
  const read = (url: string) => sql.options.safeParse({ url, query: 'select 1' }).success;
  it('has a scheme that is known, a host, and no parameters, which every client reads in its own way', () => {
    expect(['postgres://u@h/d', 'postgresql://u:p@h:1/d', 'mysql://u@h/d', 'mariadb://h'].map(read)).toEqual([true, true, true, true]);
    expect(['http://h/d', 'postgres:///d', 'postgres://h/d?sslmode=disable', 'h/d'].map(read)).toEqual([false, false, false, false]);
  });
});
