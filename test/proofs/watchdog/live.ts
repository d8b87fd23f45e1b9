import { systemClock } from '../../../src/base/clock.ts';
import webhook from '../../../src/channels/webhook.ts';
import type { Finding } from '../../../src/gate/finding.ts';
import type { Grade } from '../../../src/gate/grade.ts';
import { openJournal, type EffectEvent } from '../../../src/gate/journal.ts';
import { verdictOf, type Verdict } from '../../../src/gate/verdict.ts';
import watchdog from '../../../src/proofs/watchdog.ts';
import type { WatchdogFacts } from '../../../src/proofs/watchdog/facts.ts';
import { connectAlertmanager } from '../../../src/stack/alertmanager.ts';
import { connectDeadManSwitch } from '../../../src/stack/dead-man.ts';
import { connectPrometheus } from '../../../src/stack/prometheus.ts';
import { reservePort } from '../../sandbox/free-port.ts';
import { startHealthchecks, type RunningHealthchecks } from '../../sandbox/healthchecks.ts';
import { partOf, type Part } from '../../sandbox/part.ts';
import { startStack, type RunningStack } from '../../sandbox/stack.ts';
import { contextWith } from '../context.ts';

/** A real Prometheus and Alertmanager with a watchdog, a stand-in of the switch outside, and a channel that it tells. */
export interface LiveWatchdog extends Part, RunningStack {
  readonly healthchecks: RunningHealthchecks;
  /** `alertmanager.yml` as it should be. */
  readonly alertmanagerConfig: string;
  prove(options?: ProveOptions): Promise<Proven>;
}

export interface ProveOptions {
  readonly requirement?: object;
  readonly grade?: Grade;
  readonly signal?: AbortSignal;
  readonly apiKey?: string;
  readonly check?: string;
  tell?(event: EffectEvent): unknown;
}

export interface Proven {
  readonly facts: WatchdogFacts;
  readonly verdict: Verdict;
  /** What speaks against it. */
  readonly against: readonly Finding[];
  readonly effects: readonly EffectEvent[];
}

const watchdogRules = `
groups:
  - name: watchdog
    rules:
      - { alert: Watchdog, expr: vector(1), labels: { severity: none } }
      - { alert: Sleeper, expr: vector(1) > 2 }
`;

export async function startLiveWatchdog(): Promise<LiveWatchdog> {
  await using own = new AsyncDisposableStack();
  const { port } = own.use(await reservePort());
  const notifyUrl = `http://127.0.0.1:${String(port)}/alarms`;
  const healthchecks = own.use(await startHealthchecks({ timeoutMs: 1_500, graceMs: 1_500, notifyUrl }));
  const alertmanagerConfig = `
route:
  receiver: nobody
  group_by: [alertname]
  group_wait: 0s
  group_interval: 400ms
  routes:
    - { receiver: dead-man, matchers: ['alertname="Watchdog"'], repeat_interval: 300ms }
receivers:
  - name: nobody
  - name: dead-man
    webhook_configs: [{ url: '${healthchecks.pingUrl}', send_resolved: false }]
`;
  const stack = own.use(await startStack({ metrics: '', rules: watchdogRules, alertmanagerConfig }));
  const forever = new AbortController().signal;
  const options = webhook.options.parse({ url: notifyUrl, listen: `127.0.0.1:${String(port)}` });
  const channel = own.adopt(await webhook.open('hook', options, { clock: systemClock, signal: forever }), (opened) => opened.close());

  const prove: LiveWatchdog['prove'] = async ({ requirement = {}, grade = 'noticed', tell, ...given } = {}) => {
    const { apiKey = healthchecks.apiKey, check = healthchecks.check, signal = AbortSignal.timeout(60_000) } = given;
    const item = watchdog.requirement.parse({ rule: 'Watchdog', receiver: 'dead-man', noticedWithin: '6s', tells: 'hook', ...requirement });
    const effects: EffectEvent[] = [];
    const journal = openJournal((event) => {
      effects.push(event);
      tell?.(event);
    });
    const context = contextWith({
      grade,
      signal,
      effects: journal,
      prometheus: () => connectPrometheus({ name: 'Prometheus', url: stack.prometheus.url }),
      alertmanager: () => connectAlertmanager({ name: 'Alertmanager', url: stack.alertmanager.url }),
      deadMan: () => connectDeadManSwitch({ name: "the dead-man's switch", url: healthchecks.url }, { apiKey, check }),
      channel: () => Promise.resolve(channel),
    });
    try {
      const facts = watchdog.facts.parse(JSON.parse(JSON.stringify(await watchdog.observe(item, context)))) as WatchdogFacts;
      const verdict = verdictOf(watchdog.ladder, grade, watchdog.judge(item, facts), 'item');
      return { facts, verdict, against: verdict.reasons.filter(({ holds }) => holds !== 'yes'), effects };
    } finally {
      // As the engine does: an effect that was being made when the run was stopped is undone too.
      await journal.undoAll();
    }
  };
  return { ...stack, healthchecks, alertmanagerConfig, prove, ...partOf(own.move()) };
}
