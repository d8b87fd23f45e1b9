import { describe, expect, test } from 'vitest';
import { closest, suggest } from '../../src/base/closest.ts';
import { looksSecret } from '../../src/config/looks-secret.ts';
import { maskLine } from '../../src/config/mask-line.ts';

describe('what was probably meant', () => {
  test.each([
    ['intervall', 'interval'],
    ['max_age', 'maxAge'],
    ['MAX-AGE', 'maxAge'],
    ['timeuot', 'timeout'],
    ['tiemout', 'timeout'],
  ])('by %s is %s', (word, meant) => {
    expect(closest(word, ['grade', 'interval', 'maxAge', 'timeout'])).toBe(meant);
  });

  test.each(['colour', 'by', 'x', ''])('by %s is none of them', (word) => {
    expect(closest(word, ['to', 'interval', 'severity'])).toBeUndefined();
  });

  test('is the nearest of several', () => {
    expect(closest('labels', ['label', 'labels2', 'labels'])).toBe('labels');
  });

  test('is said, or else what there is, or nothing when there is nothing', () => {
    expect(suggest('scrap', ['scrape', 'alert'], 'known')).toBe('did you mean "scrape"?');
    expect(suggest('pigeon', ['scrape', 'alert', 'alert'], 'known')).toBe('known: alert, scrape');
    expect(suggest('pigeon', [], 'known')).toBeUndefined();
  });
});

describe('secrets', () => {
  test.each([
    'PASSWORD',
    'SMTP_PASSWORD',
    'apiKey',
    'API_KEY',
    'APIKEY',
    'authToken',
    'CLIENT_SECRET_2',
    'AWS_CREDENTIALS',
    'passphrase',
    'DB_PASS',
    'x-api-key',
  ])('are in %s', (name) => {
    expect(looksSecret(name)).toBe(true);
  });

  test.each(['PROMETHEUS_URL', 'MONKEY_URL', 'keyboard', 'COMPASS', 'passed', 'interval', ''])('are not in %s', (name) => {
    expect(looksSecret(name)).toBe(false);
  });

  test.each([
    ['password: hunter2', 'password: *******'],
    ['  token: "a \\" b" # why', '  token: ******** # why'],
    ["{ user: a, password: 'it''s', to: b }", '{ user: a, password: *******, to: b }'],
    ['- { SMTP_PASSWORD: hunter2 }', '- { SMTP_PASSWORD: ******* }'],
    ["password: '${SMTP_PASSWORD}'", "password: '${SMTP_PASSWORD}'"],
    ["pass: '${SMTP_PASSWORD:-hunter2}'", "pass: '${SMTP_PASSWORD:-*******}'"],
    ['url: postgres://app:hunter2@db/x', 'url: postgres://***********@db/x'],
    ['interval: 15s', 'interval: 15s'],
    ['a: 1, 2fa_secret: 123456', 'a: 1, 2fa_secret: ******'],
  ])('in the line %s are starred out without moving a column', (line, masked) => {
    expect(maskLine(line)).toBe(masked);
    expect(maskLine(line)).toHaveLength(line.length);
  });

  test.each(['x', 'x ', 'password: x, ', '"', "'", '${A:-', '://a', 'a:  '])(
    'are looked for in a line of a million characters of %j at once',
    (piece) => {
      const line = piece.repeat(1_000_000 / piece.length);
      expect(maskLine(line)).toHaveLength(line.length);
    },
  );
});
