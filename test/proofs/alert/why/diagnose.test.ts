import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../../../src/proofs/alert/why/diagnose.ts';
import type { Examined, Symptom } from '../../../../src/proofs/alert/why/examined.ts';
import type { LiveSelector } from '../../../../src/proofs/alert/would-fire/facts.ts';
import { parsePromql } from '../../../../src/stack/promql.ts';
import { selectorsOf } from '../../../../src/stack/promql/selectors.ts';
import { required, rule } from '../recorded.ts';

const fires = '1.2% of requests fail';
const silent = '0.8% of requests fail';

function explained(query: string, symptom: Symptom | undefined, change: Partial<Examined> = {}, annotations: Record<string, string> = {}) {
  const symptoms = new Map(symptom === undefined ? [] : ([[symptom, [symptom === 'fires-anyway' ? silent : fires]]] as const));
  return diagnose({
    rule: rule({ query, annotations }),
    query: parsePromql(query)!,
    requirement: required(),
    symptoms,
    measurements: [],
    live: [],
    scrapes: { everyMs: 15_000, from: 'assumption' },
    ...change,
  });
}

function live(selector: string, change: Partial<LiveSelector> = {}): LiveSelector {
  const metric = selector.split('{')[0]!;
  return { selector, metric, matching: 0, types: [], similarNames: [], labelValues: {}, buckets: [], ...change };
}

describe('a histogram taken by its name', () => {
  const similarNames = ['http_request_duration_ms_bucket', 'http_request_duration_ms_count', 'http_request_duration_ms_sum'];
  const whole = live('http_request_duration_ms', { similarNames });

  it.each([
    [
      'histogram_quantile(0.95, http_request_duration_ms) > 1000',
      'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_ms_bucket[5m]))) > 1000',
    ],
    [
      'histogram_quantile(0.95, rate(http_request_duration_ms[10m])) > 1000',
      'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_ms_bucket[10m]))) > 1000',
    ],
    [
      'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_ms[5m]))) > 1000',
      'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_ms_bucket[5m]))) > 1000',
    ],
    ['http_request_duration_ms > 1000', 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_ms_bucket[5m]))) > 1000'],
  ])('%s is repaired as %s', (query, repaired) => {
    const [first, ...others] = explained(query, 'stays-silent', { live: [whole] });
    expect(first?.says).toMatch(
      /^`http_request_duration_ms` matches no series: http_request_duration_ms is a histogram, .* can never fire$/,
    );
    expect(first?.hint).toBe(`write: ${repaired}`);
    expect(others).toEqual([]);
    expect(parsePromql(repaired)).toBeDefined();
  });

  it("is known from the gate's own situations when Prometheus could not be asked", () => {
    const observed = { series: 'http_request_duration_ms{job="a"}', observe: 1, rate: 1, buckets: [1] };
    const requirement = required({ firesWhen: [{ say: fires, series: [observed] }] });
    expect(explained('http_request_duration_ms > 1', 'stays-silent', { requirement })[0]?.says).toContain('is a histogram');
  });

  it('is nothing to speak of when there are such series, or the rule does what it must', () => {
    const query = 'histogram_quantile(0.95, http_request_duration_ms) > 1000';
    expect(explained(query, undefined, { live: [whole] })).toEqual([]);
    expect(explained('http_request_duration_ms > 1', 'fires-anyway', { live: [{ ...whole, matching: 3 }] })).toEqual([]);
  });
});

