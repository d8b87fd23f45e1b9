import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../../../src/base/clock.ts';
import webhook from '../../../src/channels/webhook.ts';
import type { Finding } from '../../../src/gate/finding.ts';
import type { Grade } from '../../../src/gate/grade.ts';
import { openJournal, type EffectEvent, type Journal } from '../../../src/gate/journal.ts';
import type { ProofContext } from '../../../src/gate/proof.ts';
import { verdictOf, type Verdict } from '../../../src/gate/verdict.ts';
import alert from '../../../src/proofs/alert.ts';
import type { AlertFacts } from '../../../src/proofs/alert/facts.ts';
import { connectAlertmanager } from '../../../src/stack/alertmanager.ts';
import { connectPrometheus } from '../../../src/stack/prometheus.ts';
import { reservePort } from '../../sandbox/free-port.ts';
import { partOf, type Part } from '../../sandbox/part.ts';
import { startStack, type RunningStack } from '../../sandbox/stack.ts';
import { contextWith } from '../context.ts';

/** A real stack around a target whose queue can be made to fill up, and a webhook that Alertmanager sends to. */
export interface Live extends Part, RunningStack {
  readonly faultUrl: string;
  /** What the fault's address answers when a fault is to be made. */
  refuseFaultsWith(status: number | undefined): void;
  /** As `alertmanager.yml` needs it. */
  readonly webhookUrl: string;
  prove(requirement: object, grade: Grade, options?: ProveOptions): Promise<Proven>;
}

export interface ProveOptions {
  readonly signal?: AbortSignal;
  tell?(event: EffectEvent): void;
}

export interface Proven {
  readonly facts: AlertFacts;
  readonly verdict: Verdict;
  /** The findings on one rung. */
  on(grade: Grade): readonly Finding[];
  readonly effects: readonly EffectEvent[];
}

export interface LiveOptions {
  readonly rules: string;
  readonly metrics: (depth: number) => string;
  /** With `WEBHOOK` where its URL belongs. */
  readonly alertmanagerConfig: string;
}

export async function startLive({ rules, metrics, alertmanagerConfig }: LiveOptions): Promise<Live> {
  await using own = new AsyncDisposableStack();
  let depth = 0;
  let refused: number | undefined;
  const faults = createServer((asked, response) => {
    if (asked.method === 'POST' && refused === undefined) depth = 500;
    if (asked.method === 'DELETE') depth = 0;
    response.writeHead(asked.method === 'POST' ? (refused ?? 202) : 204).end(refused === undefined ? '' : 'faults are off');
  });
  await new Promise<void>((resolve) => faults.listen(0, '127.0.0.1', resolve));
  own.defer(() => new Promise<void>((resolve) => faults.close(() => resolve())));
  const port = own.use(await reservePort()).port;
  const webhookUrl = `http://127.0.0.1:${String(port)}/alerts`;
  const stack = own.use(
    await startStack({ metrics: () => metrics(depth), rules, alertmanagerConfig: alertmanagerConfig.replaceAll('WEBHOOK', webhookUrl) }),
  );
  const forever = new AbortController().signal;
  const options = webhook.options.parse({ url: webhookUrl, listen: `127.0.0.1:${String(port)}` });
  const channel = own.adopt(await webhook.open('hook', options, { clock: systemClock, signal: forever }), (opened) => opened.close());
  let proofs = 0;

  const prove: Live['prove'] = async (item, grade, { signal = AbortSignal.timeout(120_000), tell } = {}) => {
    const requirement = alert.requirement.parse(item);
    const effects: EffectEvent[] = [];
    const journal = openJournal((event) => {
      effects.push(event);
      tell?.(event);
    });
    proofs += 1;
    const context = contextWith({
      grade,
      signal,
      nonce: `lp${String(proofs)}x${Date.now().toString(36)}`,
      effects: journal,
      prometheus: () => connectPrometheus({ name: 'Prometheus', url: stack.prometheus.url }),
      alertmanager: () => connectAlertmanager({ name: 'Alertmanager', url: stack.alertmanager.url }),
      alertmanagers: () => [connectAlertmanager({ name: 'Alertmanager', url: stack.alertmanager.url })],
      channel: () => Promise.resolve(channel),
    });
    const seen = await observed(requirement, context, journal);
    const facts = alert.facts.parse(JSON.parse(JSON.stringify(seen))) as AlertFacts;
    const findings = alert.judge(requirement, facts);
    return {
      facts,
      verdict: verdictOf(alert.ladder, grade, findings, 'item'),
      on: (rung) => findings.filter((each) => each.grade === rung),
      effects,
    };
  };

  return {
    ...stack,
    faultUrl: `http://127.0.0.1:${String((faults.address() as AddressInfo).port)}/fault`,
    refuseFaultsWith: (status) => {
      refused = status;
    },
    webhookUrl,
    prove,
    ...partOf(own.move()),
  };
}

/** As the engine does: an effect that was being made when the run was stopped is undone too. */
async function observed(requirement: unknown, context: ProofContext, journal: Journal): Promise<unknown> {
  try {
    return await alert.observe(requirement, context);
  } finally {
    await journal.undoAll();
  }
}
