import type { Family, Row } from '../row.ts';
import { rules } from '../sabotages.ts';

interface Rule {
  readonly item: string;
  readonly alert: string;
  /** As the short monitoring has it. */
  readonly for?: string;
  readonly severity: string;
  readonly tooHigh: readonly [from: string, to: string];
  readonly tooLow?: readonly [from: string, to: string];
}

const nine: readonly Rule[] = [
  {
    item: 'high-error-rate',
    alert: 'HighErrorRate',
    for: '4s',
    severity: 'critical',
    tooHigh: ['> 0.01', '> 0.05'],
    tooLow: ['> 0.01', '> 0.005'],
  },
  {
    item: 'pool-exhaustion',
    alert: 'DatabasePoolExhaustion',
    for: '4s',
    severity: 'critical',
    tooHigh: ['percent > 90', 'percent > 92'],
    tooLow: ['percent > 90', 'percent > 80'],
  },
  {
    item: 'system-downtime',
    alert: 'SystemDowntime',
    for: '2s',
    severity: 'critical',
    tooHigh: ['"} == 0', '"} == 2'],
    tooLow: ['"} == 0', '"} < 2'],
  },
  {
    item: 'data-integrity',
    alert: 'DataIntegrity',
    severity: 'critical',
    tooHigh: ['"isolation", "", "") > 0', '"isolation", "", "") > 1000'],
  },
  { item: 'high-latency', alert: 'HighLatency', for: '4s', severity: 'high', tooHigh: ['> 1000', '> 2000'], tooLow: ['> 1000', '> 500'] },
  {
    item: 'queue-depth',
    alert: 'QueueDepthHigh',
    for: '5s',
    severity: 'high',
    tooHigh: ['depth > 200', 'depth > 2000'],
    tooLow: ['depth > 200', 'depth > 20'],
  },
  {
    item: 'cache-hit-rate',
    alert: 'CacheHitRateLow',
    for: '5s',
    severity: 'high',
    tooHigh: ['percent < 70', 'percent < 50'],
    tooLow: ['percent < 70', 'percent < 80'],
  },
  {
    item: 'pool-warning',
    alert: 'DatabasePoolWarning',
    for: '5s',
    severity: 'warning',
    tooHigh: ['percent > 70', 'percent > 75'],
    tooLow: ['percent > 70', 'percent > 50'],
  },
  {
    item: 'cache-memory',
    alert: 'RedisMemoryWarning',
    for: '5s',
    severity: 'warning',
    tooHigh: ['> 0.85', '> 0.95'],
    tooLow: ['> 0.85', '> 0.5'],
  },
];

/** Anything from the alert's name to the words in question, within its own rule. */
const within = (alert: string, words: string): RegExp =>
  new RegExp(`(alert: ${alert}\\n(?:(?!- alert:)[\\s\\S])*?)${RegExp.escape(words)}`);

function rowsOf(rule: Rule): readonly Row[] {
  const { item, alert } = rule;
  const caught = (says: string, words: string, instead: string, because: RegExp): Row => ({
    says: `${alert} ${says}`,
    sabotage: rules(within(alert, words), `$1${instead}`),
    items: [item],
    red: { [item]: 'disproven' },
    because,
  });
  return [
    {
      says: `${alert} is absent`,
      sabotage: rules(`alert: ${alert}\n`, `alert: ${alert}s\n`),
      items: [item],
      red: { [item]: 'disproven' },
      because: new RegExp(`${alert}s`),
    },
    caught('has a threshold that is out of reach', ...rule.tooHigh, /does not fire when/),
    ...(rule.tooLow === undefined
      ? []
      : [caught('has a threshold that is too near', ...rule.tooLow, /fires when|fires although|is not silent/)]),
    ...(rule.for === undefined ? [] : [caught('waits for another time', `for: ${rule.for}`, 'for: 1s', new RegExp(`1s.*${rule.for}`))]),
    caught('has the wrong severity', `severity: ${rule.severity}`, 'severity: minor', /severity/),
    caught('describes nothing', 'description:', 'note:', /description/),
  ];
}

/** So many rows, each with a whole alert to prove, are tried on several stacks side by side. */
function familyOf(severity: string, more: readonly Row[] = []): Family {
  const own = nine.filter((rule) => rule.severity === severity);
  return { name: `rules, ${severity}`, items: own.map(({ item }) => item), rows: [...own.flatMap(rowsOf), ...more] };
}

const unsound = {
  latency: {
    says: 'a rule can never fire',
    sabotage: rules(/sum by \(le\) \(rate\(http_request_duration_ms_bucket\[10s\]\)\)/, 'http_request_duration_ms'),
    items: ['high-latency'],
    red: { 'high-latency': 'disproven' },
    because: /can never fire/,
  },
  share: {
    says: 'a rate is taken for a share',
    sabotage: rules(
      /sum\(rate\(http_requests_total\{status_code=~"5\.\."\}\[10s\]\)\)\s*\/\s*sum\(rate\(http_requests_total\[10s\]\)\)/,
      'rate(http_requests_total{status_code=~"5.."}[10s])',
    ),
    items: ['high-error-rate'],
    red: { 'high-error-rate': 'disproven' },
    because: /not a share of all requests/,
  },
  calculation: {
    says: 'a calculation error is not noticed',
    sabotage: rules(/label_replace\(increase\(calculation_errors_total\[10s\]\)[^\n]*\n\s*or\n/, ''),
    items: ['data-integrity'],
    red: { 'data-integrity': 'disproven' },
    because: /forecasts contradict themselves/,
  },
} satisfies Record<string, Row>;

export const criticalRules = familyOf('critical', [unsound.share, unsound.calculation]);
export const highRules = familyOf('high', [unsound.latency]);
export const warningRules = familyOf('warning');
