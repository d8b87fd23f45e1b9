import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseExposition, type ExposedFamily } from '../../src/stack/exposition.ts';
import { escapeLabelValue, formatSeries, type ExposedSample } from '../../src/stack/exposition/sample.ts';

const openMetrics = 'application/openmetrics-text; version=1.0.0; charset=utf-8';

describe('a page in the text format', () => {
  test('becomes families with type, help and samples', () => {
    const { families, malformed } = parseExposition(`
# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000
`);
    expect(malformed).toEqual([]);
    expect(families).toEqual([
      {
        name: 'http_requests_total',
        type: 'counter',
        help: 'The total number of HTTP requests.',
        samples: [
          { name: 'http_requests_total', labels: { method: 'post', code: '200' }, value: 1027, timestampMs: 1395066363000 },
          { name: 'http_requests_total', labels: { method: 'post', code: '400' }, value: 3, timestampMs: 1395066363000 },
        ],
      },
    ]);
  });

  test('keeps buckets, sum and count of a histogram in its family', () => {
    const { families } = parseExposition(`# TYPE wait_ms histogram
wait_ms_bucket{le="10"} 1
wait_ms_bucket{le="+Inf"} 2
wait_ms_sum 30
wait_ms_count 2
wait_ms_count_of_something_else 5
`);
    expect(families.map(({ name, type, samples }) => [name, type, samples.length])).toEqual([
      ['wait_ms', 'histogram', 4],
      ['wait_ms_count_of_something_else', 'untyped', 1],
    ]);
  });

  test('keeps quantiles, sum and count of a summary in its family, and leaves _bucket to others', () => {
    const { families } = parseExposition('# TYPE s summary\ns{quantile="0.5"} 1\ns_sum 3\ns_count 3\ns_bucket{le="1"} 1\n');
    expect(families.map(({ name, samples }) => [name, samples.length])).toEqual([
      ['s', 3],
      ['s_bucket', 1],
    ]);
  });

  test('reads the three escapes in label values and leaves other backslashes alone', () => {
    const { families } = parseExposition(String.raw`error{path="C:\\DIR\\FILE.TXT",says="not \"found\"\n",odd="\t"} 1`);
    expect(families[0]?.samples[0]?.labels).toEqual({ path: String.raw`C:\DIR\FILE.TXT`, says: 'not "found"\n', odd: String.raw`\t` });
  });

  test('reads the two escapes in help texts', () => {
    const { families } = parseExposition(String.raw`# HELP a one\ntwo \\n "three"` + '\n# TYPE a gauge\na 1\n');
    expect(families[0]?.help).toBe('one\ntwo \\n "three"');
  });

  test.each([
    ['1.458255915e9', 1458255915],
    ['-.5', -0.5],
    ['+3.', 3],
    ['Nan', 'NaN'],
    ['NaN', 'NaN'],
    ['+Inf', '+Inf'],
    ['inf', '+Inf'],
    ['-Infinity', '-Inf'],
  ])('reads the value %s', (text, value) => {
    expect(parseExposition(`a ${text}\n`).families[0]?.samples[0]?.value).toBe(value);
  });

  test('takes blanks between tokens, a comma after the last label, times before the epoch and a missing last line feed', () => {
    const { families, malformed } = parseExposition('\t weird  { problem = "division by zero" , } +Inf  -3982045  \na{}1');
    expect(malformed).toEqual([]);
    expect(families.flatMap(({ samples }) => samples)).toEqual([
      { name: 'weird', labels: { problem: 'division by zero' }, value: '+Inf', timestampMs: -3982045 },
      { name: 'a', labels: {}, value: 1 },
    ]);
  });

  test('passes over comments that only look like announcements', () => {
    const { families, malformed } = parseExposition('# a remark\n#HELP nothing\n#\n# HELPFUL words\n# UNIT a seconds\n');
    expect({ families, malformed }).toEqual({ families: [], malformed: [] });
  });
});

describe('a malformed line', () => {
  test.each([
    ['a', 'it has no value'],
    ['{a="b"} 1', 'it does not begin with the name of a metric'],
    ['<!DOCTYPE html>', 'it does not begin with the name of a metric'],
    ['a{b="c" 1', 'label b is followed neither by "," nor by "}"'],
    ['a{', 'the labels are not closed by "}"'],
    ['a{1="c"} 1', 'no label name at "1="c"} 1"'],
    ['a{b"c"} 1', 'label b is not followed by "="'],
    ['a{b=c} 1', 'the value of label b is not in double quotes, or they are not closed'],
    ['a{b="c} 1', 'the value of label b is not in double quotes, or they are not closed'],
    ['a{b="c",b="d"} 1', 'label b is there twice'],
    ['a one', '"one" is not a value'],
    ['a 1_000', '"1_000" is not a value'],
    ['a 0x1p4', '"0x1p4" is not a value'],
    ['a 1e999', '"1e999" is not a value'],
    ['a 1\r', '"1\\r" is not a value'],
    ['a 1 \r', '"\\r" is not a timestamp'],
    ['a 1 2.5', '"2.5" is not a timestamp'],
    ['a 1 2 3', '"3" is too much'],
    ['a 1 # {trace="x"} 1', '"{trace=\\"x\\"}" is too much'],
    ['# TYPE a timer', '"timer" is not a type of metric'],
    ['# TYPE', '"# TYPE" is not followed by a metric\'s name'],
    ['# HELP 1a text', '"# HELP" is not followed by a metric\'s name'],
  ])('%j is reported', (text, says) => {
    expect(parseExposition(`ok 1\n${text}\nfine 2\n`)).toMatchObject({
      malformed: [{ line: 2, text, says }],
      families: [{ name: 'ok' }, { name: 'fine' }],
    });
  });

  test.each([
    ['a 1\n# TYPE a gauge', 'the TYPE line of a comes after its first sample'],
    ['# TYPE a gauge\n# TYPE a counter', 'a second TYPE line for a'],
    ['# HELP a x\n# HELP a x', 'a second HELP line for a'],
    ['a{b="1",c="2"} 1\na{c="2",b="1"} 1', 'the series a{c="2",b="1"} is there twice'],
  ])('%j is reported at its second line', (text, says) => {
    expect(parseExposition(text).malformed).toMatchObject([{ line: 2, says }]);
  });
});