describe('a quantile', () => {
  it('without the bounds of its buckets', () => {
    const hints = (query: string) => explained(query, 'stays-silent').map(({ hint }) => hint);
    expect(hints('histogram_quantile(0.9, sum(rate(d_bucket[5m]))) > 1')).toContain(
      'write: histogram_quantile(0.9, sum by (le) (rate(d_bucket[5m]))) > 1',
    );
    expect(hints('histogram_quantile(0.9, sum by (job) (rate(d_bucket[5m]))) > 1')).toContain(
      'write: histogram_quantile(0.9, sum by (le, job) (rate(d_bucket[5m]))) > 1',
    );
    expect(hints('histogram_quantile(0.9, sum without (le) (rate(d_bucket[5m]))) > 1')).toContain(
      'write: histogram_quantile(0.9, sum by (le) (rate(d_bucket[5m]))) > 1',
    );
    expect(hints('histogram_quantile(0.9, sum without (job) (rate(d_bucket[5m]))) > 1').join()).not.toContain('drops');
  });

  it('of everything since the process began', () => {
    expect(explained('histogram_quantile(0.9, sum by (le) (d_bucket)) > 1', 'keeps-firing')).toEqual([
      expect.objectContaining({
        says: expect.stringContaining('counts everything since the process began'),
        hint: 'write: histogram_quantile(0.9, sum by (le) (rate(d_bucket[5m]))) > 1',
      }),
    ]);
  });

  const buckets = [0.1, 1, 5];
  it('above the largest bucket can never be, whatever the tests assumed', () => {
    const query = 'histogram_quantile(0.9, rate(d_bucket[5m])) > 5';
    expect(explained(query, undefined, { live: [live('d_bucket', { matching: 4, buckets })] })).toEqual([
      {
        says: 'the largest finite bucket of d_bucket ends at 5, and no quantile is ever above that: "> 5" can never be true',
        hint: 'give the histogram a bucket well above 5, or choose a threshold below 5',
      },
    ]);
    const possible = query.replace('> 5', '> 1');
    expect(explained(possible, undefined, { live: [live('d_bucket', { matching: 4, buckets })] })).toEqual([]);
  });

  it('in seconds compared with milliseconds', () => {
    const query = 'histogram_quantile(0.9, rate(d_seconds_bucket[5m])) > 1000';
    expect(explained(query, undefined, { live: [live('d_seconds_bucket', { matching: 4, buckets })] })[0]?.hint).toBe(
      'd_seconds_bucket counts seconds and 1000 reads like milliseconds; write: histogram_quantile(0.9, rate(d_seconds_bucket[5m])) > 1',
    );
  });
});

describe('a rate taken for a share', () => {
  const query = 'rate(http_requests_total{status_code=~"5.."}[5m]) > 0.01';
  const measurements = [{ situation: silent, expression: 'rate(http_requests_total{status_code=~"5.."}[5m])', values: [0.8] }];

  it('is told from a share, with the figures and the division', () => {
    expect(explained(query, 'fires-anyway', { measurements })).toEqual([
      {
        says:
          '`rate(http_requests_total{status_code=~"5.."}[5m])` is how many there are a second, for each series by itself, and not a share of all requests: ' +
          '"> 0.01" asks for 36 an hour, however many requests there are; when 0.8% of requests fail it is 0.8',
        hint: 'write: sum(rate(http_requests_total{status_code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.01',
      },
    ]);
  });

  it('keeps the matchers that do not tell the bad from the rest', () => {
    const narrow = 'sum(rate(http_requests_total{job="accubooks",status_code=~"5.."}[5m])) > 0.01';
    expect(explained(narrow, 'fires-anyway')[0]?.hint).toBe(
      'write: sum(rate(http_requests_total{job="accubooks",status_code=~"5.."}[5m])) / sum(rate(http_requests_total{job="accubooks"}[5m])) > 0.01',
    );
  });

  it('is not seen in a share, in a rate above one, or in a rule that does what it must', () => {
    const share = 'sum(rate(http_requests_total{status_code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.01';
    expect(explained(share, 'fires-anyway')).toEqual([]);
    expect(explained(query.replace('0.01', '10'), 'fires-anyway')).toEqual([]);
    expect(explained(query, undefined)).toEqual([]);
  });
});

