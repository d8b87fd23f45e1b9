import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Channel, TestMessage } from '../../src/alert/channel.ts';
import { systemClock } from '../../src/base/clock.ts';
import { eventually } from '../../src/base/eventually.ts';
import { Fault } from '../../src/base/fault.ts';
import email from '../../src/channels/email.ts';
import { startAlertmanager } from '../sandbox/alertmanager.ts';
import { startMail, type RunningMail } from '../sandbox/mail.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { freePort, serveSilence } from '../probes/loopback.ts';

let mail: RunningMail;
beforeAll(async () => void (mail = await startMail()));
afterAll(async () => mail[Symbol.asyncDispose]());
afterEach(() => mail.behave({ kind: 'deliver' }));

const never = new AbortController().signal;
let count = 0;

function message(): TestMessage {
  count += 1;
  const nonce = `lp${String(count)}nonce${Date.now().toString(36)}`;
  const long = 'a line that is much too long for mail '.repeat(10);
  return { nonce, subject: `[TEST] Grüße ${nonce} ${'and a long subject '.repeat(6)}`, text: `Token ${nonce}: é ü € ✓ = ${long}\nend` };
}

interface Changes {
  readonly smtp?: object;
  readonly imap?: object;
  readonly [key: string]: unknown;
}

async function open({ smtp = {}, imap = {}, ...others }: Changes = {}): Promise<Channel & AsyncDisposable> {
  const options = email.options.parse({
    smtp: { host: '127.0.0.1', port: String(mail.smtpPort), tls: 'none', ...smtp },
    imap: { host: '127.0.0.1', port: mail.imapPort, user: mail.user, password: mail.password, tls: 'none', ...imap },
    from: 'liveproof@accubooks.test',
    to: mail.address,
    ...others,
  });
  const channel = await email.open('oncall-email', options, { clock: systemClock, signal: never });
  return { ...channel, [Symbol.asyncDispose]: () => channel.close() };
}

function arrivals(channel: Channel, nonce: string, atLeast = 1) {
  const look = async () => {
    const found = await channel.readBack(nonce, never);
    return found.length >= atLeast ? found : undefined;
  };
  return eventually(look, { clock: systemClock, signal: never, withinMs: 15_000, everyMs: 50 });
}

async function faultOf(work: Promise<unknown>): Promise<Fault> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof Fault) return error;
  throw new Error('no Fault', { cause: error });
}

describe('reading back run after run', () => {
  it('finds each of many messages that come one after the other', async () => {
    await using channel = await open();
    for (let round = 1; round <= 6; round++) {
      const sent = message();
      await channel.send(sent, never);
      expect(await arrivals(channel, sent.nonce), `message ${String(round)}`).toHaveLength(1);
    }
  });

  it('finds messages that come while the last ones are being read', async () => {
    await using channel = await open();
    const sent = Array.from({ length: 8 }, message);
    const found = await Promise.all(
      sent.map(async (each, index) => {
        await systemClock.sleep(index * 60, never);
        await channel.send(each, never);
        return arrivals(channel, each.nonce);
      }),
    );
    expect(found.map((each) => each?.length)).toEqual(sent.map(() => 1));
  });
});

describe('what was there before', () => {
  it('is not read', async () => {
    const sent = message();
    {
      await using before = await open();
      await before.send(sent, never);
      await arrivals(before, sent.nonce);
    }
    await using channel = await open();
    expect(await channel.readBack(sent.nonce, never)).toEqual([]);
  });

  it('is not mixed up with what came since, when the server tells it too late', async () => {
    await using proxy = await startProxy(mail.imapPort);
    proxy.hold();
    await using channel = await open({ imap: { port: proxy.port } });
    const sent = message();
    await channel.send(sent, never);
    proxy.release();
    expect(await arrivals(channel, sent.nonce)).toHaveLength(1);
  });
});

