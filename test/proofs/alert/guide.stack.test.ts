import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startLive, type Live } from './live.ts';

const monitoring = path.join(import.meta.dirname, '../../systems/accubooks/monitoring');
/** The rules as they stand, but evaluated every second: nobody waits half a minute for their first evaluation. */
const rulesOf = (folder: string) =>
  readFileSync(path.join(monitoring, folder, 'alerts.yml'), 'utf8').replace('interval: 30s', 'interval: 1s');

const bounds = [10, 50, 100, 200, 500, 1000, 2000, 5000];
const metrics = () => `
# TYPE http_requests_total counter
http_requests_total{method="GET",route="/api/forecasts",status_code="200"} 990
http_requests_total{method="GET",route="/api/forecasts",status_code="500"} 10
# TYPE db_pool_utilization_percent gauge
db_pool_utilization_percent 20
# TYPE http_request_duration_ms histogram
${bounds.map((le) => `http_request_duration_ms_bucket{route="/api/forecasts",le="${String(le)}"} 10`).join('\n')}
http_request_duration_ms_bucket{route="/api/forecasts",le="+Inf"} 10
http_request_duration_ms_sum{route="/api/forecasts"} 400
http_request_duration_ms_count{route="/api/forecasts"} 10
`;

const requests = (code: string) => `http_requests_total{job="exporter",method="GET",route="/api/forecasts",status_code="${code}"}`;
const failing = (percent: number) => [
  { series: requests('500'), rate: percent },
  { series: requests('200'), rate: 100 - percent },
];
const latency = (route: string, observe: number, rate: number) => ({
  series: `http_request_duration_ms{job="exporter",route="${route}"}`,
  observe,
  rate,
  buckets: bounds,
});
const pool = (value: number) => [{ series: 'db_pool_utilization_percent{job="exporter"}', value }];

const highErrorRate = {
  rule: 'HighErrorRate',
  for: '5m',
  labels: { severity: 'critical' },
  annotations: ['summary', 'description'],
  firesWhen: [{ say: '1.2% of requests fail', series: failing(1.2) }],
  silentWhen: [{ say: '0.8% of requests fail', series: failing(0.8) }],
};
const highLatency = {
  rule: 'HighLatency',
  for: '5m',
  labels: { severity: 'high' },
  annotations: ['summary', 'description'],
  firesWhen: [{ say: '6% of requests take 1.5 s', series: [latency('/a', 1500, 6), latency('/b', 40, 94)] }],
  silentWhen: [{ say: '4% of requests take 1.5 s and the others 900 ms', series: [latency('/a', 1500, 4), latency('/b', 900, 96)] }],
};
const poolExhaustion = {
  rule: 'DatabasePoolExhaustion',
  for: '5m',
  labels: { severity: 'critical' },
  annotations: ['summary', 'description'],
  firesWhen: [{ say: '91% of the connections are in use', series: pool(91) }],
  silentWhen: [{ say: '89% of the connections are in use', series: pool(89) }],
};

let live: Live;
beforeAll(async () => {
  live = await startLive({ rules: rulesOf('as-written'), metrics, alertmanagerConfig: 'route: { receiver: a }\nreceivers: [{ name: a }]' });
});
afterAll(async () => live.stop());

async function load(rules: string): Promise<void> {
  await live.prometheus.reload({ rules: { 'stack.rules.yml': rules } });
  await live.prometheus.waitForRules();
}

describe("the guide's rules as written (AB-A1, AB-A2, AB-A5)", () => {
  beforeAll(() => load(rulesOf('as-written')));

  it('HighErrorRate is refused: it asks for errors a second, and prints them as a percentage', async () => {
    const { verdict, on } = await live.prove(highErrorRate, 'would-fire');
    expect(verdict).toMatchObject({ state: 'disproven', grade: 'loaded' });
    expect(on('would-fire')).toEqual([
      expect.objectContaining({
        holds: 'no',
        says: 'the rule fires when 0.8% of requests fail, and must not (`rate(http_requests_total{status_code=~"5.."}[5m])` is 0.8 then)',
      }),
      expect.objectContaining({
        says:
          '`rate(http_requests_total{status_code=~"5.."}[5m])` is how many there are a second, for each series by itself, and not a share of all requests: ' +
          '"> 0.01" asks for 36 an hour, however many requests there are; when 0.8% of requests fail it is 0.8',
        hint: 'write: sum(rate(http_requests_total{status_code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.01',
      }),
      expect.objectContaining({
        says: 'the description prints "{{ $value }}%", but the value is not a percentage: it is how many there are a second',
        hint: 'once the expression is a share of all requests, write {{ $value | humanizePercentage }}',
      }),
    ]);
  });

  it('HighLatency is refused: it can never fire, since the name of a histogram is the name of no series', async () => {
    const { verdict, on } = await live.prove(highLatency, 'would-fire');
    expect(verdict).toMatchObject({ state: 'disproven', grade: 'loaded' });
    expect(on('would-fire')).toEqual([
      expect.objectContaining({
        holds: 'no',
        says: 'the rule does not fire when 6% of requests take 1.5 s (`histogram_quantile(0.95, http_request_duration_ms)` is nothing at all then)',
      }),
      expect.objectContaining({
        says:
          '`http_request_duration_ms` matches no series: http_request_duration_ms is a histogram, and its series are ' +
          'http_request_duration_ms_bucket, http_request_duration_ms_sum and http_request_duration_ms_count; ' +
          'histogram_quantile gets nothing to work on, so the rule can never fire',
        hint: 'write: histogram_quantile(0.95, sum by (le) (rate(http_request_duration_ms_bucket[5m]))) > 1000',
      }),
    ]);
  });

  it('none of its rules says where the runbook is', async () => {
    const { verdict, on } = await live.prove({ ...poolExhaustion, annotations: ['summary', 'runbook_url'] }, 'loaded');
    expect(verdict.state).toBe('disproven');
    expect(on('loaded')).toEqual([
      expect.objectContaining({
        says: 'the loaded rule has no annotation runbook_url: whoever is woken would not be told it',
        hint: expect.stringMatching(/^write the runbook_url under its annotations in group accubooks_critical of .*stack\.rules\.yml$/),
      }),
    ]);
  });

  it('DatabasePoolExhaustion is right, and pinned down by its two situations', async () => {
    const { verdict, facts } = await live.prove(poolExhaustion, 'would-fire');
    expect(verdict).toMatchObject({ state: 'proven', grade: 'would-fire' });
    expect(facts.wouldFire).toMatchObject({ mutants: Array(5).fill(expect.objectContaining({ killed: true })) });
  });
});

