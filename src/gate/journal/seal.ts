import type { Redactor } from '../../base/redact.ts';
import type { Undo } from '../effect.ts';
import { isWithinReach, leavesOf, originOf, textAt, undoOrigins, type Leaf } from './gate-text.ts';
import { undoSchema, type SealedUndo } from './entry.ts';

/**
 * An undo as it may be written to a disk: a text that holds a secret is left out, and named by where the gate holds it.
 * Undefined when it holds a secret that stands nowhere in the gate beside an address of the same server. Pure.
 */
export function sealUndo(undo: Undo, gate: object, redactor: Redactor): SealedUndo | undefined {
  const plain = JSON.parse(JSON.stringify(undo)) as SealedUndo['undo'];
  const [origin] = undoOrigins(plain);
  const secret = leavesOf(gate).filter(({ text }) => redactor.text(text) !== text);
  const usable = secret.filter((leaf) => isWithinReach(gate, leaf.path, origin)).toSorted((a, b) => b.text.length - a.text.length);
  const secrets = leavesOf(plain, byPosition)
    .filter(({ text }) => redactor.text(text) !== text)
    .map(({ path, text }) => ({ at: [...path], parts: cut(text, usable) }));
  for (const { at } of secrets) put(plain, at, '');
  const sealed = { undo: plain, secrets };
  // What is still a secret then stands in no text of its own in the gate, or is the name of a key.
  return JSON.stringify(redactor.value(sealed)) === JSON.stringify(sealed) ? sealed : undefined;
}

export type Unsealed = { readonly ok: true; readonly undo: Undo } | { readonly ok: false; readonly because: string };

/**
 * The undo with its secrets, out of the gate that is run now. Only for a server that this gate names itself, and with credentials that
 * it gives to that server: whoever can write into a folder of reports must not be able to send requests or tokens anywhere. Pure.
 */
export function unsealUndo(sealed: SealedUndo, gate: object): Unsealed {
  const undo = structuredClone(sealed.undo);
  const texts = sealed.secrets.flatMap(({ parts }) => parts).filter((part) => typeof part !== 'string');
  const missing = texts.find((path) => textAt(gate, path) === undefined);
  if (missing !== undefined) return refused(`its credentials stood at ${missing.join('.')}, where the gate has none now`);
  for (const { at, parts } of sealed.secrets) {
    put(undo, at, parts.map((part) => (typeof part === 'string' ? part : textAt(gate, part))).join(''));
  }
  const origins = new Set(undoOrigins(undo));
  const [origin] = origins;
  const named = new Set(leavesOf(gate).map(({ text }) => originOf(text)));
  if (origins.size !== 1 || !named.has(origin)) return refused(`the gate does not name ${origin ?? 'its address'}`);
  const foreign = texts.find((path) => !isWithinReach(gate, path, origin));
  if (foreign !== undefined) return refused(`what the gate has at ${foreign.join('.')} is not meant for ${origin ?? ''}`);
  const parsed = undoSchema.safeParse(undo);
  return parsed.success ? { ok: true, undo: parsed.data } : refused('its request makes no sense with what the gate has now');
}

function refused(because: string): Unsealed {
  return { ok: false, because };
}

/** The text, with references in place of what the gate holds. */
function cut(text: string, leaves: readonly Leaf[]): (string | string[])[] {
  const leaf = leaves.find((each) => text.includes(each.text));
  if (leaf === undefined) return [text];
  const at = text.indexOf(leaf.text);
  const before = text.slice(0, at);
  const after = text.slice(at + leaf.text.length);
  return [...(before === '' ? [] : cut(before, leaves)), [...leaf.path], ...(after === '' ? [] : cut(after, leaves))];
}

const byPosition = (_: unknown, index: number): string => String(index);

function put(root: object, at: readonly string[], text: string): void {
  const holder = at.slice(0, -1).reduce<unknown>((node, key) => (isHolder(node) && Object.hasOwn(node, key) ? node[key] : undefined), root);
  const last = at.at(-1);
  if (isHolder(holder) && last !== undefined && Object.hasOwn(holder, last)) holder[last] = text;
}

function isHolder(node: unknown): node is Record<string, unknown> {
  return typeof node === 'object' && node !== null;
}
