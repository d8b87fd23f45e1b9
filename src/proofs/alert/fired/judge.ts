import { formatDuration } from '../../../base/duration.ts';
import { findingsOn, type Finding } from '../../../gate/finding.ts';
import type { Rule } from '../loaded/facts.ts';
import { formatMeasured } from '../../../stack/samples.ts';
import type { AlertRequirement } from '../requirement.ts';
import { hindrance, reached } from '../routed/judge.ts';
import type { FiredFacts, Measured, Watched } from './facts.ts';

/** Did the loaded rule notice a real fault, in time, and did Alertmanager get to know of it? */
export function judgeFired(requirement: AlertRequirement, rule: Rule, facts: FiredFacts): readonly Finding[] {
  const about = findingsOn(requirement.rule, 'fired');
  switch (facts.outcome) {
    case 'no-fault':
      return [
        about.unknown(
          'the gate names no fault, so the rule was not seen firing',
          'add a "fault" that the system under test can be given and cured of',
        ),
      ];
    case 'not-quiet':
      return [
        about.unknown(
          `the rule was ${facts.state} before any fault was made, so its firing would show nothing`,
          facts.state === 'gone'
            ? 'somebody changed the rules while the gate ran: run it again'
            : 'something real may be wrong: look at the alert, and run the gate when it is over',
        ),
      ];
    case 'refused':
      return [
        about.unknown(
          `the fault could not be made: the system under test answered HTTP ${String(facts.answer.status)}: ${facts.answer.excerpt}`,
          'are faults allowed in this environment, and is the request under fault.inject right?',
        ),
      ];
    case 'watched':
      return judgeWatched(requirement, rule, facts);
  }
  return facts satisfies never;
}

function judgeWatched(requirement: AlertRequirement, rule: Rule, facts: Watched): readonly Finding[] {
  const about = findingsOn(requirement.rule, 'fired');
  const fault = requirement.fault?.says ?? 'the fault';
  const firing = facts.transitions.find(({ state }) => state === 'firing');
  const pending = facts.transitions.find(({ state }) => state === 'pending');
  if (firing === undefined || firing.afterMs > facts.allowedMs) {
    const after = firing === undefined ? `within ${formatDuration(facts.allowedMs)}` : `until ${formatMeasured(firing.afterMs)} after it`;
    const was = pending === undefined ? 'it was never even pending' : `it was pending after ${formatMeasured(pending.afterMs)}`;
    return [
      about.no(
        `"${fault}" was made, and the rule did not fire ${after}: ${was}${reading(facts.measured)}`,
        whyNot(requirement, rule, facts),
      ),
    ];
  }
  const unfilled = Object.entries(facts.annotations ?? {}).find(([, text]) => text.includes('<error expanding template'));
  if (unfilled !== undefined) {
    return [about.no(`the rule fires, but its ${unfilled[0]} cannot be filled in: ${unfilled[1]}`, 'mend the template of that annotation')];
  }
  const held = facts.atAlertmanager;
  if (held === undefined) {
    return [
      about.no(
        `the rule fires ${formatMeasured(firing.afterMs)} after "${fault}" was made, but its alert did not come to the gate's Alertmanager`,
        'does Prometheus send to this Alertmanager, and do its alert_relabel_configs keep the alert?',
      ),
    ];
  }
  if ('trouble' in held)
    return [about.unknown(`the rule fires, but Alertmanager could not be asked about it: ${held.trouble.says}`, held.trouble.hint)];
  const hindered = hindrance(held);
  const wrong = reached(requirement, held, 'fired');
  if (wrong.length > 0) return wrong;
  if (hindered !== undefined)
    return [about.unknown(`the rule fires, but nobody would be told: its alert is ${hindered}`, 'end that, and run the gate again')];
  const steps = [
    ...(pending === undefined ? [] : [`pending after ${formatMeasured(pending.afterMs)}`]),
    `firing after ${formatMeasured(firing.afterMs)}`,
    `at Alertmanager after ${formatMeasured(held.afterMs)}`,
  ];
  return [
    about.yes(
      `"${fault}" was made and the rule noticed: ${steps.join(', ')}, for ${held.receivers.join(' and ')}; value ${firing.value ?? 'not given'}`,
    ),
  ];
}

/** How near the value came. */
function reading(measured: Measured | undefined): string {
  if (measured === undefined) return '';
  const { expression, answered, smallest, largest } = measured;
  if (answered === 0) return `; \`${expression}\` never had a value meanwhile`;
  return `; \`${expression}\` was between ${rounded(smallest)} and ${rounded(largest)} meanwhile`;
}

function whyNot({ fault }: AlertRequirement, { forMs }: Rule, { measured, transitions }: Watched): string {
  const lasts = fault?.lasts ?? 0;
  if (transitions.some(({ state }) => state === 'pending') && lasts <= forMs) {
    return `the condition must hold for ${formatDuration(forMs)}: make a fault that lasts longer than ${formatDuration(lasts)}`;
  }
  if (measured?.answered === 0) return 'does the system under test count what the fault does in the series that the rule asks for?';
  return 'is the fault strong enough to cross the threshold, and does the system under test count it in the series that the rule asks for?';
}

function rounded(value: number | undefined): string {
  return value === undefined ? 'nothing' : String(Number(value.toPrecision(4)));
}
