import type { AlertFacts } from '../../../src/proofs/alert/facts.ts';
import type { DeliveredFacts } from '../../../src/proofs/alert/delivered/facts.ts';
import type { Watched } from '../../../src/proofs/alert/fired/facts.ts';
import type { LoadedFacts, Rule } from '../../../src/proofs/alert/loaded/facts.ts';
import { requirement, type AlertRequirement } from '../../../src/proofs/alert/requirement.ts';
import type { Held, Posted } from '../../../src/proofs/alert/routed/facts.ts';
import type { WouldFireFacts } from '../../../src/proofs/alert/would-fire/facts.ts';

/** The facts of an alert with which all is well; each test changes the one thing that it is about. */
export const now = Date.parse('2026-02-01T12:00:00.000Z');
export const nonce = 'lp0123456789abcdef';

const requests = (status: string): string => `http_requests_total{job="accubooks",status_code="${status}"}`;

function failing(perSecond: number) {
  return [
    { series: requests('500'), rate: perSecond },
    { series: requests('200'), rate: 100 - perSecond },
  ];
}

export function required(change: Readonly<Record<string, unknown>> = {}): AlertRequirement {
  return requirement.parse(alertKeys(change));
}

/** The same as it stands in a gate file. */
export function alertKeys(change: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    rule: 'HighErrorRate',
    for: '5m',
    labels: { severity: 'critical' },
    annotations: ['summary', 'description'],
    firesWhen: [{ say: '1.2% of requests fail', series: failing(1.2) }],
    silentWhen: [{ say: '0.8% of requests fail', series: failing(0.8) }],
    receivers: ['p0-oncall'],
    channels: ['oncall-email', 'incident-webhook'],
    deliveredWithin: '1m',
    fault: {
      says: 'AccuBooks fails',
      inject: { url: 'http://localhost:3000/fault' },
      undo: { method: 'DELETE', url: 'http://localhost:3000/fault' },
      lasts: '7m',
    },
    ...change,
  };
}

export function rule(change: Partial<Rule> = {}): Rule {
  return {
    group: 'accubooks_critical',
    file: '/etc/prometheus/alerts.yml',
    groupIntervalMs: 15_000,
    name: 'HighErrorRate',
    query: 'sum(rate(http_requests_total{status_code=~"5.."}[5m])) / sum(rate(http_requests_total[5m])) > 0.01',
    forMs: 300_000,
    keepFiringForMs: 0,
    labels: { severity: 'critical' },
    annotations: { summary: 'High error rate', description: '{{ $value | humanizePercentage }} of requests fail' },
    state: 'inactive',
    health: 'ok',
    lastError: '',
    lastEvaluation: new Date(now - 4_000).toISOString(),
    ...change,
  };
}

export function loaded(change: Partial<LoadedFacts> = {}): LoadedFacts {
  return {
    rules: [rule()],
    names: ['DatabasePoolExhaustion', 'HighErrorRate', 'HighLatency'],
    clocks: { oursMs: now, prometheusMs: now },
    alertmanagers: ['http://127.0.0.1:9093/api/v2/alerts'],
    alertmanager: 'http://localhost:9093',
    ...change,
  };
}

const fires = '1.2% of requests fail';
const silent = '0.8% of requests fail';

export function tried(change: Partial<WouldFireFacts> = {}): WouldFireFacts {
  const passed = { passed: true, words: 'SUCCESS', file: 'tests: []' };
  return {
    promtool: '2.42.0',
    scrapes: { everyMs: 15_000, from: 'targets' },
    rulesFile: 'groups: []',
    tests: [
      { situation: fires, check: 'waits', ...passed },
      { situation: fires, check: 'fires', ...passed },
      { situation: fires, check: 'recovers', ...passed },
      { situation: silent, check: 'stays-silent', ...passed },
    ],
    measurements: [],
    mutants: [{ says: '">" is turned into "<"', hint: 'a case', expression: '…', forMs: 300_000, killed: true }],
    ...change,
  };
}

/** As `tried`, but with one test failed. */
export function failed(check: WouldFireFacts['tests'][number]['check'], words = 'FAILED:\n    expr: "…", time: 10m,'): WouldFireFacts {
  const { mutants: _mutants, ...facts } = tried();
  return { ...facts, tests: facts.tests.map((test) => (test.check === check ? { ...test, passed: false, words } : test)) };
}

export function held(change: Partial<Held> = {}): Held {
  return {
    afterMs: 40,
    fingerprint: '8ea457d2e525f6d5',
    labels: { alertname: 'HighErrorRate', severity: 'critical', liveproof_nonce: nonce, liveproof_test: 'true' },
    receivers: ['p0-oncall'],
    state: 'active',
    silencedBy: [],
    inhibitedBy: [],
    mutedBy: [],
    ...change,
  };
}

export function posted(change: Partial<Posted> = {}): Posted {
  return {
    outcome: 'posted',
    labels: held().labels,
    postedAt: new Date(now).toISOString(),
    others: 0,
    held: held(),
    routes: {
      withTestLabels: ['p0-oncall'],
      withoutTestLabels: ['p0-oncall'],
      receivers: ['p0-oncall', 'p1-urgent'],
      groupWaitMs: 30_000,
      groupIntervalMs: 300_000,
      timeIntervals: [],
    },
    ...change,
  };
}

export type Awaited = Extract<DeliveredFacts, { readonly outcome: 'awaited' }>;
export type ArrivalFact = Awaited['channels'][number]['arrivals'][number];

export function arrived(change: Partial<ArrivalFact> = {}): ArrivalFact {
  return { at: new Date(now + 31_000).toISOString(), place: 'INBOX', seenByPeople: true, excerpt: `[FIRING:1] ${nonce}`, ...change };
}

export function delivered(email: Partial<Awaited['channels'][number]> = {}, failures: Awaited['failures'] = []): Awaited {
  const webhook = arrived({ place: '127.0.0.1:9095/alerts', fingerprint: held().fingerprint, status: 'firing' });
  return {
    outcome: 'awaited',
    channels: [
      { channel: 'oncall-email', kind: 'email', arrivals: [arrived()], foundAfterMs: 31_400, ...email },
      { channel: 'incident-webhook', kind: 'webhook', arrivals: [webhook], foundAfterMs: 30_100 },
    ],
    failures,
  };
}

export function watched(change: Partial<Watched> = {}): Watched {
  return {
    outcome: 'watched',
    injectedAt: new Date(now).toISOString(),
    answer: { status: 202, excerpt: '' },
    transitions: [
      { state: 'pending', afterMs: 16_000, value: '0.08' },
      { state: 'firing', afterMs: 316_500, value: '0.12' },
    ],
    watchedMs: 316_500,
    allowedMs: 420_000,
    measured: { expression: 'errors / requests', looks: 300, answered: 300, smallest: 0, largest: 0.12 },
    atAlertmanager: held({ afterMs: 317_000, labels: { alertname: 'HighErrorRate', severity: 'critical' } }),
    ...change,
  };
}

export function allFacts(change: Partial<AlertFacts> = {}): AlertFacts {
  return {
    grade: 'delivered',
    loaded: loaded(),
    live: [],
    wouldFire: tried(),
    routed: posted(),
    fired: watched(),
    delivered: delivered(),
    ...change,
  };
}