describe('sending', () => {
  it("gives the server's words when it takes the message", async () => {
    await using channel = await open();
    expect(await channel.send(message(), never)).toMatchObject({ accepted: true, answer: expect.stringMatching(/^250 /) });
  });

  it.each([550, 450] as const)("gives the server's words when it refuses with %i", async (code) => {
    mail.behave({ kind: 'refuse', code });
    await using channel = await open();
    expect(await channel.send(message(), never)).toMatchObject({
      accepted: false,
      answer: expect.stringMatching(new RegExp(`^${String(code)} m`)),
    });
  });

  it('is refused for an address that nobody has', async () => {
    await using channel = await open({ to: 'nobody@accubooks.test' });
    expect(await channel.send(message(), never)).toMatchObject({ accepted: false, answer: expect.stringContaining('no such user') });
  });

  it('says when no server is there', async () => {
    const port = await freePort();
    await using channel = await open({ smtp: { port } });
    const fault = await faultOf(channel.send(message(), never));
    expect(fault).toMatchObject({
      code: 'channel/unreachable',
      message: expect.stringContaining(`127.0.0.1:${String(port)} gives no answer`),
    });
  });

  it('refuses to go on without TLS when TLS was asked for', async () => {
    await using channel = await open({ smtp: { tls: 'starttls' } });
    expect(await faultOf(channel.send(message(), never))).toMatchObject({
      code: 'channel/unreachable',
      message: expect.stringContaining('tls: starttls'),
    });
  });

  it('stops at once when the run is stopped', async () => {
    await using server = await serveSilence();
    await using channel = await open({ smtp: { port: server.port } });
    const controller = new AbortController();
    const sending = channel.send(message(), controller.signal);
    controller.abort(new Error('stopped'));
    await expect(sending).rejects.toThrow('stopped');
  });
});

describe('reading back', () => {
  it('finds a message in the inbox with all of its text, whatever the encoding', async () => {
    await using channel = await open();
    const sent = message();
    await channel.send(sent, never);
    const [found, ...others] = (await arrivals(channel, sent.nonce)) ?? [];
    expect(others).toEqual([]);
    expect(found).toMatchObject({ place: 'INBOX', seenByPeople: true });
    expect(found?.excerpt).toContain(sent.subject.trim());
    expect(found?.excerpt).toContain(sent.text.replace(/\s+/g, ' '));
  });

  it('finds nothing that was not sent, and nothing that was dropped', async () => {
    mail.behave({ kind: 'drop' });
    await using channel = await open();
    const sent = message();
    expect((await channel.send(sent, never)).accepted).toBe(true);
    expect(await channel.readBack(sent.nonce, never)).toEqual([]);
  });

  it('finds a message in Junk, where people do not see it', async () => {
    mail.behave({ kind: 'junk' });
    await using channel = await open();
    const sent = message();
    await channel.send(sent, never);
    expect(await arrivals(channel, sent.nonce)).toMatchObject([{ place: 'Junk', seenByPeople: false }]);
  });

  it('finds both copies of a message that came twice', async () => {
    mail.behave({ kind: 'twice' });
    await using channel = await open();
    const sent = message();
    await channel.send(sent, never);
    expect(await arrivals(channel, sent.nonce, 2)).toHaveLength(2);
  });

  it.each(['garble-subject', 'strip-body'] as const)('shows what is left of a message after %s', async (kind) => {
    mail.behave({ kind });
    await using channel = await open();
    const sent = message();
    await channel.send(sent, never);
    const [found] = (await arrivals(channel, sent.nonce)) ?? [];
    expect(found?.excerpt.includes(sent.subject.trim())).toBe(kind === 'strip-body');
    expect(found?.excerpt.includes(sent.text.replace(/\s+/g, ' '))).toBe(kind === 'garble-subject');
  });

  it('finds what comes in after the first look', async () => {
    await using channel = await open();
    const [first, second] = [message(), message()];
    await channel.send(first, never);
    await arrivals(channel, first.nonce);
    await channel.send(second, never);
    expect(await arrivals(channel, second.nonce)).toHaveLength(1);
    expect(await channel.readBack(first.nonce, never)).toHaveLength(1);
  });

  it('serves several at the same time over one connection', async () => {
    await using channel = await open();
    const all = [message(), message(), message()];
    await Promise.all(all.map((each) => channel.send(each, never)));
    const found = await Promise.all(all.map(({ nonce }) => arrivals(channel, nonce)));
    expect(found.map((each) => each?.length)).toEqual([1, 1, 1]);
  });

  it('marks nothing as seen', async () => {
    await using channel = await open();
    const sent = message();
    await channel.send(sent, never);
    await arrivals(channel, sent.nonce);
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: mail.imapPort,
      secure: false,
      auth: { user: mail.user, pass: mail.password },
      logger: false,
    });
    await client.connect();
    await client.mailboxOpen('INBOX', { readOnly: true });
    const [found] = await client.fetchAll({ body: sent.nonce }, { flags: true });
    expect(found?.flags?.has('\\Seen')).toBe(false);
    await client.logout();
  });

  it("finds the nonce in Alertmanager's own mail", async () => {
    const nonce = message().nonce;
    const config = `
global: { smtp_smarthost: '127.0.0.1:${String(mail.smtpPort)}', smtp_from: 'am@accubooks.test', smtp_require_tls: false }
route: { receiver: mail, group_wait: 0s, group_by: ['...'] }
receivers: [{ name: mail, email_configs: [{ to: '${mail.address}', send_resolved: true }] }]
`;
    await using alertmanager = await startAlertmanager({ config });
    await using channel = await open();
    await alertmanager.postAlert({ labels: { alertname: 'High', liveproof_nonce: nonce }, annotations: { summary: 'p95 > 1s & rising' } });
    const [found] = (await arrivals(channel, nonce)) ?? [];
    expect(found).toMatchObject({ place: 'INBOX', excerpt: expect.stringContaining(nonce) });
    expect(found?.excerpt).toContain('p95 > 1s & rising');
    expect(found?.excerpt).not.toMatch(/<td|&amp;|font-family/);
  });
});

