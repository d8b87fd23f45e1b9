import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAssertion } from '../../../src/check/assertion/parse.ts';

function parsed(text: string) {
  const result = parseAssertion(text);
  if (!result.ok) throw new Error(`${text}: ${result.mistake.message}`);
  const { text: _, ...rest } = result.assertion;
  return rest;
}

/** The mistake as a terminal would show it: the text with what is wrong in «…», and what to do. */
function mistake(text: string): string {
  const result = parseAssertion(text);
  if (result.ok) return 'read without a mistake';
  const { start, end, message, hint } = result.mistake;
  return [`${text.slice(0, start)}«${text.slice(start, end)}»${text.slice(end)}`, message, ...(hint === undefined ? [] : [hint])].join(
    ' | ',
  );
}

describe('an assertion', () => {
  it.each([
    ['status is 200', { subject: 'status', comparison: 'is', wanted: 200 }],
    ['status is not 500', { subject: 'status', comparison: 'is not', wanted: 500 }],
    ['total < 500ms', { subject: 'total', comparison: '<', wanted: 500, unit: 'ms' }],
    ['total <= 1.5s', { subject: 'total', comparison: '<=', wanted: 1_500, unit: 'ms' }],
    ['certificate > 14d', { subject: 'certificate', comparison: '>', wanted: 1_209_600_000, unit: 'ms' }],
    ['size <= 1MB', { subject: 'size', comparison: '<=', wanted: 1_000_000, unit: 'bytes' }],
    ['size >= 64KiB', { subject: 'size', comparison: '>=', wanted: 65_536, unit: 'bytes' }],
    ['accuracy >= 99.9%', { subject: 'accuracy', comparison: '>=', wanted: 0.999, unit: 'ratio' }],
    ['json balance < -3.5', { subject: 'json balance', comparison: '<', wanted: -3.5 }],
    ['header content-type contains json', { subject: 'header content-type', comparison: 'contains', wanted: 'json' }],
    ['body contains 200', { subject: 'body', comparison: 'contains', wanted: '200' }],
    ['body does not contain "an error"', { subject: 'body', comparison: 'does not contain', wanted: 'an error' }],
    ['json user.tier is "pro"', { subject: 'json user.tier', comparison: 'is', wanted: 'pro' }],
    ['json user.tier is pro', { subject: 'json user.tier', comparison: 'is', wanted: 'pro' }],
    ['json user.name is \'Zoë "Z" O\\\'', { subject: 'json user.name', comparison: 'is', wanted: 'Zoë "Z" O\\' }],
    [String.raw`json line is "a\nb"`, { subject: 'json line', comparison: 'is', wanted: 'a\nb' }],
    ['json count is "200"', { subject: 'json count', comparison: 'is', wanted: '200' }],
    ['json version is 1.2.3', { subject: 'json version', comparison: 'is', wanted: '1.2.3' }],
    ['json code is 007', { subject: 'json code', comparison: 'is', wanted: '007' }],
    ['json on is true', { subject: 'json on', comparison: 'is', wanted: true }],
    ['json gone is null', { subject: 'json gone', comparison: 'is', wanted: null }],
    ['json gone is not null', { subject: 'json gone', comparison: 'is not', wanted: null }],
    ['body matches /"ok": *true/i', { subject: 'body', comparison: 'matches', wanted: '/"ok": *true/i' }],
    ['body does not match /error/', { subject: 'body', comparison: 'does not match', wanted: '/error/' }],
    ['json error does not exist', { subject: 'json error', comparison: 'does not exist' }],
    ['header x-request-id exists', { subject: 'header x-request-id', comparison: 'exists' }],
    ['json "first name" is Ada', { subject: 'json first name', comparison: 'is', wanted: 'Ada' }],
    ['json "is" exists', { subject: 'json is', comparison: 'exists' }],
    ['  status   is  200 ', { subject: 'status', comparison: 'is', wanted: 200 }],
  ])('%s is read', (text, assertion) => {
    expect(parsed(text)).toEqual(assertion);
  });

  it.each([
    ['', '«» | an assertion is missing | such as: status is 200'],
    [
      'status',
      '«status» | "status" compares nothing | the comparisons are: is not, is, <, <=, >, >=, contains, does not contain, matches, does not match, exists, does not exist',
    ],
    ['status == 200', 'status «==» 200 | "==" is no comparison | did you mean "is"?'],
    ['status equals 200', 'status «equals» 200 | "equals" is no comparison | did you mean "is"?'],
    ['status != 200', 'status «!=» 200 | "!=" is no comparison | did you mean "is not"?'],
    ['total =< 5s', 'total «=<» 5s | "=<" is no comparison | did you mean "<="?'],
    ['total under 5s', 'total «under» 5s | "under" is no comparison | did you mean "<"?'],
    ['body contians ok', 'body «contians» ok | "contians" is no comparison | did you mean "contains"?'],
    ['total<500ms', '«total<500ms» | a comparison stands between spaces | write: total < 500ms'],
    ['status==200', '«status==200» | a comparison stands between spaces | write: status is 200'],
    [
      'body does contain ok',
      'body «does» contain ok | "does" goes on as "does not contain", "does not match" or "does not exist" | did you mean "does not contain"?',
    ],
    ['status is', 'status «is» | what is wanted is missing after "is"'],
    ['status is not', 'status is «not» | what is wanted is missing after "is not"'],
    ['total < ', 'total «<»  | what is wanted is missing after "<"'],
    ['total < fast', 'total < «fast» | "fast" is not a number, a time, a size or a share | such as 5, 500ms, 14d, 1MB or 99.5%'],
    ['total < 500msec', 'total < «500msec» | "500msec" is not a number, a time, a size or a share | did you mean 500ms?'],
    ['total < 500 ms', 'total < «500 ms» | "500 ms" is not a number, a time, a size or a share | did you mean 500ms?'],
    ['total is < 500ms', 'total is «< 500ms» | text with spaces stands in quotes | write: is "< 500ms"'],
    ['json a is very pro', 'json a is «very pro» | text with spaces stands in quotes | write: is "very pro"'],
    ['json a is "pro', 'json a is «"pro» | the closing " is missing, or something stands after it'],
    ['json a is "a" b', 'json a is «"a" b» | the closing " is missing, or something stands after it'],
    [
      String.raw`json a is "\q"`,
      String.raw`json a is «"\q"» | this text cannot be read | write \" for a quote within, and \\ for a backslash`,
    ],
    ['body matches ok', 'body matches «ok» | a pattern stands between slashes, as in /ok/i | write: matches /ok/'],
    [
      'body matches /order',
      'body matches «/order» | a pattern stands between slashes, as in /ok/i | YAML takes what follows " #" for a comment: put the whole assertion in quotes',
    ],
    ['body matches /(/', 'body matches «/(/» | not a regular expression: Unterminated group'],
    ['body matches /ok/g', 'body matches «/ok/g» | the flags of a pattern are i, m, s and u, not "g"'],
    ['json a exists now', 'json a exists «now» | nothing stands after "exists" | leave it out'],
  ])('%s is refused with the place of the mistake', (text, shown) => {
    expect(mistake(text)).toBe(shown);
  });

  it('that goes on and on is refused at once', () => {
    expect(mistake('a'.repeat(1_000_000))).toMatch(/ \| an assertion has at most 1000 characters$/);
    expect(mistake(`${'a'.repeat(990)}<5`)).toMatch(/ \| a comparison stands between spaces \| /);
  });

  it('is read or refused within its own text, whatever is written', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'status',
        'is',
        'not',
        'does',
        'contain',
        'exist',
        '<',
        '>=',
        '==',
        '"a b"',
        "'",
        '"',
        '/a/',
        '5ms',
        '1MB',
        '99%',
        '\\',
      ),
      fc.string({ maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 7 }), fc.constantFrom(' ', '  ', ''), (words, between) => {
        const text = words.join(between);
        const result = parseAssertion(text);
        if (result.ok) {
          expect(result.assertion.text).toBe(text);
          expect(result.assertion.subject).not.toBe('');
        } else {
          const { start, end } = result.mistake;
          expect(0 <= start && start <= end && end <= text.length).toBe(true);
        }
      }),
    );
  });

  it('comes back as it was written, for any text in quotes', () => {
    fc.assert(
      fc.property(fc.string(), fc.constantFrom('is', 'is not', 'contains', 'does not contain'), (wanted, comparison) => {
        expect(parsed(`json a ${comparison} ${JSON.stringify(wanted)}`)).toEqual({ subject: 'json a', comparison, wanted });
      }),
    );
  });
});
