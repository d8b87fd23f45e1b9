import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../src/base/clock.ts';
import email from '../../src/channels/email.ts';
import { verdictOf } from '../../src/gate/verdict.ts';
import channelProof from '../../src/proofs/channel.ts';
import type { MailBehaviour } from '../sandbox/mail.ts';
import { startMail, type RunningMail } from '../sandbox/mail.ts';
import { contextWith } from './context.ts';

let mail: RunningMail;
beforeAll(async () => void (mail = await startMail()));
afterAll(async () => mail[Symbol.asyncDispose]());
afterEach(() => mail.behave({ kind: 'deliver' }));

let count = 0;

async function prove(
  behaviour: MailBehaviour,
  { password = mail.password, ...requirement }: { password?: string; deliveredWithin?: string; exactlyOnce?: boolean } = {},
) {
  mail.behave(behaviour);
  const signal = new AbortController().signal;
  const options = email.options.parse({
    smtp: { host: '127.0.0.1', port: mail.smtpPort, tls: 'none' },
    imap: { host: '127.0.0.1', port: mail.imapPort, user: mail.user, password, tls: 'none' },
    from: 'liveproof@accubooks.test',
    to: mail.address,
  });
  const channel = await email.open('oncall-email', options, { clock: systemClock, signal });
  try {
    const parsed = channelProof.requirement.parse({ channel: 'oncall-email', deliveredWithin: '20s', ...requirement });
    count += 1;
    const nonce = `lp${String(count)}x${Date.now().toString(36)}`;
    const facts = await channelProof.observe(parsed, contextWith({ grade: 'delivered', nonce, channel: () => Promise.resolve(channel) }));
    const stored = channelProof.facts.parse(JSON.parse(JSON.stringify(facts)));
    return verdictOf(channelProof.ladder, 'delivered', channelProof.judge(parsed, stored), 'item');
  } finally {
    await channel.close();
  }
}

describe('an e-mail channel on a real mail server', () => {
  it('is proven when its mail reaches the inbox', async () => {
    const verdict = await prove({ kind: 'deliver' });
    expect(verdict).toMatchObject({ state: 'proven', grade: 'delivered' });
    expect(verdict.reasons.map(({ says }) => says).join()).toMatch(/the provider took the message: 250 .*read back unchanged from "INBOX"/);
  });

  it.each<[MailBehaviour, object, RegExp]>([
    [{ kind: 'junk' }, {}, /^arrived in "Junk", where nobody looks/],
    [{ kind: 'drop' }, { deliveredWithin: '300ms' }, /^taken by the provider \(250 .*\) and never seen to arrive/],
    [
      { kind: 'misdeliver', to: 'somebody-else' },
      { deliveredWithin: '300ms' },
      /^taken by the provider \(250 .*\) and never seen to arrive/,
    ],
    [{ kind: 'refuse', code: 550 }, {}, /^the provider refused the message: 550 message refused/],
    [{ kind: 'garble-subject' }, {}, /^arrived in "INBOX", but its subject did not arrive as sent/],
    [{ kind: 'strip-body' }, {}, /^arrived in "INBOX", but its text did not arrive as sent/],
    [{ kind: 'delay', ms: 3_000 }, { deliveredWithin: '2s' }, /^arrived too late: seen in "INBOX" \S+ after it was sent, 2s are allowed/],
    [{ kind: 'twice' }, { exactlyOnce: true }, /^arrived in "INBOX", 2 times: it was sent once/],
  ])('is disproven by %o', async (behaviour, requirement, reason) => {
    const { state, reasons } = await prove(behaviour, requirement);
    expect(reasons[0]?.says).toMatch(reason);
    expect(state).toBe('disproven');
  });

  it('is inconclusive when nobody can look into the mailbox, and says why', async () => {
    const { state, reasons } = await prove({ kind: 'deliver' }, { password: 'wrong' });
    expect(state).toBe('inconclusive');
    expect(reasons[0]).toMatchObject({
      grade: 'delivered',
      says: expect.stringMatching(/^nobody could look whether it arrived: .* does not let "oncall" in/),
    });
  });
});