describe('a mailbox that cannot be read', () => {
  it('says that the password is wrong, and does not try it a second time', async () => {
    await using channel = await open({ imap: { password: 'wrong' } });
    const fault = await faultOf(channel.readBack('x', never));
    expect(fault).toMatchObject({ code: 'channel/refused', hint: expect.stringContaining('check "user" and "password"') });
    expect(fault.message).toMatch(/^the IMAP server 127.0.0.1:\d+ does not let "oncall" in: .*[Aa]uthentication failed/);
    expect(await faultOf(channel.readBack('x', never))).toBe(fault);
  });

  it('says that no server is there', async () => {
    await using channel = await open({ imap: { port: await freePort() } });
    expect(await faultOf(channel.readBack('x', never))).toMatchObject({
      code: 'channel/unreachable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it('says that there is no such folder, and which there are', async () => {
    await using channel = await open({ imap: { folder: 'Alerts' } });
    expect(await faultOf(channel.readBack('x', never))).toMatchObject({
      message: 'the mailbox has no folder "Alerts"',
      hint: 'it has INBOX, Junk',
    });
  });

  it('refuses to go on without TLS when TLS was asked for', async () => {
    await using channel = await open({ imap: { tls: 'starttls' } });
    expect(await faultOf(channel.readBack('x', never))).toMatchObject({
      code: 'channel/unreachable',
      message: expect.stringContaining('tls: starttls'),
    });
  });

  it('is connected to again when the kept connection is lost', async () => {
    await using proxy = await startProxy(mail.imapPort);
    await using channel = await open({ imap: { port: proxy.port } });
    const sent = message();
    await channel.send(sent, never);
    await arrivals(channel, sent.nonce);
    proxy.cut();
    expect(await channel.readBack(sent.nonce, never)).toHaveLength(1);
    expect(proxy.connections()).toBe(2);
  });

  it('stops at once when the run is stopped, and when the channel is closed', async () => {
    await using server = await serveSilence();
    await using channel = await open({ imap: { port: server.port } });
    const controller = new AbortController();
    const stopped = channel.readBack('x', controller.signal);
    const closed = channel.readBack('x', never);
    controller.abort(new Error('stopped'));
    await expect(stopped).rejects.toThrow('stopped');
    await channel.close();
    await expect(closed).rejects.toThrow('the channel was closed');
  });
});

describe('with TLS', () => {
  it('sends by STARTTLS with a password and reads back over TLS, when the certificate is trusted', async () => {
    await using secure = await startMail({ tls: true, smtpLogin: true });
    await using folder = await createTempFolder('ca');
    const ca = join(folder.path, 'ca.pem');
    await writeFile(ca, secure.certificate ?? '');
    const smtp = { host: 'localhost', port: secure.smtpPort, tls: 'starttls', user: secure.user, password: secure.password };
    const imap = { host: 'localhost', port: secure.imapPort, tls: 'implicit', user: secure.user, password: secure.password };
    await using channel = await open({ smtp, imap, ca, to: secure.address });
    const sent = message();
    expect(await channel.send(sent, never)).toMatchObject({ accepted: true });
    expect(await arrivals(channel, sent.nonce)).toHaveLength(1);

    await using refused = await open({ smtp: { ...smtp, password: 'wrong' }, imap, ca });
    expect(await refused.send(sent, never)).toMatchObject({ accepted: false, answer: expect.stringMatching(/^535 /) });
    await using untrusting = await open({ smtp, imap });
    expect(await faultOf(untrusting.send(sent, never))).toMatchObject({
      code: 'channel/unreachable',
      hint: expect.stringContaining('"ca"'),
    });
    expect(await faultOf(untrusting.readBack('x', never))).toMatchObject({
      code: 'channel/unreachable',
      hint: expect.stringContaining('"ca"'),
    });
  });

  it('says which certificates cannot be read', async () => {
    expect(await faultOf(open({ ca: '/no/such/ca.pem' }))).toMatchObject({ code: 'config/not-found' });
  });
});

interface Proxy extends AsyncDisposable {
  readonly port: number;
  connections(): number;
  /** Ends all connections without a word. */
  cut(): void;
  /** Keeps new connections waiting until `release`. */
  hold(): void;
  release(): void;
}

async function startProxy(target: number): Promise<Proxy> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let held: (() => void)[] | undefined;
  const server = createServer((socket) => {
    connections += 1;
    const onward = connect(target, '127.0.0.1');
    for (const each of [socket, onward]) {
      sockets.add(each);
      each.on('error', () => undefined);
    }
    const connectThrough = (): void => void socket.pipe(onward).pipe(socket);
    if (held === undefined) connectThrough();
    else held.push(connectThrough);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => sockets.forEach((socket) => socket.destroy());
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    cut,
    hold: () => void (held = []),
    release: () => {
      held?.forEach((connectThrough) => connectThrough());
      held = undefined;
    },
    [Symbol.asyncDispose]: async () => {
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('acknowledging', () => {
  /** What a mail program does when somebody answers or forwards. */
  async function mark(nonce: string, flag: string, folder = 'INBOX'): Promise<void> {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port: mail.imapPort,
      secure: false,
      doSTARTTLS: false,
      auth: { user: mail.user, pass: mail.password },
      logger: false,
    });
    await client.connect();
    try {
      await client.mailboxOpen(folder);
      await client.messageFlagsAdd({ text: nonce }, [flag]);
    } finally {
      await client.logout();
    }
  }

  it('is seen when the mail is answered, and not when it is read or forwarded', async () => {
    await using channel = await open();
    const sent = message();
    const acknowledged = () => channel.acknowledgements?.(sent.nonce, never);
    await channel.send(sent, never);
    await arrivals(channel, sent.nonce);
    for (const flag of ['\\Seen', '\\Flagged', '$Forwarded']) await mark(sent.nonce, flag);
    expect(await acknowledged()).toEqual([]);
    await mark(sent.nonce, '\\Answered');
    const [found] = (await acknowledged()) ?? [];
    expect(found).toEqual({ at: expect.any(String) as string, by: mail.address, how: 'answered the mail' });
    expect(await acknowledged()).toEqual([found]);
  });

  it('counts only where people look', async () => {
    await using channel = await open();
    mail.behave({ kind: 'junk' });
    const sent = message();
    await channel.send(sent, never);
    await arrivals(channel, sent.nonce);
    await mark(sent.nonce, '\\Answered', 'Junk');
    expect(await channel.acknowledgements?.(sent.nonce, never)).toEqual([]);
  });

  it('is asked for while others read the same mailbox', async () => {
    await using channel = await open();
    const sent = Array.from({ length: 4 }, message);
    await Promise.all(
      sent.map(async (each) => {
        await channel.send(each, never);
        await arrivals(channel, each.nonce);
        await mark(each.nonce, '\\Answered');
        expect(await channel.acknowledgements?.(each.nonce, never)).toHaveLength(1);
      }),
    );
  });
});

it('tells which servers a mail came through, and when', async () => {
  await using channel = await open();
  const sent = message();
  const before = Date.now();
  await channel.send(sent, never);
  const [found] = (await arrivals(channel, sent.nonce)) ?? [];
  expect(found?.hops).toEqual([{ hop: 'taken by sandbox', at: expect.any(String) as string }]);
  expect(Date.parse(found?.hops?.[0]?.at ?? '')).toBeGreaterThanOrEqual(before - 1_000);
});
