import type { Grade } from '../../src/gate/grade.ts';
import { allFacts, arrived, delivered, alertKeys } from './alert/recorded.ts';
import { factsOf as metricsOf, now, target } from './metrics/healthy.ts';

/** Facts that prove an item, and what was asked for. */
export interface Proven {
  readonly kind: string;
  readonly grade: Grade;
  /** As it stands in a gate file. */
  readonly requirement: Readonly<Record<string, unknown>>;
  readonly facts: unknown;
}

const at = '2026-02-01T12:00:00.000Z';
const request = { inject: { url: 'http://tool/stop' }, undo: { url: 'http://tool/start' }, lasts: '5m' };
const samples = (value: number): number[][] => [64_000, 49_000, 34_000, 19_000, 4_000].map((ageMs) => [now - ageMs, value]);

const scrape: Proven = {
  kind: 'scrape',
  grade: 'on-time',
  requirement: { job: 'accubooks', interval: '15s', targets: 1 },
  facts: {
    clocks: { oursMs: now, prometheusMs: now },
    targets: [target],
    pools: [{ scrapePool: 'accubooks', job: 'accubooks' }],
    history: {
      windowMs: 75_000,
      waitedMs: 0,
      up: [{ labels: { __name__: 'up', ...target.labels }, samples: samples(1) }],
      samplesScraped: [{ labels: { __name__: 'scrape_samples_scraped', ...target.labels }, samples: samples(120) }],
    },
  },
};

const passed = { startedAt: at, durationMs: 12, outcome: { status: 'pass', reasons: [] } };
const failed = { ...passed, outcome: { status: 'fail', reasons: ['status 503, expected 2xx'] } };

const check: Proven = {
  kind: 'check',
  grade: 'shown-to-fail',
  requirement: { check: 'health', fault: { says: 'the database is away', ...request, failsWithin: '10s', recoversWithin: '20s' } },
  facts: {
    grade: 'shown-to-fail',
    runs: [passed, passed, passed],
    shown: {
      outcome: 'broken',
      injectedAt: at,
      answer: { status: 204, excerpt: '' },
      whileBroken: { runsBefore: 2, last: failed, waitedMs: 1_500 },
      afterwards: { runsBefore: 0, last: passed, waitedMs: 700 },
    },
  },
};

const made = 'forecasts_generated_total{tier="PRO"}';
const counted = (value: number, ageMs: number) => ({
  labels: { __name__: 'forecasts_generated_total', tier: 'PRO' },
  samples: [[now - ageMs, value]],
});

const metrics: Proven = {
  kind: 'metrics',
  grade: 'scraped',
  requirement: {
    job: 'accubooks',
    metrics: [
      { name: 'forecasts_generated_total', type: 'counter', labels: ['tier'] },
      {
        name: 'http_request_duration_ms',
        type: 'histogram',
        labels: ['method'],
        buckets: [10, 50],
        help: 'Duration of HTTP requests in ms',
      },
      { name: 'forecast_queue_depth', type: 'gauge' },
      { name: 'job_seconds', type: 'summary' },
    ],
  },
  facts: metricsOf(),
};

const moved: Proven = {
  kind: 'metrics',
  grade: 'responsive',
  requirement: {
    job: 'accubooks',
    metrics: [{ name: 'forecasts_generated_total', type: 'counter', labels: ['tier'] }],
    stimulus: { check: 'forecast', times: 2 },
    moves: [{ series: made, by: 2 }],
  },
  facts: {
    ...metricsOf(),
    responsive: {
      baselineMs: now - 30_000,
      runs: [passed, passed],
      waitedMs: 12_000,
      moves: [{ series: made, before: [counted(7, 25_000)], after: [counted(9, 4_000)], pageBefore: 7, pageAfter: 9 }],
    },
  },
};

const webhookArrival = arrived({ place: '127.0.0.1:9095/alerts', fingerprint: '8ea457d2e525f6d5', status: 'firing' });
const ended = { outcome: 'seen', arrival: arrived({ excerpt: '[RESOLVED] HighErrorRate' }), afterMs: 4_000 } as const;
const takenUp = { outcome: 'seen' as const, by: [{ at, by: 'Ada', how: 'replied' }], afterMs: 40_000 };

