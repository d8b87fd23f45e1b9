import type { StackSabotage } from '../../sandbox/accubooks-stack.ts';
import type { Family, Row } from '../row.ts';

const late = { kind: 'delay', ms: 8_000 } as const;

/** What any provider may do to a message, and how its channel must take it. */
function provider(
  item: string,
  name: string,
  sabotage: (behaviour: NonNullable<StackSabotage['slack']>) => StackSabotage,
  leftOut: readonly string[] = [],
): readonly Row[] {
  const row = (
    says: string,
    behaviour: NonNullable<StackSabotage['slack']>,
    because: RegExp,
    state: 'disproven' | 'inconclusive' = 'disproven',
  ): Row => ({
    says: `${name} ${says}`,
    sabotage: sabotage(behaviour),
    items: [item],
    red: { [item]: state },
    because,
  });
  const rows = [
    row('takes messages and loses them', { kind: 'drop' }, /never seen to arrive/),
    row('delivers too late', late, /too late|never seen to arrive|nobody acknowledged/),
    row('delivers to somebody else', { kind: 'misdeliver' }, /never seen to arrive|nobody looks|which is not/),
    row('delivers twice', { kind: 'twice' }, /2 times/),
    row('garbles messages', { kind: 'garble' }, /never seen to arrive|did not arrive as sent|nothing was said/),
    row('no longer knows our credentials', { kind: 'refuse' }, /invalid_auth|Invalid|401|20003|Authenticat/i),
    row('answers 500', { kind: 'status', status: 500 }, /HTTP 500/, item === 'slack' ? 'inconclusive' : 'disproven'),
    row('asks to be left alone', { kind: 'status', status: 429, retryAfterS: 60 }, /left alone/, 'inconclusive'),
  ];
  return rows.filter(({ says }) => !leftOut.some((words) => says.endsWith(words)));
}

export const channels: Family = {
  name: 'channels',
  items: ['email', 'slack', 'phone', 'sms', 'pagerduty', 'escalation', 'webhook'],
  variables: { MESSAGE_WITHIN: '5s' },
  rows: [
    ...provider('slack', 'Slack', (slack) => ({ slack })),
    ...provider('pagerduty', 'PagerDuty', (pagerduty) => ({ pagerduty })),
    ...provider('sms', 'the SMS provider', (twilio) => ({ twilio })),
    ...provider('phone', 'the phone provider', (twilio) => ({ twilio })),
    ...(['busy', 'no-answer', 'machine'] as const).map((answers): Row => ({
      says: `the phone is not answered by a person: ${answers}`,
      sabotage: { phone: { answers } },
      items: ['phone'],
      red: { phone: 'disproven' },
      because: /nobody looks|nobody took|busy|no-answer|machine/,
    })),
    {
      says: 'an SMS is undelivered',
      sabotage: { twilio: { kind: 'fail', errorCode: 30003 } },
      items: ['sms'],
      red: { sms: 'disproven' },
      because: /30003/,
    },
    {
      says: 'PagerDuty wakes nobody',
      sabotage: { pagerduty: { kind: 'wakes-nobody' } },
      items: ['pagerduty'],
      red: { pagerduty: 'disproven' },
      because: /nobody notified/,
    },
    {
      says: 'PagerDuty wakes somebody else',
      sabotage: { pagerduty: { kind: 'wakes-somebody-else' } },
      items: ['pagerduty'],
      red: { pagerduty: 'disproven' },
      because: /only .* notified/,
    },
    ...(
      [
        ['mail goes to Junk', { kind: 'junk' }, /Junk/],
        ['mail is accepted and never delivered', { kind: 'drop' }, /never seen to arrive/],
        ['mail is refused', { kind: 'refuse', code: 550 }, /550/],
        ['mail arrives too late', { kind: 'delay', ms: 8_000 }, /5s/],
        ['mail loses its text', { kind: 'strip-body' }, /text/],
        ['mail arrives twice', { kind: 'twice' }, /2 times/],
        ['mail arrives with somebody else', { kind: 'misdeliver', to: 'somebody-else' }, /never seen to arrive/],
      ] as const
    ).map(([says, mail, because]): Row => ({
      says,
      sabotage: { mail },
      items: ['email', 'escalation'],
      red: { email: 'disproven', escalation: 'disproven' },
      because,
    })),
    {
      says: 'the webhook answers 500',
      sabotage: { webhook: [{ kind: 'status', status: 500 }] },
      items: ['webhook'],
      red: { webhook: 'disproven' },
      because: /500/,
    },
    {
      says: 'the webhook drops the connection',
      sabotage: { webhook: [{ kind: 'drop' }] },
      items: ['webhook'],
      red: { webhook: 'inconclusive' },
      because: /gives no answer/,
    },
  ],
};
