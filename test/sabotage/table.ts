import type { AccubooksStack, StackSabotage } from '../sandbox/accubooks-stack.ts';

/** One thing that is wrong with the stack, and how the gate has to take it. */
export interface Row {
  readonly says: string;
  /** Wrong from the start. */
  readonly stack?: StackSabotage;
  /** Made wrong while the stack runs. */
  readonly live?: (stack: AccubooksStack) => Promise<unknown>;
  /** The items that turn red, and nothing else may: everything that does not rest on them stays proven. */
  readonly red: Readonly<Record<string, 'disproven' | 'inconclusive'>>;
  /** What the reasons must say for a person to find the cause. */
  readonly because: RegExp;
}

const rules = (from: string | RegExp, to: string): StackSabotage => ({ rules: (text) => text.replace(from, to) });
const prometheus = (from: string | RegExp, to: string): StackSabotage => ({ prometheusConfig: (text) => text.replace(from, to) });
const alertmanager = (from: string | RegExp, to: string): StackSabotage => ({ alertmanagerConfig: (text) => text.replace(from, to) });

const scraping: readonly Row[] = [
  {
    says: 'the scrape interval is 2 s instead of 1 s',
    stack: prometheus(/( {4}scrape_interval:) 1s/, '$1 2s'),
    red: { scrape: 'disproven' },
    because: /2s.*1s/,
  },
  {
    says: 'the target is down',
    stack: prometheus(/(job_name: accubooks[\s\S]*targets: )\[.*\]/, "$1['127.0.0.1:9']"),
    red: { scrape: 'disproven' },
    because: /connection refused/,
  },
  {
    says: 'the job has another name',
    stack: prometheus('job_name: accubooks', 'job_name: accubook'),
    red: { scrape: 'disproven' },
    because: /accubook"?.*accubooks|accubooks.*accubook"?/,
  },
  {
    says: 'the metrics are asked for at the wrong path',
    stack: prometheus('/api/metrics', '/metrics'),
    red: { scrape: 'disproven' },
    because: /404/,
  },
];

const metrics: readonly Row[] = [
  {
    says: 'a metric is missing',
    stack: { app: { hideMetric: 'db_active_connections' } },
    red: { 'database-metrics': 'disproven' },
    because: /db_active_connections/,
  },
  {
    says: 'a metric has another name',
    stack: { app: { renameMetric: { from: 'cache_hit_rate_percent', to: 'cache_hit_ratio_percent' } } },
    red: { 'cache-metrics': 'disproven' },
    because: /cache_hit_ratio_percent/,
  },
  {
    says: 'a counter calls itself a gauge',
    stack: { app: { wrongType: 'forecast_jobs_total' } },
    red: { 'queue-metrics': 'disproven' },
    because: /gauge/,
  },
  {
    says: 'a label is missing',
    stack: { app: { dropLabel: { metric: 'http_requests_total', label: 'method' } } },
    red: { 'api-metrics': 'disproven' },
    because: /"?method"?/,
  },
  {
    says: 'a histogram has other buckets',
    stack: { app: { wrongBuckets: 'db_query_duration_ms' } },
    red: { 'database-metrics': 'disproven' },
    because: /db_query_duration_ms.*bucket|bucket.*db_query_duration_ms/,
  },
  {
    says: 'samples of a metric are ten minutes old',
    stack: { app: { staleMetric: 'active_users_concurrent' } },
    red: { 'business-metrics': 'disproven' },
    because: /active_users_concurrent/,
  },
  {
    says: 'Prometheus drops the metrics of the cache',
    stack: prometheus(
      '    metrics_path: /api/metrics',
      "    metrics_path: /api/metrics\n    metric_relabel_configs: [{ source_labels: [__name__], regex: 'cache_.*', action: drop }]",
    ),
    red: { 'cache-metrics': 'disproven' },
    because: /cache_memory_usage_bytes/,
  },
  {
    says: 'a forecast is counted twice',
    stack: { app: { countTwice: 'forecasts_generated_total' } },
    red: { 'forecasts-counted': 'disproven' },
    because: /moved by 4|4.*2/,
  },
  {
    says: 'a forecast is not counted',
    stack: { app: { freezeMetric: 'forecasts_generated_total' } },
    red: { 'forecasts-counted': 'disproven' },
    because: /not move|did not|0.*2/,
  },
];