const alert: Proven = {
  kind: 'alert',
  grade: 'acknowledged',
  requirement: alertKeys({
    onlyReceivers: true,
    acknowledgedWithin: '5m',
    acknowledgedOn: ['oncall-email'],
    resolvedWithin: '10s',
    resolvedOn: ['oncall-email'],
  }),
  facts: allFacts({
    grade: 'acknowledged',
    delivered: {
      ...delivered(),
      channels: [
        { channel: 'oncall-email', kind: 'email', arrivals: [arrived()], foundAfterMs: 31_400, resolved: ended, acknowledged: takenUp },
        {
          channel: 'incident-webhook',
          kind: 'webhook',
          arrivals: [webhookArrival],
          foundAfterMs: 30_100,
          acknowledged: { outcome: 'cannot-show' },
        },
      ],
    },
  }),
};

const message = { nonce: 'lp1n1', subject: '[TEST] lp1n1', text: 'Hello,\nlp1n1', sentAt: at };

const channel: Proven = {
  kind: 'channel',
  grade: 'acknowledged',
  requirement: { channel: 'oncall-email', deliveredWithin: '30s', acknowledgedWithin: '5m', exactlyOnce: true },
  facts: {
    kind: 'email',
    carries: 'everything',
    grade: 'acknowledged',
    messages: [
      {
        ...message,
        acceptance: { accepted: true, answer: '250 Ok', at },
        looks: 3,
        lookedForMs: 1_200,
        seenAfterMs: 1_200,
        arrivals: [{ at, place: 'INBOX', seenByPeople: true, excerpt: '[TEST] lp1n1 | Hello, lp1n1' }],
        acknowledged: takenUp,
      },
    ],
  },
};

const panels = [
  { id: '7', title: 'Made', queries: ['sum(made_total)'] },
  { id: '8', title: 'Lost', queries: ['sum(lost_total)'] },
];
const answer = { dataSource: 'Prometheus', dataSourceRef: 'prom', unresolved: [], values: 1, newestMs: now };

const dashboard: Proven = {
  kind: 'dashboard',
  grade: 'seen',
  requirement: { board: 'ops', as: 'ada', moves: { check: 'forecast', panel: '7' } },
  facts: {
    flavour: 'grafana',
    declared: { title: 'Ops', refreshMs: 10_000, panels },
    shown: {
      title: 'Ops',
      refresh: '10s',
      unresolved: [],
      panels: panels.map(({ id, title, queries }) => ({
        id,
        title,
        queries: queries.map((query) => ({ written: query, expression: query })),
      })),
    },
    answers: {
      askedMs: now,
      panels: panels.map(({ title, queries }) => ({ panel: title, queries: queries.map((expression) => ({ ...answer, expression })) })),
    },
    page: {
      status: 200,
      openedAfterMs: 800,
      panels: panels.map(({ id, title }) => ({ id, title, state: 'ok', shown: ['1'] })),
      data: panels.flatMap(({ id }) => [100, 10_150].map((afterMs) => ({ panel: `${id} prom`, afterMs, status: 200 }))),
      watchedMs: 11_000,
      complaints: [],
      moved: { panel: '7', outcome: 'pass', before: ['1'], after: ['2'], waitedMs: 1_000 },
    },
  },
};

const shut = (who: string, api: number) => ({
  who,
  hasPassword: who !== 'nobody',
  api,
  data: false,
  page: { status: api, panels: 0, shown: 0 },
});

const access: Proven = {
  kind: 'access',
  grade: 'guarded',
  requirement: { board: 'ops', onCall: true, refused: ['mary', 'nobody'] },
  facts: {
    onCall: [{ name: 'Ada', email: 'ada@x.test', known: 'ada' }],
    opened: [{ who: 'ada', hasPassword: true, api: 200, isPublic: false, data: true, page: { status: 200, panels: 9, shown: 9 } }],
    refused: [shut('mary', 403), shut('nobody', 401)],
  },
};

const retention: Proven = {
  kind: 'retention',
  grade: 'sufficient',
  requirement: { atLeast: '30d', diskFree: 'node_filesystem_avail_bytes' },
  facts: {
    version: '2.42.0',
    retention: '30d or 512GiB',
    flags: { 'storage.tsdb.retention.time': '30d', 'storage.tsdb.max-block-duration': '3d' },
    clocks: { oursMs: now, prometheusMs: now },
    ingestion: { samplesBefore: 1_000, samplesAfter: 4_000, betweenMs: 30_000, scrapedPerSecond: 95 },
    disk: { freeBytes: [1e12], storedBytes: 1e9 },
  },
};