describe('a percent sign after a value', () => {
  const share = 'sum(rate(e_total{code="500"}[5m])) / sum(rate(e_total[5m])) > 0.01';
  const said = (query: string, description: string) => explained(query, undefined, {}, { description });

  it.each([
    [share, 'Error rate is {{ $value }}%', 'a share from 0 to 1, a hundredth of what the sign says'],
    [share, '{{ printf "%.2f" $value }} %', 'a share from 0 to 1, a hundredth of what the sign says'],
    ['rate(e_total[5m]) > 5', '{{ $value }}%', 'how many there are a second'],
    ['sum(increase(e_total[5m])) > 5', '{{ $value }}%', 'how many there were in the window'],
  ])('%s, "%s": it is %s', (query, description, is) => {
    expect(said(query, description)).toEqual([
      expect.objectContaining({
        says: expect.stringContaining(is),
        hint: expect.stringContaining('write {{ $value | humanizePercentage }}'),
      }),
    ]);
  });

  it.each([
    [share, '{{ $value | humanizePercentage }} of requests'],
    [`100 * (${share.replace(' > 0.01', '')}) > 1`, '{{ $value }}%'],
    ['pool_percent > 90', '{{ $value }}%'],
    ['sum(rate(d_sum[5m])) / sum(rate(d_count[5m])) > 0.5', '{{ $value }}%'],
    ['rate(e_total[5m]) > 5', '{{ $value }} a second, which is 100% too many'],
  ])('is right, or beyond us, in %s, "%s"', (query, description) => {
    expect(said(query, description)).toEqual([]);
  });
});

describe('a counter taken as it stands', () => {
  it('is repaired everywhere at once', () => {
    expect(explained('sum(e_total{code="500"}) / sum(e_total) > 0.01', 'keeps-firing')).toEqual([
      expect.objectContaining({
        says: expect.stringContaining('e_total is a counter, which only ever grows'),
        hint: 'write: sum(increase(e_total{code="500"}[5m])) / sum(increase(e_total[5m])) > 0.01',
      }),
    ]);
  });

  it('is known by its announced type before its name', () => {
    const counted = (types: string[]) => explained('e > 5', 'keeps-firing', { live: [live('e', { types, matching: 1 })] });
    expect(counted(['counter'])).toHaveLength(1);
    expect(counted(['gauge'])).toEqual([]);
    expect(explained('e_total > 5', 'keeps-firing', { live: [live('e_total', { types: ['gauge'], matching: 1 })] })).toEqual([]);
  });

  it.each(['count(e_total) > 5', 'absent(e_total)', 'e_total - e_total offset 5m > 5', 'increase(e_total[5m]) > 5'])(
    'is not seen in %s',
    (query) => {
      expect(explained(query, 'keeps-firing')).toEqual([]);
    },
  );
});

describe('series that are not there', () => {
  const selector = 'http_requests_total{code=~"5.."}';
  const query = `sum(rate(${selector}[5m])) / sum(rate(http_requests_total[5m])) > 0.01`;
  const example = { __name__: 'http_requests_total', job: 'accubooks', status_code: '200' };

  it('for the want of a label: the rule or the gate is wrong, and Prometheus tells which', () => {
    const [found] = explained(query, 'stays-silent', { live: [live(selector, { example, labelValues: { code: [] } })] });
    expect(found?.says).toContain('the series of http_requests_total in Prometheus have no label code, only job, status_code');
    expect(found?.hint).toBe('did you mean status_code?');
    const [gateIsWrong] = explained(query, 'stays-silent', { live: [live(selector, { matching: 7, example })] });
    expect(gateIsWrong?.says).toContain('Prometheus has 7 that match');
    expect(gateIsWrong?.hint).toContain('write the series of the situation as they are: http_requests_total{');
  });

  it('for a value that does not exist', () => {
    const other = 'http_requests_total{status_code="5xx"}';
    const [found] = explained(`rate(${other}[5m]) > 1`, 'stays-silent', {
      live: [live(other, { example, labelValues: { status_code: ['200', '500'] } })],
    });
    expect(found?.says).toContain('in Prometheus status_code is 200, 500');
  });

  it('for a metric that does not exist, with the name that was meant', () => {
    const [found] = explained('rate(http_request_total[5m]) > 1', 'stays-silent', {
      live: [live('http_request_total', { similarNames: ['http_requests_total', 'http_errors_total'] })],
    });
    expect(found).toMatchObject({ hint: 'did you mean http_requests_total? write: rate(http_requests_total[5m]) > 1' });
  });

  it('at all: nothing cannot be compared', () => {
    const requirement = required({ firesWhen: [{ say: fires, series: [] }] });
    expect(explained('up == 0', 'stays-silent', { requirement })).toEqual([
      {
        says: `when ${fires} there are no series at all, and without series \`up == 0\` has no value that could be compared`,
        hint: 'write: (up == 0) or absent(up)',
      },
    ]);
  });
});