describe("the guide's rules, repaired", () => {
  beforeAll(() => load(rulesOf('repaired')));

  it.each([highErrorRate, highLatency, poolExhaustion])(
    '$rule fires when it must and only then, and no mutant of it goes unnoticed',
    async (item) => {
      const { verdict, facts } = await live.prove(item, 'would-fire');
      expect(verdict.reasons).toEqual([expect.objectContaining({ holds: 'yes' }), expect.objectContaining({ holds: 'yes' })]);
      expect(verdict).toMatchObject({ state: 'proven', grade: 'would-fire' });
      expect(facts.wouldFire).toHaveProperty(
        'mutants.length',
        expect.toSatisfy((count: number) => count >= 5),
      );
    },
  );

  it('are not pinned down by situations that are far from the threshold, and the gate hears which one to add', async () => {
    const far = {
      firesWhen: [{ say: 'half of the requests fail', series: failing(50) }],
      silentWhen: [{ say: 'none fails', series: failing(0) }],
    };
    const { verdict, on } = await live.prove({ ...highErrorRate, ...far }, 'would-fire');
    expect(verdict.state).toBe('inconclusive');
    expect(on('would-fire')).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          holds: 'unknown',
          says: 'no situation of the gate would notice it if the threshold 0.01 is doubled to 0.02: they do not pin the rule down',
          hint: expect.stringMatching(/is between 0\.01 and 0\.02$/),
        }),
      ]),
    );
  });

  it('do not pin a quantile down with requests that are all alike', async () => {
    const alike = { firesWhen: [{ say: 'every request takes 1.5 s', series: [latency('/a', 1500, 100)] }] };
    const { on } = await live.prove({ ...highLatency, ...alike }, 'would-fire');
    expect(on('would-fire')).toEqual([expect.objectContaining({ says: expect.stringContaining('the quantile 0.95 is changed to 0.5') })]);
  });
});

describe('other mistakes', () => {
  const share = (of: (series: string) => string): string =>
    `sum(${of('http_requests_total{status_code=~"5.."}')}) / sum(${of('http_requests_total')})`;
  const noneFails = { silentWhen: [{ say: 'none fails', series: failing(0) }] };
  const mistakes = [
    ['ThresholdTwice', `${share((s) => `rate(${s}[5m])`)} > 0.02`, {}, 'the rule does not fire when 1.2% of requests fail'],
    ['ThresholdHalf', `${share((s) => `rate(${s}[5m])`)} > 0.005`, {}, 'the rule fires when 0.8% of requests fail, and must not'],
    [
      'CountersAsTheyStand',
      'http_requests_total{status_code=~"5.."} > 1',
      noneFails,
      'the rule goes on firing after it is over that 1.2% of requests fail',
    ],
    ['LabelNotThere', `${share((s) => `rate(${s.replace('status_code', 'code')}[5m])`)} > 0.01`, {}, 'have no label code, only'],
    ['MetricNotThere', 'rate(http_request_total[5m]) > 1', {}, 'Prometheus has no series named http_request_total at all'],
    ['NoTwoSamples', `${share((s) => `rate(${s}[1s])`)} > 0.01`, {}, 'is too short: there is one sample every 1s'],
    [
      'CannotBeEvaluated',
      'http_requests_total * on(job) http_requests_total > 1',
      {},
      'the rule cannot be evaluated: found duplicate series',
    ],
  ] as const;

  beforeAll(() =>
    load(
      JSON.stringify({
        groups: [{ name: 'mistakes', interval: '1s', rules: mistakes.map(([alert, expr]) => ({ alert, expr, for: '5m' })) }],
      }),
    ),
  );

  it('a threshold that is merely wrong is named, with the figure of the situation', async () => {
    const { on } = await live.prove({ ...highErrorRate, labels: {}, annotations: [], rule: 'ThresholdTwice' }, 'would-fire');
    expect(on('would-fire')).toEqual([
      expect.objectContaining({
        says: expect.stringMatching(/^the rule does not fire when 1\.2% of requests fail \(.* is 0\.012 then\)$/),
        hint: 'change its threshold, "> 0.02", so that this situation is beyond it; or correct the situation in the gate',
      }),
    ]);
  });

  it.each(mistakes)('%s is refused: %s', async (rule, _, change, says) => {
    const { verdict, on } = await live.prove({ ...highErrorRate, labels: {}, annotations: [], ...change, rule }, 'would-fire');
    expect(verdict.state).toBe('disproven');
    expect(on('would-fire').map((each) => each.says)).toContainEqual(expect.stringContaining(says));
  });
});
