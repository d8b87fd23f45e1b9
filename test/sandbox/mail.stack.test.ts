import { ImapFlow } from 'imapflow';
import { createTransport, type Transporter } from 'nodemailer';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { findMail, type FoundMail } from './mailbox.ts';
import { startMail, type MailOptions, type RunningMail } from './mail.ts';
import { isAlive, processTree } from './process-tree.ts';
import { waitUntil } from './wait-until.ts';

let mail: RunningMail;

beforeAll(async () => {
  mail = await startMail();
});
afterAll(async () => {
  await mail.stop();
});
beforeEach(() => {
  mail.behave({ kind: 'deliver' });
});

let count = 0;
const newToken = (): string => `token-${String(process.pid)}-${String(++count)}`;

function transportOf({ smtpPort, user, password, certificate }: RunningMail, login = false): Transporter {
  return createTransport({
    host: 'localhost',
    port: smtpPort,
    ignoreTLS: certificate === undefined,
    requireTLS: certificate !== undefined,
    ...(certificate === undefined ? {} : { tls: { ca: certificate } }),
    ...(login ? { auth: { user, pass: password } } : {}),
  });
}

async function send(token: string, to = mail.address): Promise<string> {
  const message = { from: 'alertmanager@accubooks.test', to, subject: `subject ${token}`, text: `body ${token}` };
  const { response } = (await transportOf(mail).sendMail(message)) as { response: string };
  return response;
}

const find = async (token: string, folder = 'INBOX'): Promise<FoundMail[]> => await findMail(mail, token, { folder });

test('a message sent by SMTP is found by IMAP in the inbox, whole', async () => {
  const token = newToken();
  expect(await send(token)).toMatch(/^250 /);
  const found = await find(token);
  expect(found.map(({ subject }) => subject)).toEqual([`subject ${token}`]);
  expect(found[0]?.source).toContain(`body ${token}`);
  expect(await find(token, 'Junk')).toEqual([]);
});

test('a message in Junk was accepted all the same, and the folder says what it is for', async () => {
  mail.behave({ kind: 'junk' });
  const token = newToken();
  expect(await send(token)).toMatch(/^250 /);
  expect(await find(token)).toEqual([]);
  expect(await find(token, 'Junk')).toHaveLength(1);
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: mail.imapPort,
    secure: false,
    auth: { user: mail.user, pass: mail.password },
    logger: false,
  });
  await client.connect();
  const folders = await client.list();
  await client.logout();
  expect(folders.find(({ specialUse }) => specialUse === '\\Junk')?.path).toBe('Junk');
});

test('a dropped message was accepted and is nowhere', async () => {
  mail.behave({ kind: 'drop' });
  const token = newToken();
  const before = mail.accepted();
  expect(await send(token)).toMatch(/^250 /);
  expect(mail.accepted()).toBe(before + 1);
  expect(await find(token)).toEqual([]);
  expect(await find(token, 'Junk')).toEqual([]);
});

test.each([450, 550] as const)('a message can be refused with %i', async (code) => {
  mail.behave({ kind: 'refuse', code });
  const token = newToken();
  await expect(send(token)).rejects.toMatchObject({ responseCode: code });
  expect(await find(token)).toEqual([]);
});

test('a message to nobody is refused with 550', async () => {
  await expect(send(newToken(), 'no-such-person@accubooks.test')).rejects.toMatchObject({ responseCode: 550 });
  await expect(send(newToken(), 'oncall@elsewhere.test')).rejects.toMatchObject({ responseCode: 550 });
});

test('a delayed message comes later', async () => {
  mail.behave({ kind: 'delay', ms: 1_000 });
  const token = newToken();
  expect(await send(token)).toMatch(/^250 /);
  expect(await find(token)).toEqual([]);
  await waitUntil('the message is in the inbox', async () => (await find(token)).length === 1, { everyMs: 100 });
});

