import { expect, it } from 'vitest';
import { sameServer } from '../../src/stack/same-server.ts';

it.each([
  ['http://localhost:9093', 'http://127.0.0.1:9093/api/v2/alerts', 'same'],
  ['http://am.example/prefix', 'http://am.example:80/prefix/api/v2/alerts', 'same'],
  ['https://am.example', 'https://am.example:443/', 'same'],
  ['http://localhost:9093', 'http://localhost:9094', 'different'],
  ['http://am.example/a', 'http://am.example/b', 'different'],
  ['http://am.example', 'http://10.0.0.1', 'cannot-tell'],
  ['http://am.example', 'not an address', 'cannot-tell'],
])('%s and %s: %s', (left, right, answer) => {
  expect(sameServer(left, right)).toBe(answer);
  expect(sameServer(right, left)).toBe(answer);
});
