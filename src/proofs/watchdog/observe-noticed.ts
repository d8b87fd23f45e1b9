import type { Channel } from '../../alert/channel.ts';
import { eventually } from '../../base/eventually.ts';
import { formatDuration } from '../../base/duration.ts';
import type { ProofContext } from '../../gate/proof.ts';
import type { SwitchState } from '../../stack/dead-man.ts';
import type { Labels } from '../../stack/prometheus.ts';
import { awaitAlarm, seenSoFar } from './alarm.ts';
import type { NoticedFacts, Watched } from './facts.ts';
import { lookEveryMs, newPings } from './observe-arriving.ts';
import type { WatchdogRequirement } from './requirement.ts';
import { stopAlert } from './stop.ts';
import { patienceOf, stopTouch } from './touches.ts';
import { orTrouble, type Trouble, type Troubled } from '../../base/trouble.ts';

/** Stops the alert, watches the switch until it raises the alarm, lets the alert go again and waits until the switch is quiet. */
export async function observeNoticed(requirement: WatchdogRequirement, labels: Labels, context: ProofContext): Promise<NoticedFacts> {
  const { clock, signal, progress } = context;
  const { noticedWithin, tells } = requirement;
  const deadMan = context.deadMan();
  const before = await deadMan.state(signal);
  if (before?.status !== 'up' && before?.status !== 'grace') return { outcome: 'not-up', status: before?.status ?? 'gone' };
  const flipsBefore = (await deadMan.flips(signal)).length;
  // Opened before the alarm is raised, or a sink would miss it.
  const channel = tells === undefined ? undefined : await orTrouble(signal, () => context.channel(tells));
  const known =
    channel === undefined || 'trouble' in channel ? undefined : await orTrouble(signal, () => seenSoFar(channel, tokensOf(before), signal));

  const patienceMs = patienceOf(requirement);
  await context.beforeSignal(async () => [await stopTouch(requirement, context)]);
  const stopped = await stopAlert(requirement, labels, 2 * patienceMs, context);
  if ('refused' in stopped) return { outcome: 'not-stopped', says: stopped.refused };
  const stoppedAt = clock.now().toISOString();
  const stoppedMs = clock.monotonicMs();
  const sinceMs = (): number => Math.round(clock.monotonicMs() - stoppedMs);
  const lookMs = lookEveryMs((before.periodMs ?? noticedWithin) + before.graceMs);
  let watched: Omit<Watched, 'back'>;
  try {
    progress(`${stopped.how}: waiting up to ${formatDuration(noticedWithin)} for the dead-man's switch to notice`);
    const seen = await watchSwitch(flipsBefore, { patienceMs, lookMs, sinceMs, context });
    const told = seen.downAfterMs === undefined ? undefined : await alarmOn(channel, known, before, { patienceMs, sinceMs, context });
    const pings = await orTrouble(signal, () => newPings(stopped.pingsBefore, context));
    watched = {
      outcome: 'watched',
      stoppedAt,
      how: stopped.how,
      watchedMs: sinceMs(),
      ...seen,
      pings: 'trouble' in pings ? [] : pings,
      ...(told === undefined ? {} : { told }),
    };
  } finally {
    await stopped.undo();
  }
  if (watched.downAfterMs === undefined) return watched;
  progress(`waiting for the dead-man's switch to be quiet again`);
  return { ...watched, back: await waitUntilUp(requirement, lookMs, context) };

  function tokensOf({ name }: SwitchState): readonly string[] {
    return [name, deadMan.check].filter((token) => token !== '');
  }

  async function alarmOn(
    open: Channel | Troubled | undefined,
    earlier: Awaited<ReturnType<typeof seenSoFar>> | Troubled | undefined,
    state: SwitchState,
    watching: Pick<Watching, 'patienceMs' | 'sinceMs' | 'context'>,
  ): Promise<Watched['told']> {
    if (open === undefined) return undefined;
    if ('trouble' in open) return open;
    if (earlier === undefined || 'trouble' in earlier) return earlier;
    progress(`the switch noticed: waiting for its alarm on ${open.name}`);
    return orTrouble(signal, () => awaitAlarm(open, tokensOf(state), earlier, watching));
  }
}

interface Watching {
  readonly patienceMs: number;
  readonly lookMs: number;
  readonly sinceMs: () => number;
  readonly context: ProofContext;
}

/** What counts is the change that the switch writes down and tells: its status is only arithmetic. */
async function watchSwitch(
  flipsBefore: number,
  { patienceMs, lookMs, sinceMs, context: { clock, signal, ...context } }: Watching,
): Promise<Pick<Watched, 'statuses' | 'downAfterMs' | 'lookTrouble'>> {
  const deadMan = context.deadMan();
  const statuses: Watched['statuses'] = [];
  let lookTrouble: Trouble | undefined;
  const downAfterMs = await eventually(
    async () => {
      const looked = await orTrouble(signal, async () => ({ state: await deadMan.state(signal), flips: await deadMan.flips(signal) }));
      lookTrouble = 'trouble' in looked ? looked.trouble : undefined;
      if ('trouble' in looked) return undefined;
      const { state, flips } = looked;
      const status = state?.status ?? 'gone';
      const afterMs = sinceMs();
      if (statuses.at(-1)?.status !== status) statuses.push({ status, afterMs });
      // Pausing a check is written down as well.
      const isWritten = flips.slice(0, Math.max(0, flips.length - flipsBefore)).some(({ up }) => !up);
      return isWritten && status === 'down' ? afterMs : undefined;
    },
    { clock, signal, withinMs: patienceMs, everyMs: lookMs },
  );
  return {
    statuses,
    ...(downAfterMs === undefined ? {} : { downAfterMs }),
    ...(lookTrouble === undefined ? {} : { lookTrouble }),
  };
}

async function waitUntilUp(
  { noticedWithin }: WatchdogRequirement,
  lookMs: number,
  { clock, signal, ...context }: ProofContext,
): Promise<NonNullable<Watched['back']>> {
  const deadMan = context.deadMan();
  const startedMs = clock.monotonicMs();
  const waitedMs = (): number => Math.round(clock.monotonicMs() - startedMs);
  let status = 'unknown';
  const look = async (): Promise<number | undefined> => {
    const looked = await orTrouble(signal, () => deadMan.state(signal));
    status = looked === undefined ? 'gone' : 'trouble' in looked ? 'unknown' : looked.status;
    return status === 'up' ? waitedMs() : undefined;
  };
  const afterMs = await eventually(look, { clock, signal, withinMs: noticedWithin, everyMs: lookMs });
  return { waitedMs: waitedMs(), status, ...(afterMs === undefined ? {} : { afterMs }) };
}