describe('a page in OpenMetrics', () => {
  test('has counters named without _total, exemplars, and times in seconds', () => {
    const page = `# TYPE forecasts counter
# UNIT forecasts forecasts
forecasts_total{tier="PRO"} 2 1395066363.5 # {trace_id="x y"} 1 1395066363
forecasts_created{tier="PRO"} 1395066363
# EOF
`;
    expect(parseExposition(page, openMetrics)).toEqual({
      malformed: [],
      families: [
        {
          name: 'forecasts',
          type: 'counter',
          samples: [
            { name: 'forecasts_total', labels: { tier: 'PRO' }, value: 2, timestampMs: 1395066363500 },
            { name: 'forecasts_created', labels: { tier: 'PRO' }, value: 1395066363 },
          ],
        },
      ],
    });
  });

  test('knows types that the older format refuses', () => {
    expect(parseExposition('# TYPE a unknown\n', openMetrics).malformed).toEqual([]);
    expect(parseExposition('# TYPE a unknown\n').malformed).toHaveLength(1);
    expect(parseExposition('# TYPE a untyped\n', openMetrics).malformed).toHaveLength(1);
  });
});

const name = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,8}$/);
const labels = fc.dictionary(fc.stringMatching(/^[a-zA-Z_][a-zA-Z0-9_]{0,5}$/), fc.string({ unit: 'grapheme' }), { maxKeys: 4 });
const value = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
  fc.constantFrom('NaN', '+Inf', '-Inf'),
);
const family = fc.record({
  name,
  type: fc.constantFrom('counter', 'gauge'),
  help: fc.string({ unit: 'grapheme' }).map((text) => text.trim()),
  samples: fc.uniqueArray(fc.record({ labels, value }), {
    selector: (sample) => JSON.stringify(Object.entries(sample.labels).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    maxLength: 5,
  }),
});
const families = fc.uniqueArray(family, { selector: (each) => each.name, maxLength: 6 });

function written(sample: ExposedSample): string {
  return `${formatSeries(sample)} ${String(sample.value)}`;
}

function writtenPage(all: readonly ExposedFamily[]): string {
  return all
    .map(({ name: metric, type, help = '', samples }) => {
      const escaped = help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
      return [`# HELP ${metric} ${escaped}`, `# TYPE ${metric} ${type}`, ...samples.map(written)].join('\n');
    })
    .join('\n\n');
}

describe('for any page', () => {
  test('a line ends at a line feed only, and not at the other ends of lines that Unicode knows', () => {
    const page = parseExposition('# HELP a one\u2028two\n# TYPE a counter\na{b="c\u2029d"} 1\n');
    expect(page.families).toMatchObject([{ name: 'a', help: 'one\u2028two', type: 'counter', samples: [{ labels: { b: 'c\u2029d' } }] }]);
  });

  test('what was written is read back', () => {
    fc.assert(
      fc.property(families, (given) => {
        const all = given.map((each) => ({ ...each, samples: each.samples.map((sample) => ({ name: each.name, ...sample })) }));
        expect(parseExposition(writtenPage(all))).toEqual({ families: all, malformed: [] });
      }),
    );
  });

  test('no line is lost: each is empty, a comment, a sample or reported', () => {
    const line = fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.stringMatching(/^[a-c]\{?[a-c="\\,} 0-9.#]*$/));
    fc.assert(
      fc.property(
        fc.array(
          line.filter((text) => !text.includes('\n')),
          { maxLength: 8 },
        ),
        (lines) => {
          const { families: read, malformed } = parseExposition(lines.join('\n'));
          const samples = read.reduce((sum, each) => sum + each.samples.length, 0);
          const passed = lines.filter((text) => /^[ \t]*(#|$)/.test(text) && !/^[ \t]*#[ \t]+(HELP|TYPE)([ \t]|$)/.test(text)).length;
          const announced = lines.filter((text) => /^[ \t]*#[ \t]+(HELP|TYPE)([ \t]|$)/.test(text)).length;
          const told = samples + malformed.length + passed;
          expect(told).toBeGreaterThanOrEqual(lines.length - announced);
          expect(told).toBeLessThanOrEqual(lines.length);
        },
      ),
    );
  });

  test('a label value survives its escapes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { families: read } = parseExposition(`a{b="${escapeLabelValue(text)}"} 1`);
        expect(read[0]?.samples[0]?.labels['b']).toBe(text);
      }),
    );
  });
});
