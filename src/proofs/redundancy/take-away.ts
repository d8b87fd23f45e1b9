import { eventually } from '../../base/eventually.ts';
import { exchange } from '../../base/exchange.ts';
import { Fault } from '../../base/fault.ts';
import { orTrouble, type Trouble } from '../../base/trouble.ts';
import { faultTouch } from '../../gate/fault-touch.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { Alertmanager } from '../../stack/alertmanager.ts';
import type { Prometheus } from '../../stack/prometheus.ts';
import type { Away, Parts, Trial } from './facts.ts';
import { lookAtParts, nameOf } from './look.ts';
import type { RedundancyRequirement, TakeAway } from './requirement.ts';
import { shortcomingsOf } from './shortcomings.ts';
import { postTestAlert } from './test-alert.ts';
import { shortened } from '../../base/shortened.ts';

/** Takes something away, sees whether a test alert still arrives and the watchdog is still renewed, and gives it back. */
export async function takeAway(taking: TakeAway, requirement: RedundancyRequirement, trial: number, context: ProofContext): Promise<Trial> {
  const { says, inject, undo: giveBack, lasts, gone: goneUrls } = taking;
  const { effects, signal, progress } = context;
  const taken = serversAt(goneUrls, context);
  const left = context.alertmanagers().filter((one) => !taken.some(({ url }) => url === one.url));
  await context.beforeSignal(async () => [await faultTouch(taking, context, { does: 'take-away' })]);
  progress(`${says}: waiting until it is gone`);
  const { result, undo } = await effects.make({ says, expiresInMs: lasts, undo: giveBack }, () => exchange(inject, signal));
  let observed: Omit<Away, 'back'>;
  let test: Trial['test'];
  try {
    const answer = { status: result.status, excerpt: shortened(result.text, 300) };
    const refused = { says, answer, gone: [], stayedAway: false, renewed: [] };
    const gone = result.status >= 400 ? [] : await Promise.all(taken.map((one) => untilGone(one, requirement.goneWithin, context)));
    observed = { ...refused, gone };
    if (gone.length > 0 && gone.every(({ afterMs }) => afterMs !== undefined) && left.length > 0) {
      const [renewed, posted] = await Promise.all([
        Promise.all(left.map((one) => untilRenewed(one, requirement, context))),
        postTestAlert(requirement, left, trial, context),
      ]);
      const isBack = await Promise.all(taken.map((one) => isThere(one, signal)));
      observed = { ...observed, renewed, stayedAway: !isBack.includes(true) };
      test = posted;
    }
  } finally {
    await undo();
  }
  progress(`waiting until everything is whole again after: ${says}`);
  const back = await untilWhole(requirement, context);
  return { away: { ...observed, back }, ...(test === undefined ? {} : { test }) };
}

/** The servers of the stack at these addresses; a Fault when there is none at one of them. */
export function serversAt(urls: readonly string[], context: ProofContext): readonly (Prometheus | Alertmanager)[] {
  const servers = [...context.prometheuses(), ...context.alertmanagers()];
  return urls.map((url) => {
    const found = servers.find((server) => server.url === url);
    if (found !== undefined) return found;
    throw new Fault('config/bad-value', `takeAway names ${url} under "gone", and the gate's stack has no such server`, {
      hint: `its Prometheus and Alertmanagers are ${servers.map(nameOf).join(', ')}`,
    });
  });
}

async function untilGone(
  server: Prometheus | Alertmanager,
  withinMs: number,
  { clock, signal }: ProofContext,
): Promise<Away['gone'][number]> {
  const startedMs = clock.monotonicMs();
  const isGone = async (): Promise<true | undefined> => !(await isThere(server, signal)) || undefined;
  const seen = await eventually(isGone, { clock, signal, withinMs, everyMs: 100 });
  return { url: nameOf(server), ...(seen === undefined ? {} : { afterMs: Math.round(clock.monotonicMs() - startedMs) }) };
}

/** What a proxy says for a server that is not there. */
const notThere = [502, 503, 504];

/** Whether somebody answers: anything but silence, and a proxy's word for it, is an answer, were it a refusal or nonsense. */
async function isThere({ url }: Prometheus | Alertmanager, signal: AbortSignal): Promise<boolean> {
  const answer = await orTrouble(signal, () => exchange({ method: 'GET', url: `${url}/-/ready` }, signal));
  return !('trouble' in answer || notThere.includes(answer.status));
}

/** Compares what the Alertmanager says itself, now and later: so no clocks have to agree. */
async function untilRenewed(
  alertmanager: Alertmanager,
  { watchdog, renewedWithin }: RedundancyRequirement,
  { clock, signal }: ProofContext,
): Promise<Away['renewed'][number]> {
  const url = nameOf(alertmanager);
  const startedMs = clock.monotonicMs();
  let first: string | undefined;
  let trouble: Trouble | undefined;
  const isRenewed = async (): Promise<true | undefined> => {
    const held = await orTrouble(signal, () => alertmanager.alerts({ alertname: watchdog }, signal));
    trouble = 'trouble' in held ? held.trouble : undefined;
    const now = 'trouble' in held ? undefined : held[0]?.updatedAt;
    // What is seen first may be old, whenever it is seen.
    first ??= now;
    return now !== undefined && now !== first ? true : undefined;
  };
  const renewed = await eventually(isRenewed, { clock, signal, withinMs: renewedWithin, everyMs: 250 });
  if (renewed === true) return { url, afterMs: Math.round(clock.monotonicMs() - startedMs) };
  return { url, ...(trouble === undefined ? {} : { trouble }) };
}

async function untilWhole({ watchdog, backWithin }: RedundancyRequirement, context: ProofContext): Promise<Away['back']> {
  const { clock, signal } = context;
  const startedMs = clock.monotonicMs();
  let parts: Parts = { prometheuses: [], alertmanagers: [] };
  const isWhole = async (): Promise<true | undefined> => {
    parts = await lookAtParts(watchdog, context);
    return shortcomingsOf(parts, watchdog).length === 0 || undefined;
  };
  const whole = await eventually(isWhole, { clock, signal, withinMs: backWithin, everyMs: 250 });
  return { parts, ...(whole === undefined ? {} : { afterMs: Math.round(clock.monotonicMs() - startedMs) }) };
}
