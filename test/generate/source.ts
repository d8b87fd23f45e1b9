import { channels } from '../../src/channels/index.ts';
import { loadGate } from '../../src/config/load-gate.ts';
import type { AlertmanagerSource } from '../../src/generate/alertmanager.ts';
import type { Generated } from '../../src/generate/wants.ts';
import { probes } from '../../src/probes/index.ts';
import { proofs } from '../../src/proofs/index.ts';

export const hook = '{ kind: webhook, url: "http://127.0.0.1:9/hook", listen: "127.0.0.1:9" }';
export const mail =
  '{ kind: email, smtp: { host: mx.test, user: bot, password: mail-password }, imap: { host: mx.test, user: u, password: imap-password }, from: a@b.test, to: c@d.test }';

/** One alert item; what is not said is right. */
export function alert(rule: string, more: string = ''): string {
  return `{ id: ${rule.toLowerCase()}, proof: alert, statement: ${rule} is told, rule: ${rule}, ${more} }`;
}

/** What was generated; it is an error when there are faults. */
export function textOf(generated: Generated): string {
  if ('text' in generated) return generated.text;
  throw new AggregateError(generated.faults, saidBy(generated).join('\n'));
}

/** Each fault with its hint. */
export function saidBy(generated: Generated): readonly string[] {
  return 'text' in generated ? [] : generated.faults.map(({ message, hint = '' }) => `${message} → ${hint}`);
}

/** A gate with these items and channels, loaded. */
export async function sourceOf(items: readonly string[], more: string = ''): Promise<AlertmanagerSource> {
  const text = `gate: small\n${more}\nitems:\n${items.map((item) => `  - ${item}\n`).join('')}`;
  const none = () => Promise.resolve([]);
  const files = { read: () => Promise.resolve(text), find: () => Promise.resolve(), list: none, match: none };
  const loaded = await loadGate({ file: 'gate.yaml', env: {}, kinds: { proofs, channels, probes }, files });
  if (!loaded.ok) throw new AggregateError(loaded.faults, loaded.faults.map(({ message }) => message).join('\n'));
  return { gate: loaded.gate, secrets: loaded.secrets, placeOf: loaded.placeOf, proofs, channels, secretsFolder: '/run/secrets' };
}
