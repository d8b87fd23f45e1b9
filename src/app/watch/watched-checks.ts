import { Fault } from '../../base/fault.ts';
import type { Check } from '../../check/check.ts';
import type { Probe } from '../../check/probe.ts';
import type { Project } from '../../config/project.ts';

/** The checks that the daemon of this place runs. Throws a Fault when there is none, or when one waits for heartbeats that nobody could send. */
export function watchedChecks({ name, place, checks, heartbeatToken }: Project, probes: ReadonlyMap<string, Probe>): readonly Check[] {
  const here = checks.filter(({ places }) => places.length === 0 || places.includes(place));
  if (here.length === 0) {
    const elsewhere = checks.length === 0 ? '' : `: all ${String(checks.length)} are for other places`;
    throw new Fault('usage/bad-argument', `the project ${name} has no checks for the place ${place}${elsewhere}`, {
      hint: checks.length === 0 ? 'liveproof init writes one to begin with' : 'set place in the project file, or places in a check',
    });
  }
  const waiting = here.find((check) => (probes.get(check.probe)?.awaits?.(check.options) ?? []).length > 0);
  if (waiting !== undefined && heartbeatToken === undefined) {
    throw new Fault(
      'config/missing-key',
      `the check ${waiting.name} waits for heartbeats, and the project has no token for their senders`,
      {
        hint: "add to the project file: heartbeats: { token: '${HEARTBEAT_TOKEN}' }",
      },
    );
  }
  return here;
}

/** Whether it runs by itself; the others run only when somebody asks for them. */
export function isScheduled({ schedule }: Check): boolean {
  return schedule.type !== 'on-demand';
}
