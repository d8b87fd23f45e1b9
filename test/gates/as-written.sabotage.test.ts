import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../src/report/report.ts';
import { prove } from '../sabotage/prove.ts';
import { shortDurations, startAccubooksStack, type AccubooksStack } from '../sandbox/accubooks-stack.ts';

const share = 'sum(rate(http_requests_total{status_code=~"5.."}[10s])) / sum(rate(http_requests_total[10s])) > 0.01';
const quantile = 'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_ms_bucket[10s]))) > 1000';
const beside = 'add it beside DatabasePoolExhaustion, HighErrorRate, HighLatency';
const whole = '"liveproof generate prometheus" writes the whole of it';

/** A mistake of the guide as the gate tells it: the item, what is wrong, what to do. */
type Told = readonly [item: string, says: string, hint: string];

const inTheRules: readonly Told[] = [
  [
    'high-error-rate',
    '`rate(http_requests_total{status_code=~"5.."}[10s])` is how many there are a second, for each series by itself, and not a share of all requests: ' +
      '"> 0.01" asks for 36 an hour, however many requests there are; when 0.8% of requests fail it is 0.8',
    `write: ${share}`,
  ],
  [
    'high-error-rate',
    'the description prints "{{ $value }}%", but the value is not a percentage: it is how many there are a second',
    'once the expression is a share of all requests, write {{ $value | humanizePercentage }}',
  ],
  [
    'high-error-rate',
    `the loaded rule asks \`rate(http_requests_total{status_code=~"5.."}[10s]) > 0.01\`, required is \`${share}\``,
    `write: expr: ${share}`,
  ],
  [
    'high-latency',
    '`http_request_duration_ms` matches no series: http_request_duration_ms is a histogram, and its series are http_request_duration_ms_bucket, ' +
      'http_request_duration_ms_sum and http_request_duration_ms_count; histogram_quantile gets nothing to work on, so the rule can never fire',
    `write: ${quantile}`,
  ],
  ...(
    [
      ['system-downtime', 'SystemDowntime', 'probe_success{job="accubooks-health"} == 0, for: 2s, labels: { severity: "critical" }'],
      [
        'data-integrity',
        'DataIntegrity',
        'label_replace(increase(calculation_errors_total[10s]), "kind", "calculation", "", "") > 0 or ' +
          'label_replace(increase(tenant_isolation_violations_total[10s]), "kind", "isolation", "", "") > 0, labels: { severity: "critical", escalate: "true" }',
      ],
      ['queue-depth', 'QueueDepthHigh', 'forecast_queue_depth > 200, for: 5s, labels: { severity: "high" }'],
      ['cache-hit-rate', 'CacheHitRateLow', 'cache_hit_rate_percent < 70, for: 5s, labels: { severity: "high" }'],
      ['pool-warning', 'DatabasePoolWarning', 'db_pool_utilization_percent > 70, for: 5s, labels: { severity: "warning" }'],
      [
        'cache-memory',
        'RedisMemoryWarning',
        'cache_memory_usage_bytes / cache_memory_limit_bytes > 0.85, for: 5s, labels: { severity: "warning" }',
      ],
    ] as const
  ).map(([item, rule, written]): Told => {
    return [item, `Prometheus has no alerting rule named ${rule}`, `${beside}: alert: ${rule}, expr: ${written}; ${whole}`];
  }),
  [
    'retention',
    'Prometheus keeps samples for 15d, the default when neither a time nor a size is set (it prints "15d"); 30d required',
    'start Prometheus with --storage.tsdb.retention.time=30d, or with storage.tsdb.retention.time in its configuration where that version takes it',
  ],
  ['watchdog', 'Prometheus has no alerting rule Watchdog', 'add a rule that always fires: expr: vector(1)'],
];

describe("the guide's own monitoring", () => {
  let stack: AccubooksStack;
  let asWritten: Report;
  beforeAll(async () => {
    stack = await startAccubooksStack({ monitoring: 'as-written', durations: shortDurations });
    asWritten = await prove(stack, { only: [...new Set(inTheRules.map(([item]) => item))] });
  });
  afterAll(async () => {
    await stack.stop();
  });

  it.each(inTheRules)('is refused by %s with what is wrong and what to do: %s', (item, says, hint) => {
    expect(against(asWritten, item)).toContainEqual([says, hint]);
  });

  it('is told nothing else but what shows these mistakes', () => {
    const symptoms = asWritten.items.flatMap(({ id }) =>
      against(asWritten, id)
        .filter(([, hint]) => hint === undefined)
        .map(([says]) => says),
    );
    expect(symptoms).toEqual([
      'the rule does not fire when 1.2% of few requests fail (`rate(http_requests_total{status_code=~"5.."}[10s])` is 0.006 then)',
      'the rule fires when 0.8% of requests fail, and must not (`rate(http_requests_total{status_code=~"5.."}[10s])` is 0.8 then)',
      'the rule does not fire when 6% of requests take 1.5 s (`histogram_quantile(0.95, http_request_duration_ms)` is nothing at all then)',
    ]);
    const tried = asWritten.items.filter(({ id }) => inTheRules.some(([item]) => item === id));
    expect(tried.map(({ state }) => state)).toEqual(tried.map(() => 'disproven'));
  });

  it.each([
    [
      'tells no Alertmanager',
      /^alerting:[^]*/m,
      '',
      [
        'high-latency',
        'Prometheus sends its alerts nowhere: it has no active Alertmanager',
        'name one in prometheus.yml under alerting: alertmanagers',
      ],
    ],
    [
      'loads no rule',
      /^rule_files:\n.*\n/m,
      '',
      [
        'high-latency',
        'Prometheus has no alerting rule named HighLatency',
        'it has no alerting rules at all: is the file named under rule_files, and was Prometheus reloaded after it was added?',
      ],
    ],
    [
      'scrapes itself in its own container',
      /targets: \['127[^']*'\]/,
      "targets: ['localhost:3']",
      [
        'scrape',
        expect.stringMatching(/^localhost:3 is down: Get "http:\/\/localhost:3\/api\/metrics": .*connection refused$/) as string,
        'see whether http://localhost:3/api/metrics answers on the machine where Prometheus runs; if Prometheus runs in a container, ' +
          'localhost is the container itself: name the address of the application instead',
      ],
    ],
  ] as const)('%s without what it leaves out, and is told so', async (_, from, to, [item, says, hint]) => {
    await stack.sabotage({ prometheusConfig: (text) => text.replace(from, to) });
    expect(against(await prove(stack, { only: [item] }), item)).toContainEqual([says, hint]);
  });
});

function against(report: Report, item: string): readonly (readonly [says: string, hint: string | undefined])[] {
  const reasons = report.items.find(({ id }) => id === item)?.reasons ?? [];
  return reasons.filter(({ holds }) => holds === 'no').map(({ says, hint }) => [says, hint]);
}