const application: readonly Row[] = [
  {
    says: 'the application says that it is unhealthy',
    stack: { app: { healthBroken: true } },
    red: { health: 'disproven' },
    because: /503/,
  },
  {
    says: 'no forecast succeeds',
    stack: { app: { forecastBroken: true } },
    red: { 'sign-in-and-forecast': 'disproven' },
    because: /make a forecast/,
  },
];

const alertRules: readonly Row[] = [
  {
    says: 'a rule is absent',
    stack: rules('alert: HighLatency', 'alert: HighLatencies'),
    red: { 'high-latency': 'disproven' },
    because: /HighLatencies/,
  },
  {
    says: 'a rule has another `for`',
    stack: rules(/(alert: HighErrorRate[\s\S]*?for:) 4s/, '$1 2s'),
    red: { 'high-error-rate': 'disproven' },
    because: /2s.*4s/,
  },
  {
    says: 'a threshold is too high',
    stack: rules('db_pool_utilization_percent > 90', 'db_pool_utilization_percent > 92'),
    red: { 'pool-exhaustion': 'disproven' },
    because: /does not fire when 91% of the connections are in use/,
  },
  {
    says: 'a threshold is too low',
    stack: rules('> 0.01', '> 0.005'),
    red: { 'high-error-rate': 'disproven' },
    because: /fires when 0\.8% of requests fail/,
  },
  {
    says: 'a comparison is the wrong way round',
    stack: rules('db_pool_utilization_percent > 90', 'db_pool_utilization_percent < 90'),
    red: { 'pool-exhaustion': 'disproven' },
    because: /does not fire when 91%/,
  },
  {
    says: 'a rule has the wrong severity',
    stack: rules(/(alert: HighLatency[\s\S]*?severity:) high/, '$1 low'),
    red: { 'high-latency': 'disproven' },
    because: /severity/,
  },
  {
    says: 'a rule can never fire',
    stack: rules(/sum by \(le\) \(rate\(http_request_duration_ms_bucket\[10s\]\)\)/, 'http_request_duration_ms'),
    red: { 'high-latency': 'disproven' },
    because: /can never fire/,
  },
  {
    says: 'a rate is taken for a share',
    stack: rules(
      /sum\(rate\(http_requests_total\{status_code=~"5\.\."\}\[10s\]\)\)\s*\/\s*sum\(rate\(http_requests_total\[10s\]\)\)/,
      'rate(http_requests_total{status_code=~"5.."}[10s])',
    ),
    red: { 'high-error-rate': 'disproven' },
    because: /not a share of all requests/,
  },
  {
    says: 'an alert describes nothing',
    stack: rules(/(alert: DatabasePoolExhaustion[\s\S]*?)description: .*/, '$1note: none'),
    red: { 'pool-exhaustion': 'disproven' },
    because: /description/,
  },
  {
    says: 'Prometheus sends its alerts to another Alertmanager',
    stack: prometheus(/(alertmanagers:\s+- static_configs:\s+- targets: )\[.*\]/, "$1['127.0.0.1:9']"),
    red: { 'high-error-rate': 'disproven', 'pool-exhaustion': 'disproven', 'high-latency': 'disproven' },
    because: /127\.0\.0\.1:9/,
  },
];

const inhibition = `
inhibit_rules:
  - source_matchers: [alertname="Maintenance"]
    target_matchers: [severity="high"]
    equal: []
`;

