import type { Family, Row } from '../row.ts';

/** The gate is told something wrong of a stack that is well: it cannot tell then, or is refused, and says where the mistake is. */
const told = (says: string, variables: Readonly<Record<string, string>>, red: Row['red'], because: RegExp): Row => ({
  says,
  variables,
  items: Object.keys(red),
  red,
  because,
});

export const configuration: Family = {
  name: 'configuration',
  items: ['scrape', 'slack', 'email', 'pagerduty', 'phone', 'sms', 'webhook'],
  variables: { MESSAGE_WITHIN: '5s' },
  rows: [
    told('the gate has the wrong token for Slack', { SLACK_TOKEN: 'xoxb-wrong' }, { slack: 'disproven' }, /invalid_auth/),
    told(
      'the gate names a channel that the bot is no member of',
      { SLACK_CHANNEL: 'C0ELSEWHERE' },
      { slack: 'disproven' },
      /not_in_channel/,
    ),
    told('the gate names a channel that does not exist', { SLACK_CHANNEL: 'C0NOWHERE' }, { slack: 'disproven' }, /channel_not_found/),
    told('the gate has the wrong key for reading PagerDuty', { PAGERDUTY_TOKEN: 'wrong' }, { pagerduty: 'inconclusive' }, /401/),
    told('the gate has the wrong routing key', { PAGERDUTY_ROUTING_KEY: 'R0WRONG' }, { pagerduty: 'disproven' }, /[Ii]nvalid/),
    told('the gate has the wrong token for Twilio', { TWILIO_TOKEN: 'wrong' }, { phone: 'disproven', sms: 'disproven' }, /20003|401/),
    told(
      'the gate has the wrong password for the mailbox',
      { IMAP_PASSWORD: 'wrong' },
      { email: 'inconclusive' },
      /password|refuse|credential/i,
    ),
    told('the gate reads somebody else’s mailbox', { IMAP_USER: 'cto@accubooks.test' }, { email: 'disproven' }, /never seen to arrive/),
    told(
      'the gate has another address for Prometheus',
      { PROMETHEUS_URL: 'http://127.0.0.1:9' },
      { scrape: 'inconclusive' },
      /gate\.yaml:/,
    ),
    told('the gate takes Slack for Twilio', { TWILIO_API: 'http://127.0.0.1:9' }, { sms: 'inconclusive' }, /cannot be reached/),
  ],
};
