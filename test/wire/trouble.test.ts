import { describe, expect, it } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { ExchangeError, judgeTrouble, troubleOf } from '../../src/wire/trouble.ts';

const running = new AbortController().signal;
const coded = (code: string, message = code): Error => Object.assign(new Error(message), { code });

describe('trouble', () => {
  it.each([
    ['ECONNREFUSED', 'fail', 'connection refused (ECONNREFUSED)'],
    ['ECONNRESET', 'fail', 'the connection was closed during the TLS handshake (ECONNRESET)'],
    ['EHOSTUNREACH', 'fail', 'the host cannot be reached (EHOSTUNREACH)'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'fail', 'no TLS connection (ERR_SSL_WRONG_VERSION_NUMBER)'],
    ['ENETUNREACH', 'error', 'could not be asked from here (ENETUNREACH)'],
    ['EMFILE', 'error', 'could not be asked from here (EMFILE)'],
  ])('of the code %s is a reason to %s', (code, status, reason) => {
    expect(judgeTrouble(troubleOf(coded(code), running, 'tls'))).toEqual({ status, reasons: [reason] });
  });

  it('of several addresses is that of the first which says something about the target', () => {
    const both = new AggregateError([coded('ENETUNREACH'), coded('ECONNREFUSED')]);
    expect(troubleOf(both, running)).toEqual({ kind: 'refused', says: 'ECONNREFUSED' });
    expect(troubleOf(new AggregateError([coded('ENETUNREACH'), coded('EMFILE')]), running)).toEqual({ kind: 'ours', says: 'ENETUNREACH' });
  });

  it('has a bounded text on one line', () => {
    const { says } = troubleOf(coded('EPROTO', `a\nb ${'x'.repeat(10_000)}`), running);
    expect(says).toMatch(/^a b x+…$/);
    expect(says.length).toBeLessThan(600);
  });

  it('is that time was up when the signal says so, whatever the error is', () => {
    const late = AbortSignal.abort(new DOMException('late', 'TimeoutError'));
    expect(judgeTrouble(troubleOf(new Error('x'), late, 'answer')).reasons).toEqual([
      'timed out while waiting for an answer (the time of the check was up)',
    ]);
  });

  it('is not what somebody does who stops the run, nor a Fault, nor a bug of ours', () => {
    const stopped = AbortSignal.abort(new Error('stopped'));
    expect(() => troubleOf(new ExchangeError('closed', 'x'), stopped)).toThrow('stopped');
    expect(() => troubleOf(new Fault('probe/cannot-run', 'no tool'), running)).toThrow('no tool');
    expect(() => troubleOf(new TypeError('a bug'), running)).toThrow('a bug');
  });
});
