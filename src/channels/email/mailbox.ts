import type { ImapFlow, ListResponse } from 'imapflow';
import { abortable } from '../../base/abortable.ts';
import { Fault } from '../../base/fault.ts';
import { answeredIn, fetchMails, type Mail } from './fetch-mails.ts';
import { createImapClient, imapFault, type ImapServer } from './imap.ts';

/** One look may take no longer: a mail server that hangs is one that cannot be reached. */
const lookWithinMs = 30_000;
const goodbyeWithinMs = 500;
/** Knowing what was there before only saves reading it: it is not worth a long wait. */
const beginWithinMs = 5_000;

/** Folders that show what is filed elsewhere, or what was never received. */
const notReceived = new Set(['\\Sent', '\\Drafts', '\\Flagged', '\\Important']);

export interface Mailbox {
  /**
   * Notes what is there already, so that looks need not read it: a new mail never gets a number below UIDNEXT (RFC 9051, 2.3.1.1).
   * Never rejects: where it cannot be told, the first look reads whatever came in since shortly before the run.
   */
  begin(signal: AbortSignal): Promise<void>;
  /** Everything that came in since shortly before the run, in every folder. Changes nothing: no message is marked as seen. */
  look(signal: AbortSignal): Promise<readonly Mail[]>;
  /** Which of these mails, each as `look` gave it, have been answered by now. */
  answered(mails: readonly Mail[], signal: AbortSignal): Promise<readonly Mail[]>;
  close(): Promise<void>;
}

interface FolderState {
  readonly uidValidity: bigint;
  /** Messages below this number are known. */
  readonly uidNext: number;
  readonly mails: readonly Mail[];
}

/** A mailbox with one kept connection, made at the first look and made anew when it is lost. */
export function openMailbox(server: ImapServer, since: Date): Mailbox {
  const folders = new Map<string, FolderState>();
  const closing = new AbortController();
  let client: ImapFlow | undefined;
  let looking: Promise<readonly Mail[]> | undefined;
  let refusal: Fault | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const drop = (): void => {
    client?.close();
    client = undefined;
  };

  const connected = async (signal: AbortSignal): Promise<ImapFlow> => {
    signal.throwIfAborted();
    if (client?.usable === true) return client;
    drop();
    const next = createImapClient(server);
    client = next;
    await next.connect();
    return next;
  };

  const withClient = async <Result>(use: (client: ImapFlow) => Promise<Result>, signal: AbortSignal): Promise<Result> => {
    const kept = client?.usable === true;
    try {
      return await use(await connected(signal));
    } catch (error) {
      if (!kept || error instanceof Fault) throw error;
      // That a kept connection was lost says nothing about the mail: one new one is tried.
      drop();
      return use(await connected(signal));
    }
  };

  const ask = async <Result>(use: (client: ImapFlow) => Promise<Result>): Promise<Result> => {
    // A wrong password is tried once in a run: servers lock accounts that insist.
    if (refusal !== undefined) throw refusal;
    const signal = AbortSignal.any([closing.signal, AbortSignal.timeout(lookWithinMs)]);
    try {
      return await abortable(withClient(use, signal), signal);
    } catch (error) {
      drop();
      const fault = imapFault(error, server);
      if (fault.code === 'channel/refused') refusal = fault;
      throw fault;
    }
  };

  /** One connection has one folder open: whoever asks waits until the one before is done. */
  const inTurn = <Result>(work: () => Promise<Result>): Promise<Result> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  };

  return {
    begin: async (signal) => {
      const noted = inTurn(() => ask(noteFolders));
      // What is noted too late may count mails that are looked for as old: then nothing is noted.
      const known = await abortable(noted, AbortSignal.any([signal, AbortSignal.timeout(beginWithinMs)])).catch(() => []);
      for (const [path, state] of known) folders.set(path, state);
    },
    look: async (signal) => {
      signal.throwIfAborted();
      // Items that wait for the same mailbox share a look.
      looking ??= inTurn(() => ask((own) => syncFolders(own, server.folder, folders, since))).finally(() => (looking = undefined));
      return abortable(looking, signal);
    },
    answered: async (mails, signal) => {
      signal.throwIfAborted();
      if (mails.length === 0) return [];
      return abortable(
        inTurn(() => ask((own) => findAnswered(own, mails))),
        signal,
      );
    },
    close: async () => {
      closing.abort(new Fault('run/aborted', 'the channel was closed'));
      const leaving = client;
      if (leaving?.usable === true) await abortable(leaving.logout(), AbortSignal.timeout(goodbyeWithinMs)).catch(() => undefined);
      drop();
    },
  };
}

