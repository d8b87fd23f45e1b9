import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { judgeAssertions } from '../../../src/check/assertion/judge.ts';
import { parseAssertion } from '../../../src/check/assertion/parse.ts';
import { parseQuantity, showQuantity } from '../../../src/check/assertion/quantity.ts';
import type { Assertion } from '../../../src/check/assertion.ts';
import type { Reading } from '../../../src/check/reading.ts';

function assertion(text: string): Assertion {
  const parsed = parseAssertion(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.mistake.message}`);
  return parsed.assertion;
}

const dayMs = 86_400_000;
const readings = new Map<string, Reading>([
  ['status', { value: 503 }],
  ['total', { value: 812.25, unit: 'ms' }],
  ['certificate', { value: 9.5 * dayMs, unit: 'ms' }],
  ['size', { value: 2_345_678, unit: 'bytes' }],
  ['accuracy', { value: 0.9943, unit: 'ratio' }],
  ['body', { value: '<h1>Ok, ready</h1>' }],
  ['header content-type', { value: 'text/html; charset=utf-8' }],
  ['header x-queue', { value: '12' }],
  ['header x-wait', { value: '5ms' }],
  ['header x-cached', { value: 'true' }],
  ['json user.tier', { value: 'free' }],
  ['json count', { value: 5 }],
  ['json text', { value: '5' }],
  ['json on', { value: false }],
  ['json gone', { value: null }],
  ['json error', { value: undefined }],
]);

const judged = (...texts: readonly string[]) => judgeAssertions(texts.map(assertion), readings);

describe('assertions', () => {
  it.each([
    'status is 503',
    'status is not 200',
    'status >= 500',
    'total < 813ms',
    'total >= 0',
    'certificate > 9d',
    'size <= 3MB',
    'accuracy > 99%',
    'accuracy > 0.99',
    'body contains ready',
    'body does not contain error',
    'body matches /^<H1>/i',
    'body does not match /error/',
    'header Content-Type contains html',
    'header x-queue < 20',
    'json user.tier is free',
    'json count is 5',
    'json text is "5"',
    'json text is not 6',
    'json count is not "5"',
    'header x-queue is not 12ms',
    'header x-cached is not false',
    'header x-cached is not null',
    'json on is false',
    'json gone is null',
    'json gone exists',
    'json error does not exist',
  ])('%s holds', (text) => {
    expect(judged(text)).toEqual({ failed: [], untold: [] });
  });

  it.each([
    ['status is 200', 'status 503, expected 200'],
    ['status is not 503', 'status 503, expected anything but 503'],
    ['status < 500', 'status 503, expected < 500'],
    ['total < 500ms', 'total 812.3ms, expected < 500ms'],
    ['total < 812.2ms', 'total 812.3ms, expected < 812.2ms'],
    ['total < 1ms', 'total 812.3ms, expected < 1ms'],
    ['total > 812.3ms', 'total 812.25ms, expected > 812.3ms'],
    ['certificate > 14d', 'certificate 9d12h, expected > 14d'],
    ['size <= 1MB', 'size 2.35MB, expected <= 1MB'],
    ['accuracy >= 99.5%', 'accuracy 99.43%, expected >= 99.5%'],
    ['body contains Error', 'body "<h1>Ok, ready</h1>", expected to contain "Error"'],
    ['body does not contain ready', 'body "<h1>Ok, ready</h1>", expected not to contain "ready"'],
    ['body matches /^ok/', 'body "<h1>Ok, ready</h1>", expected to match /^ok/'],
    ['body does not match /ok/i', 'body "<h1>Ok, ready</h1>", expected not to match /ok/i'],
    ['header content-type contains json', 'header content-type "text/html; charset=utf-8", expected to contain "json"'],
    ['header x-queue < 10', 'header x-queue is the text "12", expected < 10'],
    ['json user.tier is "pro"', 'json user.tier "free", expected "pro"'],
    ['json user.tier < 5', 'json user.tier is the text "free", expected < 5'],
    ['json text is 5', 'json text is the text "5", expected 5'],
    ['json text is not 5', 'json text is the text "5", expected anything but 5'],
    ['header x-queue is not 12', 'header x-queue is the text "12", expected anything but 12'],
    ['header x-wait is not 5ms', 'header x-wait is the text "5ms", expected anything but 5ms'],
    ['header x-cached is not true', 'header x-cached "true", expected anything but true'],
    ['json count is "5"', 'json count 5, expected "5"'],
    ['json on is true', 'json on false, expected true'],
    ['json gone < 5', 'json gone null, expected < 5'],
    ['json gone contains null', 'json gone null, expected to contain "null"'],
    ['json error exists', 'json error does not exist'],
    ['json error is null', 'json error does not exist, expected null'],
    ['json error is not "x"', 'json error does not exist, expected anything but "x"'],
    ['json user.tier does not exist', 'json user.tier is "free", expected not to exist'],
  ])('%s does not hold, with its reason', (text, reason) => {
    expect(judged(text)).toEqual({ failed: [reason], untold: [] });
  });

  it.each([
    ['total < 500', '"total < 500" cannot be told: total is a time, to be compared with something such as 500ms'],
    ['size < 1000', '"size < 1000" cannot be told: size is a size, to be compared with something such as 1MB'],
    ['status < 500ms', '"status < 500ms" cannot be told: status is a number without a unit'],
    [
      'totl < 500ms',
      '"totl < 500ms" cannot be told: there is no reading "totl"; did you mean "total"? (the readings are: accuracy, body, certificate, ' +
        'header content-type, header x-cached, header x-queue, header x-wait, json count, json error, json gone, json on, json text, json user.tier, size, status, total)',
    ],
    [
      'json never.asked does not exist',
      expect.stringContaining(
        '"json never.asked does not exist" cannot be told: there is no reading "json never.asked"',
      ) as unknown as string,
    ],
  ])('%s cannot be told, and is no pass', (text, reason) => {
    expect(judged(text)).toEqual({ failed: [], untold: [reason] });
  });

  it('are all told at once', () => {
    expect(judged('status is 200', 'total < 1s', 'totl < 1s', 'json on is true')).toMatchObject({
      failed: ['status 503, expected 200', 'json on false, expected true'],
      untold: [expect.stringContaining('"totl"')],
    });
  });

  it('name a reading in other capitals only where no other one is meant', () => {
    const twins = new Map<string, Reading>([
      ['json ID', { value: 1 }],
      ['json Id', { value: 2 }],
    ]);
    expect(judgeAssertions([assertion('json Id is 2')], twins)).toEqual({ failed: [], untold: [] });
    expect(judgeAssertions([assertion('json id is 2')], twins).untold).toHaveLength(1);
  });

  it('with a pattern that would take for ever end all the same, and are no pass', () => {
    const text = new Map<string, Reading>([['body', { value: `${'a'.repeat(40)}b` }]]);
    const reason = (comparison: string) =>
      `"body ${comparison} /^(a+)+$/" cannot be told: matching takes too long; make the pattern simpler`;
    for (const comparison of ['matches', 'does not match']) {
      expect(judgeAssertions([assertion(`body ${comparison} /^(a+)+$/`)], text)).toEqual({ failed: [], untold: [reason(comparison)] });
    }
  });

  it.each(['/^(a|a)*$/', String.raw`/^(\w|\d)*$/`, '/^(a|a){2,}$/'])('end all the same when a choice is repeated: %s', (pattern) => {
    const text = new Map<string, Reading>([
      ['body', { value: `${'1'.repeat(27)}${'a'.repeat(27)}b!`.slice(pattern.includes('w') ? 0 : 27) }],
    ]);
    expect(judgeAssertions([assertion(`body matches ${pattern}`)], text).untold).toHaveLength(1);
  });

  describe('of a text of which only the beginning is looked at', () => {
    const judgedOf = (value: string, text: string) => judgeAssertions([assertion(text)], new Map([['body', { value }]]));
    const start = `ready${'a'.repeat(99_995)}`;
    const cut = `${start}…`;
    const beyond = 'only its first 100000 characters are looked at';

    it.each([
      'body does not match /error/',
      'body matches /error/',
      'body matches /a…?$/',
      'body matches /a(?!b)/',
      'body does not match /a$/',
      'body does not contain error',
      'body contains error',
    ])('%s cannot be told', (text) => {
      expect(judgedOf(cut, text)).toEqual({ failed: [], untold: [`"${text}" cannot be told: ${beyond}`] });
    });

    it.each([
      'body contains ready',
      'body matches /^ready/',
      String.raw`body matches /\bready|\$/`,
      'body matches /ready.*$/m',
      'body is not ready',
    ])('%s holds', (text) => {
      expect(judgedOf(cut, text)).toEqual({ failed: [], untold: [] });
    });

    it.each(['body does not contain ready', 'body does not match /^ready/', 'body is ready'])('%s does not hold', (text) => {
      expect(judgedOf(cut, text).failed).toHaveLength(1);
    });

    it('is no list: what a list does not contain is told of none of its values', () => {
      const tags = new Map([['json tags', { value: 'a list of 3', isKind: true as const }]]);
      const judgedTags = (text: string) => judgeAssertions([assertion(text)], tags);
      for (const text of ['json tags does not contain admin', 'json tags does not match /admin/']) {
        const reason = `"${text}" cannot be told: json tags is a list of 3; name one of its values, as in json tags.0`;
        expect(judgedTags(text)).toEqual({ failed: [], untold: [reason] });
      }
      expect(judgedTags('json tags contains admin').failed).toEqual(['json tags is a list of 3, expected to contain "admin"']);
      expect(judgedTags('json tags exists')).toEqual({ failed: [], untold: [] });
    });

    describe('of which only the start is kept', () => {
      const judgedStart = (text: string) =>
        judgeAssertions([assertion(text)], new Map([['answer 1', { value: 'ready: a', isStart: true }]]));

      it.each([
        'answer 1 does not contain error',
        'answer 1 contains error',
        'answer 1 does not match /error/',
        'answer 1 matches /a$/',
        'answer 1 is "ready: all"',
        'answer 1 is not "ready: all"',
        'answer 1 is "ready: a"',
      ])('%s cannot be told', (text) => {
        expect(judgedStart(text)).toEqual({ failed: [], untold: [`"${text}" cannot be told: only its first 8 characters are kept`] });
      });

      it.each(['answer 1 contains ready', 'answer 1 matches /^ready/', 'answer 1 is not busy', 'answer 1 exists'])('%s holds', (text) => {
        expect(judgedStart(text)).toEqual({ failed: [], untold: [] });
      });

      it.each(['answer 1 does not contain ready', 'answer 1 does not match /^ready/', 'answer 1 is busy'])('%s does not hold', (text) => {
        expect(judgedStart(text).failed).toHaveLength(1);
      });
    });

    it('what a text contains is told of all of it when it was not cut', () => {
      expect(judgedOf(`${start} and its end`, 'body does not contain error')).toEqual({ failed: [], untold: [] });
      expect(judgedOf(`${start} and its end`, 'body contains end')).toEqual({ failed: [], untold: [] });
    });
  });

  it.each(['is "ok"', 'is not "ok"', 'contains ok', 'does not contain ok', 'does not match /ok/', 'exists', 'does not exist', '< 5'])(
    'of what is not there because something else is wrong fail, whatever they want of it: %s',
    (wanted) => {
      const { failed, untold } = judgeAssertions(
        [assertion(`json a ${wanted}`)],
        new Map([['json a', { value: undefined, wrong: 'no JSON' }]]),
      );
      expect(failed).toEqual([expect.stringMatching(/^no JSON, expected json a /)]);
      expect(untold).toEqual([]);
    },
  );

  it.each(['is "ok"', 'is not "ok"', 'does not contain ok', 'does not match /ok/', 'exists', 'does not exist', '< 5'])(
    'of what nobody can tell are no pass and no failure: %s',
    (wanted) => {
      const text = `body ${wanted}`;
      const unread = new Map([['body', { value: undefined, untold: 'it is too large' }]]);
      expect(judgeAssertions([assertion(text)], unread)).toEqual({ failed: [], untold: [`"${text}" cannot be told: it is too large`] });
    },
  );

  describe('of a number that may be larger', () => {
    const judgedOf = (text: string) =>
      judgeAssertions([assertion(text)], new Map([['size', { value: 2_000_001, unit: 'bytes', untold: 'it was cut' } as const]]));

    it.each(['size > 1MB', 'size >= 2MB', 'size is not 1MB', 'size exists'])('%s holds', (text) => {
      expect(judgedOf(text)).toEqual({ failed: [], untold: [] });
    });

    it.each([
      ['size < 1MB', 'size at least 2MB, expected < 1MB'],
      ['size <= 2MB', 'size at least 2000001B, expected <= 2MB'],
      ['size is 1MB', 'size at least 2MB, expected 1MB'],
      ['size does not exist', 'size is at least 2MB, expected not to exist'],
    ])('%s does not hold', (text, reason) => {
      expect(judgedOf(text)).toEqual({ failed: [reason], untold: [] });
    });

    it.each(['size < 3MB', 'size <= 3MB', 'size > 3MB', 'size is 3MB', 'size is not 3MB', 'size contains 2', 'size does not match /3/'])(
      '%s cannot be told',
      (text) => {
        expect(judgedOf(text)).toEqual({ failed: [], untold: [`"${text}" cannot be told: it was cut`] });
      },
    );
  });

  it('order any two numbers as numbers are, and hold exactly when their opposite does not', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((each) => Number(each.toFixed(3)) + 0);
    fc.assert(
      fc.property(number, number, (value, wanted) => {
        const holds = (comparison: string): boolean => {
          const { failed, untold } = judgeAssertions([assertion(`x ${comparison} ${wanted.toFixed(3)}`)], new Map([['x', { value }]]));
          expect(untold).toEqual([]);
          return failed.length === 0;
        };
        expect([holds('<'), holds('<='), holds('>'), holds('>='), holds('is'), holds('is not')]).toEqual([
          value < wanted,
          value <= wanted,
          value > wanted,
          value >= wanted,
          value === wanted,
          value !== wanted,
        ]);
      }),
    );
  });

  it('of anything never throw, and never pass for a reading that is not there', () => {
    const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined));
    const text = fc.constantFrom(
      'x is 5',
      'x < 5ms',
      'x contains a',
      'x matches /a+/',
      'x exists',
      'x does not exist',
      'x is not "a"',
      'x is not 5',
      'x >= 1%',
    );
    fc.assert(
      fc.property(value, text, (each, written) => {
        const { failed, untold } = judgeAssertions([assertion(written)], new Map([['x', { value: each }]]));
        expect(failed.length + untold.length).toBeLessThan(2);
        expect(judgeAssertions([assertion(written)], new Map([['y', { value: each }]])).untold).toHaveLength(1);
      }),
    );
  });
});

describe('a quantity', () => {
  it('that is written exactly is read as the same number', () => {
    const unit = fc.constantFrom('ms', 'bytes', undefined);
    fc.assert(
      fc.property(fc.nat({ max: 10_000_000_000 }), unit, (value, of) => {
        const written = showQuantity({ value, unit: of }, true);
        expect(parseQuantity(written)).toEqual({ value, ...(of === undefined ? {} : { unit: of }) });
      }),
    );
  });
});
