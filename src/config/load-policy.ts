import { parseVerifyingKey, type VerifyingKey } from '../attest/keys.ts';
import { Fault, faultAt, type Place } from '../base/fault.ts';
import type { Proof } from '../gate/proof.ts';
import type { ItemRule, Policy } from '../report/policy.ts';
import { disk, reach, type Files } from './files.ts';
import { locate } from './locate.ts';
import { placeOfValue, type Path } from './node.ts';
import { policyFaults, type Approvers } from './policy-faults.ts';
import { policyFile, type PolicyFile } from './policy-schema.ts';
import { readNode } from './read-node.ts';

export interface LoadPolicyOptions {
  readonly file: string;
  /** To know which grades there are. */
  readonly proofs: ReadonlyMap<string, Proof>;
  /** The disk, when left out. */
  readonly files?: Files;
}

export type LoadedPolicy = { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly faults: readonly Fault[] };

/** Loads a policy file and the keys that it names. Whatever is wrong is told in `faults`, all at once; it rejects only for bugs of ours. */
export async function loadPolicy({ file, proofs, files = disk }: LoadPolicyOptions): Promise<LoadedPolicy> {
  const reached = await reach(files, file, files.read);
  if (!reached.ok) return { ok: false, faults: [reached.fault] };
  const located = locate(file, reached.result);
  if (!located.ok) return located;
  const { root } = located;
  const { value, explanations } = readNode(policyFile, root);
  if (value === undefined) return refused(explanations.map(({ fault }) => fault));

  const faults: Fault[] = [];
  const readKey = (path: string, at: Path) => loadKey(path, placeOfValue(root, at), files, faults);
  const keys = await readAll(value.keys, (path, index) => readKey(path, ['keys', index]));
  const from = await readAll(value.approvals?.from ?? [], async ({ name, key }, index) => {
    const read = await readKey(key, ['approvals', 'from', index, 'key']);
    return read && { name, keyId: read.keyId, index };
  });
  faults.push(...policyFaults(value, { keys, from }, proofs, (path) => placeOfValue(root, path)));
  return faults.length > 0 ? refused(faults) : { ok: true, policy: policyOf(value, keys, from) };
}

function policyOf(value: PolicyFile, keys: readonly VerifyingKey[], from: Approvers): Policy {
  const { approvals } = value;
  const rules = Object.entries(value.grades).flatMap(([severity, grades]) => {
    return Object.entries(grades).map(([proof, grade]) => ({ severity, proof, grade }));
  });
  return {
    name: value.policy,
    gate: value.gate,
    environment: value.environment,
    keys,
    maxAgeMs: value.maxAge,
    approvals: approvals && {
      atLeast: approvals.atLeast,
      maxAgeMs: approvals.maxAge,
      gateKeyCounts: approvals.gateKeyCounts,
      from: from.map(({ name, keyId }) => ({ name, keyId })),
    },
    grades: rules,
    items: value.items.map((item): ItemRule => (typeof item === 'string' ? { id: item } : item)),
    waivers: value.waivers,
  };
}

async function readAll<Written, Read>(
  written: readonly Written[],
  read: (each: Written, index: number) => Promise<Read | undefined>,
): Promise<readonly Read[]> {
  return (await Promise.all(written.map(read))).flatMap((each) => each ?? []);
}

async function loadKey(path: string, place: Place | undefined, files: Files, faults: Fault[]): Promise<VerifyingKey | undefined> {
  const reached = await reach(files, path, files.read, place);
  if (!reached.ok) {
    faults.push(reached.fault);
    return undefined;
  }
  try {
    return parseVerifyingKey(reached.result, path);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    faults.push(faultAt(error, place));
    return undefined;
  }
}

function refused(faults: readonly Fault[]): LoadedPolicy {
  const order = ({ place }: Fault): number => (place?.line ?? 0) * 10_000 + (place?.column ?? 0);
  return { ok: false, faults: faults.toSorted((a, b) => order(a) - order(b)) };
}