const victoriaMetrics: Proven = {
  kind: 'retention',
  grade: 'sufficient',
  requirement: { atLeast: '30d' },
  facts: {
    version: '1.100.0',
    retention: '2',
    flags: {},
    clocks: { oursMs: now, prometheusMs: now },
    victoriaMetrics: { dataBytes: 1e9, samples: 1e9, freeBytes: 1e12, readOnlyBelowBytes: 1e7 },
    ingestion: { samplesBefore: 1_000, samplesAfter: 4_000, betweenMs: 30_000, scrapedPerSecond: 95 },
  },
};

const [a, b, am1, am2] = ['http://a:9090', 'http://b:9090', 'http://a:9093', 'http://b:9093'] as const;
const seenWatchdog = { labels: { alertname: 'Watchdog' }, updatedAt: at };
const parts = {
  prometheuses: [a, b].map((url) => ({
    url,
    seen: { rules: [{ name: 'HighErrorRate', definition: 'errors > 1' }], alertmanagers: [am1, am2] },
  })),
  alertmanagers: [am1, am2].map((url) => ({
    url,
    seen: { clusterStatus: 'ready', peers: ['one', 'two'], config: 'digest', watchdogs: [seenWatchdog] },
  })),
};
const test = {
  nonce: 'lp1',
  postedTo: [am1, am2],
  arrivals: [{ at, place: '#oncall', seenByPeople: true, excerpt: 'lp1' }],
  foundAfterMs: 1_200,
};
const away = (says: string, gone: readonly string[], left: string) => ({
  says,
  answer: { status: 200, excerpt: '' },
  gone: gone.map((url) => ({ url, afterMs: 200 })),
  stayedAway: true,
  renewed: [{ url: left, afterMs: 2_000 }],
  back: { afterMs: 5_000, parts },
});

const redundancy: Proven = {
  kind: 'redundancy',
  grade: 'survived',
  requirement: {
    channel: 'chat',
    takeAway: [
      { says: 'the first of each is down', gone: [a, am1], ...request },
      { says: 'the second of each is down', gone: [b, am2], ...request },
    ],
  },
  facts: {
    parts,
    trials: [
      { test },
      { away: away('the first of each is down', [a, am1], am2), test: { ...test, postedTo: [am2] } },
      { away: away('the second of each is down', [b, am2], am1), test: { ...test, postedTo: [am1] } },
    ],
  },
};

const ping = (seconds: number) => ({
  number: seconds,
  type: 'success',
  at: new Date(Date.parse(at) + seconds * 1_000).toISOString(),
  method: 'POST',
  userAgent: 'Alertmanager/0.25.0',
  alerts: [{ name: 'Watchdog', status: 'firing' }],
  body: '{"receiver":"dead-man"',
});

const watchdog: Proven = {
  kind: 'watchdog',
  grade: 'noticed',
  requirement: { rule: 'Watchdog', receiver: 'dead-man', noticedWithin: '5m', tells: 'oncall' },
  facts: {
    grade: 'noticed',
    rule: {
      names: ['Watchdog'],
      found: [{ query: 'vector(1)', state: 'firing', health: 'ok', lastError: '', alerts: [{ alertname: 'Watchdog' }] }],
    },
    route: {
      url: am1,
      held: [{ labels: { alertname: 'Watchdog' }, receivers: ['dead-man'], state: 'active', silencedBy: [], inhibitedBy: [] }],
      routes: [{ receiver: 'dead-man', groupIntervalMs: 30_000, repeatIntervalMs: 30_000 }],
      receivers: ['oncall', 'dead-man'],
    },
    deadMan: { state: { name: 'alerting', status: 'up', periodMs: 60_000, graceMs: 60_000, integrations: 2, pings: 7 } },
    arriving: { before: 7, waitedMs: 61_000, pings: [ping(30), ping(60)] },
    noticed: {
      outcome: 'watched',
      stoppedAt: at,
      how: 'Watchdog was silenced',
      watchedMs: 122_000,
      statuses: [{ status: 'down', afterMs: 115_000 }],
      downAfterMs: 115_000,
      pings: [],
      told: {
        afterMs: 118_000,
        lookedForMs: 118_000,
        arrivals: [{ at, place: '#oncall', seenByPeople: true, excerpt: 'alerting is DOWN' }],
      },
      back: { afterMs: 31_000, waitedMs: 31_000, status: 'up' },
    },
  },
};

/** At least one item of every proof kind, with all that it can be asked. */
export const provenItems: readonly Proven[] = [
  access,
  alert,
  channel,
  check,
  dashboard,
  metrics,
  moved,
  redundancy,
  retention,
  scrape,
  victoriaMetrics,
  watchdog,
];
