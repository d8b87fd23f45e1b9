import type { Plan } from '../../src/gate/plan.ts';
import { summaryOf } from '../../src/gate/plan/summary.ts';
import type { AccubooksStack } from '../sandbox/accubooks-stack.ts';
import { findMail } from '../sandbox/mailbox.ts';

/** Whom and what somebody reached, or would reach. */
export interface Reached {
  readonly people: readonly string[];
  readonly channels: readonly string[];
}

/** What a plan says of it. */
export function plannedBy(plan: Plan): Reached {
  const { wakes, tells } = summaryOf(plan);
  const ways = [...wakes.flatMap(({ by }) => by), ...tells].map(({ way }) => way);
  return { people: sorted(wakes.map(({ who }) => who)), channels: sorted(ways) };
}

/** What the mail server and the stand-ins of AccuBooks' stack have recorded since they were started. */
export async function recordedBy({ pagerduty, twilio, slack, mail, webhookProxy }: AccubooksStack): Promise<Reached> {
  const notified = pagerduty.incidents().flatMap(({ log }) => log.filter(({ type }) => type === 'notify_log_entry'));
  const calls = twilio.calls().map(({ to }) => to);
  const messages = twilio.messages().flatMap(({ to, direction }) => (direction === 'inbound' ? [] : to));
  const [oncall, escalation] = await Promise.all(['oncall', 'cto'].map((user) => findMail(mail, 'TEST', { user })));
  const taken = webhookProxy.requests().filter(({ method, status = 500 }) => method === 'POST' && status < 300);
  const channels = {
    'oncall-pagerduty': pagerduty.incidents().length,
    'oncall-phone': calls.length,
    'oncall-sms': messages.length,
    'oncall-slack': slack.messages().length,
    'oncall-email': oncall?.length ?? 0,
    'escalation-email': escalation?.length ?? 0,
    'incident-webhook': taken.length,
  };
  return {
    people: sorted([
      ...notified.flatMap(({ user }) => (user === undefined ? [] : `${user.name} <${user.email}>`)),
      ...[...calls, ...messages].map((number) => `whoever answers ${number}`),
    ]),
    channels: sorted(Object.entries(channels).flatMap(([name, times]) => (times > 0 ? name : []))),
  };
}

function sorted(names: readonly string[]): readonly string[] {
  return [...new Set(names)].toSorted();
}
