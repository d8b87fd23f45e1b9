import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/base/fault.ts';
import { networkFailureOf, tellingOf } from '../../src/base/network-failure.ts';

const withCode = (code: string): Error => Object.assign(new Error(code), { code });

describe('An error of a connection', () => {
  test.each([
    ['ECONNREFUSED', 'refused'],
    ['ECONNRESET', 'closed'],
    ['ETIMEDOUT', 'timed-out'],
    ['ENOTFOUND', 'name-not-found'],
    ['ENETRESET', 'closed'],
    ['EHOSTUNREACH', 'unreachable'],
    ['EHOSTDOWN', 'unreachable'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
    ['HPE_INVALID_CONSTANT', 'protocol'],
    ['ERR_HTTP2_ERROR', 'protocol'],
    ['ERR_HTTP2_STREAM_ERROR', 'closed'],
    ['EMFILE', 'ours'],
    ['ENETUNREACH', 'ours'],
  ])('%s is %s', (code, failure) => {
    expect(networkFailureOf(withCode(code))).toBe(failure);
  });

  test('that nobody knows is left to whoever caught it', () => {
    expect(networkFailureOf(withCode('ERR_ASSERTION'))).toBeUndefined();
    expect(networkFailureOf(new Fault('config/bad-value', 'ours'))).toBeUndefined();
    expect(networkFailureOf('ECONNREFUSED')).toBeUndefined();
  });
});

describe('Of the failures of all addresses of a name', () => {
  const unreachableFromHere = withCode('ENETUNREACH');
  const refused = withCode('ECONNREFUSED');

  test('the first that says something about the target counts', () => {
    expect(tellingOf(new AggregateError([unreachableFromHere, refused]))).toBe(refused);
  });

  test('the first one counts when all are ours', () => {
    expect(tellingOf(new AggregateError([unreachableFromHere]))).toBe(unreachableFromHere);
  });

  test('a single failure is itself', () => {
    expect(tellingOf(refused)).toBe(refused);
  });
});
