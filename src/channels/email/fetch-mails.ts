import { text } from 'node:stream/consumers';
import type { FetchMessageObject, ImapFlow, MessageStructureObject } from 'imapflow';
import type { Arrival } from '../../alert/channel.ts';
import { hopsOf } from './received.ts';
import { textOfHtml } from './text.ts';

/** More of a part is not read. */
const longestPartBytes = 256 * 1024;
const dayMs = 86_400_000;
/** The mail server's clock may be behind ours by this much. */
const clockSkewMs = 3_600_000;

export interface Mail {
  readonly uid: number;
  readonly folder: string;
  /** When the server says it came in (INTERNALDATE). */
  readonly at: Date;
  readonly messageId: string;
  readonly subject: string;
  /** What a person reads: the plain text when there is one, else the HTML without its markup. */
  readonly text: string;
  /** Every text part, decoded, to look for a nonce in. */
  readonly parts: readonly string[];
  /** The servers that took it on its way. */
  readonly hops: NonNullable<Arrival['hops']>;
}

/** Reads what came into the open folder from `uidNext` on, with MIME decoded: a nonce may be broken by quoted-printable or hidden by base64. */
export async function fetchMails(client: ImapFlow, folder: string, uidNext: number, since: Date): Promise<Mail[]> {
  // SEARCH SINCE knows only days, in the server's time zone; the rest is told by INTERNALDATE.
  const query = { uid: `${String(uidNext)}:*`, since: new Date(since.getTime() - 2 * dayMs) };
  const uids = (await client.search(query, { uid: true })) || [];
  // The range "n:*" names the last message even when its number is below n.
  const fresh = uids.filter((uid) => uid >= uidNext);
  if (fresh.length === 0) return [];
  const wanted = { uid: true, envelope: true, internalDate: true, bodyStructure: true, headers: ['received'] };
  const found = await client.fetchAll(fresh, wanted, { uid: true });
  const mails: Mail[] = [];
  for (const message of found) {
    const at = new Date(message.internalDate ?? 0);
    if (at.getTime() >= since.getTime() - clockSkewMs) mails.push(await readMail(client, folder, at, message));
  }
  return mails;
}

async function readMail(client: ImapFlow, folder: string, at: Date, message: FetchMessageObject): Promise<Mail> {
  const { uid, envelope, bodyStructure, headers } = message;
  const parts: { readonly type: string; readonly text: string }[] = [];
  for (const { part, type } of textParts(bodyStructure)) {
    const { content } = await client.download(String(uid), part ?? '1', { uid: true, maxBytes: longestPartBytes });
    if (content !== undefined) parts.push({ type, text: await text(content) });
  }
  const plain = parts.find(({ type }) => type === 'text/plain')?.text;
  const html = parts.find(({ type }) => type === 'text/html')?.text;
  return {
    uid,
    folder,
    at,
    messageId: envelope?.messageId ?? `${folder}:${String(uid)}`,
    subject: envelope?.subject ?? '',
    text: plain ?? (html === undefined ? '' : textOfHtml(html)),
    parts: parts.map((each) => each.text),
    hops: hopsOf(headers?.toString('latin1') ?? ''),
  };
}

function textParts(node: MessageStructureObject | undefined): MessageStructureObject[] {
  if (node === undefined) return [];
  if (node.childNodes !== undefined) return node.childNodes.flatMap(textParts);
  return node.type.startsWith('text/') && node.disposition !== 'attachment' ? [node] : [];
}

/** Which of the mails in the open folder somebody has answered: their program marks them (RFC 9051, 2.3.2). */
export async function answeredIn(client: ImapFlow, uids: readonly number[]): Promise<readonly number[]> {
  return (await client.search({ uid: uids.join(','), answered: true }, { uid: true })) || [];
}
