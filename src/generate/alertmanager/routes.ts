import { formatDuration } from '../../base/duration.ts';
import type { WantedWatchdog, WantedWay } from '../../gate/wanted.ts';
import { formatMatcher } from '../../stack/label-matcher.ts';

/** A branch of the routing tree as it is written. */
export interface WrittenRoute {
  readonly matchers: readonly string[];
  readonly receiver: string;
  readonly continue?: true;
  readonly group_wait?: string;
  readonly group_interval?: string;
  readonly repeat_interval?: string;
}

/** Alertmanager's own times: long enough to gather what belongs together. A route that has to be quicker says so. */
export const usual = { groupWaitMs: 30_000, groupIntervalMs: 300_000 };

/** Alerts with the same labels that go to the same receivers share a branch; those that do not are told apart by name. More conditions come first. */
export function routesFor(ways: readonly WantedWay[]): readonly WrittenRoute[] {
  const groups = [...Map.groupBy(ways, ({ labels }) => matchersOf(labels).join()).values()];
  const branches = groups.flatMap((group) =>
    matchersOf(group[0]?.labels ?? {}).length > 0 && new Set(group.map(receiversOf)).size === 1
      ? [{ matchers: matchersOf(group[0]?.labels ?? {}), ways: group }]
      : group.map((way) => ({ matchers: matchersOf({ alertname: way.alert, ...way.labels }), ways: [way] })),
  );
  const bySpecificity = branches.toSorted((left, right) => right.matchers.length - left.matchers.length);
  return bySpecificity.flatMap(({ matchers, ways: own }) => {
    const receivers = own[0]?.receivers ?? [];
    return receivers.map((receiver, index): WrittenRoute => {
      const isLast = index === receivers.length - 1;
      return { matchers, receiver, ...(isLast ? {} : { continue: true }), ...timesOf(own) };
    });
  });
}

/** A dead-man's switch hears of the alert at ticks of the group interval, up to twice as far apart. */
export function watchdogRoute({ rule, noticedWithinMs }: WantedWatchdog, receiver: string): WrittenRoute {
  const every = formatDuration(wholeSeconds(noticedWithinMs / 10));
  return { matchers: matchersOf({ alertname: rule }), receiver, group_wait: '0s', group_interval: every, repeat_interval: every };
}

function receiversOf({ receivers }: WantedWay): string {
  return JSON.stringify(receivers.toSorted());
}

export function matchersOf(labels: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(labels).map(([label, value]) => formatMatcher({ label, operator: '=', value }));
}

/** A quarter of the time for the delivery may go into gathering, and half of the time in which people must hear that it is over. */
function timesOf(ways: readonly WantedWay[]): Pick<WrittenRoute, 'group_wait' | 'group_interval'> {
  const groupWaitMs = Math.min(...ways.map(({ deliveredWithinMs }) => wholeSeconds(deliveredWithinMs / 4)));
  const groupIntervalMs = Math.min(...ways.map(({ resolvedWithinMs = Infinity }) => wholeSeconds(resolvedWithinMs / 2)));
  return {
    ...(groupWaitMs < usual.groupWaitMs ? { group_wait: formatDuration(groupWaitMs) } : {}),
    ...(groupIntervalMs < usual.groupIntervalMs ? { group_interval: formatDuration(groupIntervalMs) } : {}),
  };
}

function wholeSeconds(ms: number): number {
  return Math.max(1, Math.floor(ms / 1_000)) * 1_000;
}
