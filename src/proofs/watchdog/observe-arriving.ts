import { z } from 'zod';
import { eventually } from '../../base/eventually.ts';
import { formatDuration } from '../../base/duration.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { SwitchPing } from '../../stack/dead-man.ts';
import type { ArrivingFacts, PingFacts, SwitchFacts } from './facts.ts';
import { shortened } from '../../base/shortened.ts';

const wantedPings = 2;
/** What is read of pings that came meanwhile: enough to see who sends them. */
const mostPings = 5;
const longestBody = 200;

/** Waits until two new pings have arrived, and reads who sent them. */
export async function observeArriving(state: NonNullable<SwitchFacts['state']>, context: ProofContext): Promise<ArrivingFacts> {
  const { clock, signal, progress } = context;
  const deadMan = context.deadMan();
  const startedMs = clock.monotonicMs();
  const before = state.pings;
  const patienceMs = (state.periodMs ?? 0) + state.graceMs;
  progress(`waiting for two pings of the dead-man's switch, which come within ${formatDuration(patienceMs)} each`);
  const enough = async (): Promise<true | undefined> =>
    ((await deadMan.state(signal))?.pings ?? 0) >= before + wantedPings ? true : undefined;
  await eventually(enough, { clock, signal, withinMs: 2 * patienceMs, everyMs: lookEveryMs(patienceMs) });
  const waitedMs = Math.round(clock.monotonicMs() - startedMs);
  return { before, waitedMs, pings: await newPings(before, context) };
}

/** Often enough to see what happens within the time that a switch waits, and not more often than its server likes. */
export function lookEveryMs(patienceMs: number): number {
  return Math.min(5_000, Math.max(200, patienceMs / 20));
}

/** The pings after the first `before`, oldest first, with what they brought. */
export async function newPings(before: number, { signal, ...context }: Pick<ProofContext, 'signal' | 'deadMan'>): Promise<PingFacts[]> {
  const deadMan = context.deadMan();
  const found = (await deadMan.pings(signal)).filter(({ number }) => number > before).toSorted((a, b) => a.number - b.number);
  const read = async ({ hasBody, ...ping }: SwitchPing): Promise<PingFacts> => {
    const body = hasBody ? await deadMan.pingBody(ping.number, signal) : '';
    const alerts = alertsIn(body);
    return { ...ping, body: shortened(body, longestBody), ...(alerts === undefined ? {} : { alerts }) };
  };
  return Promise.all(found.slice(0, mostPings).map(read));
}

const notification = z.object({
  alerts: z.array(z.object({ status: z.string(), labels: z.object({ alertname: z.string() }) })).min(1),
});

/** The alerts of a notification of Alertmanager's (webhook, version 4); undefined when it is none. A server may have cut it short. */
function alertsIn(body: string): PingFacts['alerts'] {
  try {
    const parsed = notification.safeParse(JSON.parse(body));
    return parsed.data?.alerts.map(({ status, labels }) => ({ name: labels.alertname, status }));
  } catch {
    const [, name] = /^\{"receiver":.*?"alertname":"((?:[^"\\]|\\.)*)"/s.exec(body) ?? [];
    const [, status] = /^\{"receiver":.*?"status":"(firing|resolved)"/s.exec(body) ?? [];
    return name === undefined || status === undefined ? undefined : [{ name, status }];
  }
}
