import { startPhoneBridge, type PhoneBridge } from '../../systems/accubooks/phone-bridge.ts';
import { startMail, type MailBehaviour, type RunningMail } from '../mail.ts';
import { startPagerduty, type PagerdutyBehaviour, type RunningPagerduty } from '../pagerduty.ts';
import { startTogether } from '../part.ts';
import type { ProviderBehaviour } from '../provider-behaviour.ts';
import { startSlack, type RunningSlack } from '../slack.ts';
import { startTwilio, type RunningTwilio, type TwilioBehaviour, type TwilioPerson } from '../twilio.ts';

/** What is wrong with the ways to reach people. */
export interface ChannelSabotage {
  readonly mail?: MailBehaviour;
  readonly slack?: ProviderBehaviour;
  readonly pagerduty?: PagerdutyBehaviour;
  readonly twilio?: TwilioBehaviour;
  /** Who holds the phone that is called. */
  readonly phone?: Partial<TwilioPerson>;
  /** Nobody acknowledges anything. */
  readonly asleep?: boolean;
}

/** Everything that brings alerts to people: a real mail server, and stand-ins of the services that cannot be had here. */
export interface AccubooksChannels {
  readonly mail: RunningMail;
  readonly slack: RunningSlack;
  readonly pagerduty: RunningPagerduty;
  readonly twilio: RunningTwilio;
  readonly bridge: PhoneBridge;
  sabotage(sabotage: ChannelSabotage): void;
  /** What a gate file reads of them from its environment. */
  readonly variables: Readonly<Record<string, string>>;
}

/** How long the person on call takes to react, awake. */
const reactsAfterMs = 300;

export async function startChannels(owner: AsyncDisposableStack, sabotaged: ChannelSabotage): Promise<AccubooksChannels> {
  const [mail, slack, pagerduty, twilio] = await startTogether(owner, [
    startMail({ users: ['oncall', 'cto', 'somebody-else'] }),
    startSlack(),
    startPagerduty(),
    startTwilio(),
  ]);
  const { accountSid, authToken, from, to } = twilio;
  const bridge = owner.use(await startPhoneBridge({ twilioUrl: twilio.url, accountSid, authToken, from, to }));

  const sabotage = ({ mail: post, slack: chat, pagerduty: pages, twilio: calls, phone, asleep = false }: ChannelSabotage): void => {
    const afterMs = asleep ? 'never' : reactsAfterMs;
    mail.behave(post ?? { kind: 'deliver' });
    slack.behave(chat ?? { kind: 'deliver' });
    slack.acknowledge(afterMs);
    pagerduty.behave(pages ?? { kind: 'deliver' });
    pagerduty.acknowledge(afterMs);
    twilio.behave(calls ?? { kind: 'deliver' });
    twilio.hand({ answers: 'human', acknowledgesAfterMs: afterMs, ...phone });
  };
  sabotage(sabotaged);

  return {
    mail,
    slack,
    pagerduty,
    twilio,
    bridge,
    sabotage,
    variables: {
      SMTP_HOST: '127.0.0.1',
      SMTP_PORT: String(mail.smtpPort),
      IMAP_HOST: '127.0.0.1',
      IMAP_PORT: String(mail.imapPort),
      IMAP_USER: mail.address,
      ESCALATION_IMAP_USER: mail.address.replace(/^[^@]+/, 'cto'),
      IMAP_PASSWORD: mail.password,
      SLACK_API: slack.api,
      SLACK_TOKEN: slack.token,
      SLACK_CHANNEL: slack.channel,
      PAGERDUTY_EVENTS: pagerduty.url,
      PAGERDUTY_API: pagerduty.url,
      PAGERDUTY_ROUTING_KEY: pagerduty.routingKey,
      PAGERDUTY_TOKEN: pagerduty.token,
      PAGERDUTY_POLICY: pagerduty.escalationPolicy,
      PAGERDUTY_SERVICE: pagerduty.service,
      TWILIO_API: twilio.url,
      TWILIO_ACCOUNT: accountSid,
      TWILIO_TOKEN: authToken,
      TWILIO_NUMBER: from,
      ONCALL_PHONE: to,
      PHONE_BRIDGE: bridge.url,
    },
  };
}