describe('a window that is too short', () => {
  const query = 'sum(rate(http_requests_total{status_code=~"5.."}[20s])) > 1';
  const every = (everyMs: number, from: 'targets' | 'assumption') => ({ scrapes: { everyMs, from } });

  it('for two scrapes is refused even when the tests passed', () => {
    expect(explained(query, undefined, every(15_000, 'targets'))).toEqual([
      {
        says:
          'the window of `http_requests_total{status_code=~"5.."}[20s]` is too short: there is one sample every 15s, ' +
          'and with fewer than two of them in its window rate gives nothing',
        hint: 'write: sum(rate(http_requests_total{status_code=~"5.."}[5m])) > 1',
      },
    ]);
    expect(explained(query, undefined, every(10_000, 'targets'))).toEqual([]);
  });

  it('is no more than an explanation while nobody knows how often there are scrapes', () => {
    expect(explained(query, undefined, every(15_000, 'assumption'))).toEqual([]);
    expect(explained(query, 'stays-silent', every(15_000, 'assumption'))).toHaveLength(1);
  });

  it('does no harm where one sample is enough', () => {
    expect(explained('max_over_time(x[20s]) > 1', undefined, every(15_000, 'targets'))).toEqual([]);
  });
});

describe('whatever the expression', () => {
  const names = ['http_requests_total', 'http_request_duration_ms', 'd_seconds_bucket', 'up', 'nothing'];
  const { expression } = fc.letrec<{ selector: string; inner: string; expression: string }>((tie) => ({
    selector: fc
      .tuple(fc.constantFrom(...names), fc.constantFrom('', '{status_code=~"5.."}', '{job="accubooks",code!="2"}', '{a=~"[[:alpha:]]"}'))
      .map((parts) => parts.join('')),
    inner: fc.oneof(
      { maxDepth: 4 },
      tie('selector'),
      fc
        .tuple(fc.constantFrom('rate', 'increase', 'max_over_time'), tie('selector'), fc.constantFrom('10s', '5m', '1h'))
        .map(([call, selector, range]) => `${call}(${selector}[${range}])`),
      fc
        .tuple(fc.constantFrom('sum', 'sum by (le)', 'max without (le)', 'absent'), tie('inner'))
        .map(([call, inner]) => `${call} (${inner})`),
      tie('inner').map((inner) => `histogram_quantile(0.95, ${inner})`),
      fc.tuple(tie('inner'), fc.constantFrom('/', '*', '-'), tie('inner')).map((parts) => `(${parts.join(' ')})`),
    ),
    expression: fc.oneof(
      fc.tuple(tie('inner'), fc.constantFrom('>', '<', '>='), fc.constantFrom('0.01', '5', '1000')).map((parts) => parts.join(' ')),
      fc.tuple(tie('inner'), fc.constantFrom('and', 'unless', 'or'), tie('inner')).map((parts) => parts.join(' ')),
      tie('inner'),
    ),
  }));

  it('every repair that is proposed can be written into a rule file', () => {
    const symptom = fc.constantFrom<Symptom | undefined>('stays-silent', 'fires-anyway', 'keeps-firing', undefined);
    const described = { description: '{{ $value }}%' };
    fc.assert(
      fc.property(expression, symptom, fc.boolean(), (query, found, isHistogram) => {
        const similarNames = isHistogram ? names.map((name) => `${name}_bucket`) : names;
        const seen = selectorsOf(parsePromql(query)!).map(({ text }) => live(text, { similarNames, buckets: [1, 5] }));
        for (const { says, hint } of explained(query, found, { live: seen }, described)) {
          expect(says).not.toMatch(/undefined|NaN/);
          const [, repaired] = /(?:^|[;?] )write: (.*)$/.exec(hint) ?? [];
          if (repaired !== undefined)
            expect({ query, repaired, is: parsePromql(repaired)?.kind }).toMatchObject({ is: expect.any(String) });
        }
      }),
      { numRuns: 500 },
    );
  });
});