test('a message can lose its subject', async () => {
  mail.behave({ kind: 'garble-subject' });
  const token = newToken();
  await send(token);
  const found = await find(token);
  expect(found.map(({ subject }) => subject)).toEqual(['(subject removed)']);
});

test('a message can lose its text', async () => {
  mail.behave({ kind: 'strip-body' });
  const token = newToken();
  await send(token);
  const found = await find(token);
  expect(found.map(({ subject }) => subject)).toEqual([`subject ${token}`]);
  expect(found[0]?.source).not.toContain(`body ${token}`);
});

test('a message can arrive at somebody else', async () => {
  mail.behave({ kind: 'misdeliver', to: 'somebody-else' });
  const token = newToken();
  await send(token);
  expect(await find(token)).toEqual([]);
  expect(await findMail(mail, token, { user: 'somebody-else' })).toHaveLength(1);
});

test('a message can arrive twice', async () => {
  mail.behave({ kind: 'twice' });
  const token = newToken();
  await send(token);
  expect(await find(token)).toHaveLength(2);
});

test('a server that hangs takes the message and never answers', async () => {
  mail.behave({ kind: 'hang' });
  const transport = createTransport({ host: 'localhost', port: mail.smtpPort, ignoreTLS: true, socketTimeout: 300 });
  await expect(transport.sendMail({ from: 'a@accubooks.test', to: mail.address, text: 'hello' })).rejects.toMatchObject({
    code: 'ETIMEDOUT',
  });
});

test('the whole address opens the mailbox as well as the name', async () => {
  const token = newToken();
  await send(token);
  expect(await findMail(mail, token, { user: mail.address })).toHaveLength(1);
});

test('a wrong IMAP password is refused', async () => {
  await expect(findMail({ ...mail, password: 'wrong' }, 'anything')).rejects.toMatchObject({ authenticationFailed: true });
});

async function withMail(options: MailOptions, use: (mail: RunningMail) => Promise<void>): Promise<void> {
  await using other = await startMail(options);
  await use(other);
}

test('SMTP can ask for a login: without one, or with a wrong one, nothing is accepted', async () => {
  await withMail({ smtpLogin: true }, async (other) => {
    const message = { from: 'a@accubooks.test', to: other.address, text: 'hello' };
    await expect(transportOf(other).sendMail(message)).rejects.toMatchObject({ responseCode: 530 });
    await expect(transportOf({ ...other, password: 'wrong' }, true).sendMail(message)).rejects.toMatchObject({ responseCode: 535 });
    await transportOf(other, true).sendMail(message);
    expect(other.accepted()).toBe(1);
  });
});

test('with TLS both ports speak it, with a certificate of their own', async () => {
  await withMail({ tls: true }, async (other) => {
    const token = newToken();
    await transportOf(other).sendMail({ from: 'a@accubooks.test', to: other.address, subject: token, text: 'hello' });
    expect(await findMail(other, token)).toHaveLength(1);
    await expect(findMail({ ...other, certificate: '' }, token)).rejects.toThrow('self-signed');
  });
});

test('several mail servers run side by side, each with its own mail, and nothing is left of them', async () => {
  const servers = await Promise.all([startMail(), startMail(), startMail()]);
  // A client that stays: Dovecot itself would leave the process that serves it.
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: servers[0].imapPort,
    secure: false,
    auth: { user: mail.user, pass: mail.password },
    logger: false,
  });
  client.on('error', () => undefined);
  await client.connect();
  const pids = servers.flatMap(({ imapPid }) => processTree(imapPid));
  expect(pids.length).toBeGreaterThan(servers.length);
  try {
    const token = newToken();
    await transportOf(servers[1]).sendMail({ from: 'a@accubooks.test', to: servers[1].address, text: token });
    expect(await findMail(servers[1], token)).toHaveLength(1);
    expect(await findMail(servers[2], token)).toEqual([]);
  } finally {
    await Promise.all(servers.map(async (server) => await server.stop()));
  }
  expect(pids.filter(isAlive)).toEqual([]);
});