const numbers = { uidNext: true, uidValidity: true } as const;

async function noteFolders(client: ImapFlow): Promise<readonly (readonly [path: string, state: FolderState])[]> {
  const listed = (await client.list({ statusQuery: numbers })).filter(holdsReceivedMail);
  return listed.flatMap(({ path, status }) => {
    const { uidNext, uidValidity } = status ?? {};
    return uidNext === undefined || uidValidity === undefined ? [] : [[path, { uidNext, uidValidity, mails: [] }] as const];
  });
}

async function findAnswered(client: ImapFlow, mails: readonly Mail[]): Promise<readonly Mail[]> {
  const found: Mail[] = [];
  for (const [folder, inside] of Map.groupBy(mails, (mail) => mail.folder)) {
    await client.mailboxOpen(folder, { readOnly: true });
    const uids = await answeredIn(
      client,
      inside.map(({ uid }) => uid),
    );
    await client.mailboxClose();
    found.push(...inside.filter(({ uid }) => uids.includes(uid)));
  }
  return found;
}

async function syncFolders(client: ImapFlow, wanted: string, folders: Map<string, FolderState>, since: Date): Promise<readonly Mail[]> {
  const listed = (await client.list({ statusQuery: numbers })).filter(holdsReceivedMail);
  if (!listed.some(({ path }) => isSameFolder(path, wanted))) {
    throw new Fault('channel/refused', `the mailbox has no folder "${wanted}"`, {
      hint: `it has ${listed.map(({ path }) => path).join(', ')}`,
    });
  }
  for (const { path, status } of listed) {
    const known = folders.get(path);
    const isNew = known === undefined || known.uidValidity !== status?.uidValidity;
    if (!isNew && status?.uidNext === known.uidNext) continue;
    try {
      const box = await client.mailboxOpen(path, { readOnly: true });
      const before = isNew ? { uidNext: 1, mails: [] } : known;
      const found = await fetchMails(client, path, before.uidNext, since);
      const uidNext = Math.max(box.uidNext, ...found.map(({ uid }) => uid + 1));
      folders.set(path, { uidValidity: box.uidValidity, uidNext, mails: [...before.mails, ...found] });
      // A folder left selected answers STATUS from what the session knew when it was opened (RFC 9051, 6.3.11 warns of it).
      await client.mailboxClose();
    } catch (error) {
      // Somebody else's shared folder may be closed to us; where people look may not.
      if (!client.usable || isSameFolder(path, wanted)) throw error;
    }
  }
  const everywhere = listed.find(({ specialUse }) => specialUse === '\\All')?.path;
  const mails = [...folders].flatMap(([path, { mails: inside }]) => (path === everywhere ? [] : inside));
  return everywhere === undefined ? mails : [...mails, ...missingFrom(mails, folders.get(everywhere)?.mails ?? [])];
}

function holdsReceivedMail({ flags, specialUse }: ListResponse): boolean {
  return !flags.has('\\Noselect') && !flags.has('\\NonExistent') && !notReceived.has(specialUse ?? '');
}

/** `all` shows every message a second time; only those that stand nowhere else are news. */
function missingFrom(mails: readonly Mail[], all: readonly Mail[]): Mail[] {
  const known = new Set(mails.map(({ messageId }) => messageId));
  return all.filter(({ messageId }) => !known.has(messageId));
}

/** Only INBOX is the same in capitals and small letters (RFC 9051, 5.1). */
export function isSameFolder(path: string, wanted: string): boolean {
  return path === wanted || (path.toUpperCase() === 'INBOX' && wanted.toUpperCase() === 'INBOX');
}
