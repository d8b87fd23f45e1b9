import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { replicationIn } from '../../../src/probes/redis/replication.ts';
import { commandOf, firstReply } from '../../../src/probes/redis/reply.ts';
import { ExchangeError } from '../../../src/wire/trouble.ts';

const most = 1_000;

describe('a reply', () => {
  it('of each kind is read to its end', () => {
    expect(firstReply('+OK\r\n+more', most)).toEqual({ reply: { type: 'text', text: 'OK' }, end: 5 });
    expect(firstReply('-ERR no\r\n', most)).toEqual({ reply: { type: 'error', text: 'ERR no' }, end: 9 });
    expect(firstReply(':12\r\n', most)).toEqual({ reply: { type: 'text', text: '12' }, end: 5 });
    expect(firstReply('$4\r\na\r\nb\r\n', most)).toEqual({ reply: { type: 'text', text: 'a\r\nb' }, end: 10 });
    expect(firstReply('$-1\r\n', most)).toEqual({ reply: { type: 'nothing' }, end: 5 });
  });

  it('that is not complete yet is none', () => {
    const whole = '$4\r\nabcd\r\n';
    for (let end = 0; end < whole.length; end += 1) expect(firstReply(whole.slice(0, end), most)).toBeUndefined();
    expect(firstReply(whole, most)?.end).toBe(whole.length);
  });

  it.each([`HTTP${'x'.repeat(200)}\r\n`, 'HTTP/1.1 40', `$${'x'.repeat(200)}\r\n`])(
    'says where it was cut, since half a secret may stand there: %s',
    (text) => {
      expect(() => firstReply(text, most)).toThrow(/…"$/);
    },
  );

  it('that is somebody else is shown by its first line', () => {
    expect(() => firstReply('HTTP/1.1 400 Bad Request\r\nserver: it', most)).toThrow(/^no Redis: "HTTP\/1\.1 400 Bad Request"$/);
  });

  it('is none, a reply within what came, or a sorted trouble, whatever came', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((rest) => `$${rest}`),
          fc.stringMatching(/^[-+:$*]-?\d{0,4}\r\n.{0,9}\r\n/),
        ),
        (text) => {
          try {
            const found = firstReply(text, most);
            expect(found === undefined || (found.end > 0 && found.end <= text.length)).toBe(true);
          } catch (error) {
            expect(error).toBeInstanceOf(ExchangeError);
          }
        },
      ),
    );
  });
});

describe('a command', () => {
  it('counts its words in bytes', () => {
    expect(commandOf(['AUTH', 'grün'])).toBe('*2\r\n$4\r\nAUTH\r\n$5\r\ngrün\r\n');
  });
});

describe('what a server says of its replication', () => {
  it('is read for a master and for a replica', () => {
    const master =
      'role:master\r\nconnected_slaves:2\r\nslave0:ip=::1,port=1,state=online,offset=1,lag=3\r\nslave1:ip=a,port=1,state=wait_bgsave,lag=9\r\n';
    expect(replicationIn(master)).toEqual({ role: 'master', replicas: 1, replicaLagSeconds: 3 });
    expect(replicationIn('role:slave\r\nmaster_link_status:down\r\n')).toEqual({ role: 'replica', replicas: 0, isLinkUp: false });
  });

  it('is unknown when it says something else', () => {
    fc.assert(fc.property(fc.string(), (text) => replicationIn(text).replicas >= 0));
    expect(replicationIn('')).toEqual({ role: 'unknown', replicas: 0 });
  });
});
