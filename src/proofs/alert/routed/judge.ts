import { formatDuration } from '../../../base/duration.ts';
import { findingsOn, type Finding } from '../../../gate/finding.ts';
import { similarName } from '../../../stack/similar-name.ts';
import type { AlertRequirement } from '../requirement.ts';
import type { Held, Posted, RoutedFacts } from './facts.ts';

/** Does the live Alertmanager put an alert with the rule's labels on every required receiver, with nothing in the way? */
export function judgeRouted(requirement: AlertRequirement, facts: RoutedFacts): readonly Finding[] {
  const about = findingsOn(requirement.rule, 'routed');
  if (requirement.receivers.length === 0) {
    return [about.unknown('the gate names no receiver that the alert must reach', 'add them under "receivers"')];
  }
  if (facts.outcome === 'not-posted') {
    return [
      about.unknown(
        `no test alert was posted: by ${facts.inhibitRule} it would have held back real alerts`,
        'let the rule compare a label that no route looks at (equal: [instance]), or except test alerts from its source_matchers: liveproof_test!="true"',
      ),
    ];
  }
  if (facts.held === undefined) {
    return [
      about.unknown(
        'Alertmanager took the test alert and then did not show it',
        'is the address that of a load balancer before Alertmanagers that do not know of each other?',
      ),
    ];
  }
  const held = hindrance(facts.held);
  const findings = [
    ...(held === undefined
      ? []
      : [about.unknown(`the test alert would not be told to anybody: it is ${held}`, 'end that, and run the gate again')]),
    ...reached(requirement, facts.held, 'routed', facts.routes.receivers),
    ...testLabelsMatter(requirement, facts, facts.held),
    ...mutedAtTimes(requirement, facts),
  ];
  const wait = formatDuration(facts.routes.groupWaitMs);
  return findings.length > 0
    ? findings
    : [
        about.yes(
          `Alertmanager routes the alert to ${facts.held.receivers.join(' and ')}, neither silenced nor inhibited; it is told after a group wait of ${wait}`,
        ),
      ];
}

/** An interval that does not mute now may do so in the night of the launch; older Alertmanagers do not say either whether it does. */
function mutedAtTimes({ rule, mutedDuring = [] }: AlertRequirement, { routes }: Posted): readonly Finding[] {
  return routes.timeIntervals
    .filter((interval) => !mutedDuring.includes(interval))
    .map((interval) =>
      findingsOn(rule, 'routed').unknown(
        `its route is subject to the time interval ${interval}: at some hours nobody may be told`,
        `take the interval from the route, or allow it in the gate: mutedDuring: [${interval}]`,
      ),
    );
}

/** What keeps a held alert from being told to anybody. */
export function hindrance({ silencedBy, inhibitedBy, mutedBy, state }: Held): string | undefined {
  const all = [
    ...silencedBy.map((silence) => `silenced by ${silence}`),
    ...inhibitedBy.map((source) => `inhibited by ${source}`),
    ...mutedBy.map((interval) => `muted by the time interval ${interval}`),
  ];
  if (all.length > 0) return all.join(' and ');
  return state === 'suppressed' ? 'suppressed, and Alertmanager does not say why' : undefined;
}

/** Whether a held alert is on the receivers that it must be on; `known` are those that there are, where that is known. */
export function reached(
  { rule, receivers, onlyReceivers }: AlertRequirement,
  held: Held,
  grade: 'routed' | 'fired',
  known?: readonly string[],
): readonly Finding[] {
  const about = findingsOn(rule, grade);
  const missing = receivers.filter((receiver) => !held.receivers.includes(receiver));
  const surplus = held.receivers.filter((receiver) => !receivers.includes(receiver));
  const found = held.receivers.join(' and ') || 'no receiver';
  const labels = Object.entries(held.labels)
    .filter(([label]) => !label.startsWith('liveproof_'))
    .map(([label, value]) => `${label}="${value}"`)
    .join(', ');
  return [
    ...missing.map((receiver) =>
      about.no(
        `Alertmanager routes {${labels}} to ${found}, not to ${receiver}`,
        known === undefined || known.includes(receiver)
          ? `add a route to ${receiver} that matches these labels, before the one that takes the alert now or with "continue: true" on that one`
          : noSuchReceiver(receiver, known),
      ),
    ),
    ...(onlyReceivers ? surplus : []).map((receiver) =>
      about.no(
        `Alertmanager routes {${labels}} to ${receiver} as well, which the gate does not allow`,
        `take it out of that route, or name it under "receivers"`,
      ),
    ),
  ];
}

function noSuchReceiver(receiver: string, known: readonly string[]): string {
  const meant = similarName(receiver, known);
  return `its configuration has no receiver ${receiver}, only ${known.join(', ')}${meant === undefined ? '' : `: did you mean ${meant}?`}`;
}

/** The live answer is for an alert with test labels. It stands for the real one only if the configuration says that these change nothing. */
function testLabelsMatter({ rule }: AlertRequirement, { routes }: Posted, { receivers }: Held): readonly Finding[] {
  const about = findingsOn(rule, 'routed');
  const same = (left: readonly string[], right: readonly string[]): boolean => new Set(left).symmetricDifference(new Set(right)).size === 0;
  if (!same(routes.withTestLabels, receivers)) {
    return [
      about.unknown(
        `by its configuration Alertmanager should route the test alert to ${routes.withTestLabels.join(' and ')}, and it routes it to ${receivers.join(' and ')}`,
      ),
    ];
  }
  if (same(routes.withTestLabels, routes.withoutTestLabels)) return [];
  return [
    about.unknown(
      `the labels of the test change its way: without them the alert goes to ${routes.withoutTestLabels.join(' and ')}, with them to ${routes.withTestLabels.join(' and ')}`,
      'let no route look at liveproof_nonce or liveproof_test',
    ),
  ];
}