const routing: readonly Row[] = [
  {
    says: 'a route leads to the wrong receiver',
    stack: alertmanager(/(severity="high"\]\s+receiver:) p1-urgent/, '$1 p2-monitor'),
    red: { 'high-latency': 'disproven' },
    because: /p2-monitor/,
  },
  {
    says: 'a receiver has a mail server that is not there',
    stack: alertmanager(/(name: p1-urgent\s+email_configs:\s+- to: .*\n)/, '$1        smarthost: 127.0.0.1:9\n'),
    red: { 'high-latency': 'disproven' },
    because: /oncall-email/,
  },
  {
    says: 'a receiver lacks one of its channels',
    stack: alertmanager(/(name: p0-oncall[\s\S]*?)\n {4}webhook_configs:\n {6}- url: .*\n {8}send_resolved: true\n/, '$1\n'),
    red: { 'high-error-rate': 'disproven', 'pool-exhaustion': 'disproven' },
    because: /incident-webhook/,
  },
  {
    says: 'an alert is silenced',
    live: (stack) => stack.alertmanager.silence({ labels: { alertname: 'HighLatency' } }),
    red: { 'high-latency': 'inconclusive' },
    because: /silence/,
  },
  {
    says: 'an alert is inhibited by another one',
    stack: { alertmanagerConfig: (text) => text + inhibition },
    live: (stack) => stack.alertmanager.postAlert({ labels: { alertname: 'Maintenance' }, lastsMs: 300_000 }),
    red: { 'high-latency': 'inconclusive' },
    because: /inhibit/,
  },
];

const delivery: readonly Row[] = [
  { says: 'mail goes to Junk', stack: { mail: { kind: 'junk' } }, red: { email: 'disproven' }, because: /Junk/ },
  { says: 'mail is accepted and never delivered', stack: { mail: { kind: 'drop' } }, red: { email: 'disproven' }, because: /not|never/ },
  { says: 'mail is refused', stack: { mail: { kind: 'refuse', code: 550 } }, red: { email: 'disproven' }, because: /550/ },
  { says: 'mail arrives too late', stack: { mail: { kind: 'delay', ms: 14_000 } }, red: { email: 'disproven' }, because: /10s/ },
  { says: 'mail loses its text', stack: { mail: { kind: 'strip-body' } }, red: { email: 'disproven' }, because: /text/ },
  {
    says: 'mail arrives with somebody else',
    stack: { mail: { kind: 'misdeliver', to: 'somebody-else' } },
    red: { email: 'disproven' },
    because: /not|never/,
  },
  { says: 'the webhook answers 500', stack: { webhook: [{ kind: 'status', status: 500 }] }, red: { webhook: 'disproven' }, because: /500/ },
];

const keeping: readonly Row[] = [
  { says: 'metrics are kept for 15 days', stack: { prometheusFlags: [] }, red: { retention: 'disproven' }, because: /15d.*30d/ },
  {
    says: 'a size limit undercuts the time limit',
    stack: { prometheusFlags: ['--storage.tsdb.retention.time=30d', '--storage.tsdb.retention.size=1MB'] },
    red: { retention: 'disproven' },
    because: /1MB|1 ?MiB|1MiB/,
  },
];

const servers: readonly Row[] = [
  {
    says: 'Prometheus does not tell its rules',
    live: (stack) => Promise.resolve(stack.prometheusProxy.behave({ kind: 'status', status: 500, path: '/api/v1/rules' })),
    red: { 'high-error-rate': 'inconclusive', 'pool-exhaustion': 'inconclusive', 'high-latency': 'inconclusive' },
    because: /HTTP 500/,
  },
  {
    says: 'Alertmanager answers with noise',
    live: (stack) => Promise.resolve(stack.alertmanagerProxy.behave({ kind: 'garble', path: '/api/v2/alerts', method: 'GET' })),
    red: { 'high-error-rate': 'inconclusive', 'pool-exhaustion': 'inconclusive', 'high-latency': 'inconclusive' },
    because: /not JSON|JSON/,
  },
];

/** Every sabotage, one at a time. */
export const table: readonly Row[] = [
  ...scraping,
  ...metrics,
  ...application,
  ...alertRules,
  ...routing,
  ...delivery,
  ...keeping,
  ...servers,
];
