import type { KeyId } from '../attest/keys.ts';
import { Fault, type Place } from '../base/fault.ts';
import { rungOf } from '../gate/grade.ts';
import type { Proof } from '../gate/proof.ts';
import { suggest } from '../base/closest.ts';
import type { Path } from './node.ts';
import type { PolicyFile } from './policy-schema.ts';

/** Approvers whose keys could be read, each with its place in the list. */
export type Approvers = readonly { readonly name: string; readonly keyId: KeyId; readonly index: number }[];

interface Keys {
  readonly keys: readonly { readonly keyId: KeyId }[];
  readonly from: Approvers;
}

/** What a schema cannot see: a policy that nothing could ever satisfy, or that asks for less than it seems to. */
export function policyFaults(
  policy: PolicyFile,
  keys: Keys,
  proofs: ReadonlyMap<string, Proof>,
  placeOf: (path: Path) => Place | undefined,
): readonly Fault[] {
  return [...approverFaults(policy, keys, placeOf), ...gradeFaults(policy, proofs, placeOf), ...itemFaults(policy, proofs, placeOf)];
}

function approverFaults({ approvals }: PolicyFile, { keys, from }: Keys, placeOf: (path: Path) => Place | undefined): readonly Fault[] {
  if (approvals === undefined) return [];
  const faults = from.flatMap(({ name, keyId, index }, position) => {
    const place = placeOf(['approvals', 'from', index, 'signsWith']);
    const other = from.slice(0, position).find((each) => each.keyId === keyId);
    const runsGate = !approvals.gateMayApprove && keys.some((each) => each.keyId === keyId);
    return [
      ...(other === undefined ? [] : [new Fault('config/bad-value', `this is the key of "${other.name}" as well`, { place })]),
      ...(runsGate ? [new Fault('config/bad-value', `"${name}" has a key that runs the gate`, { place, hint: ownKey })] : []),
    ];
  });
  const people = new Set(approvals.from.map(({ name }) => name)).size;
  if (approvals.atLeast <= people) return faults;
  const message = `"atLeast" is ${String(approvals.atLeast)}, and only ${people === 1 ? '1 person' : `${String(people)} people`} can approve`;
  return [...faults, new Fault('config/bad-value', message, { place: placeOf(['approvals', 'atLeast']) })];
}

const ownKey = 'give each approver a key of their own, or say "gateMayApprove: true"';

function gradeFaults({ grades }: PolicyFile, proofs: ReadonlyMap<string, Proof>, placeOf: (path: Path) => Place | undefined) {
  return Object.entries(grades).flatMap(([severity, byProof]) =>
    Object.entries(byProof).flatMap(([kind, grade]) => {
      const place = placeOf(['grades', severity, kind]);
      const proof = proofs.get(kind);
      if (proof === undefined)
        return [new Fault('config/unknown-kind', `unknown proof "${kind}"`, { place, hint: suggest(kind, proofs.keys(), 'known proofs') })];
      if (rungOf(proof.ladder, grade) > 0) return [];
      const hint = suggest(grade, proof.ladder.slice(1), 'grades');
      return [new Fault('config/bad-value', `"${grade}" is no grade that ${kind} has to be proven to`, { place, hint })];
    }),
  );
}

function itemFaults({ items }: PolicyFile, proofs: ReadonlyMap<string, Proof>, placeOf: (path: Path) => Place | undefined) {
  const known = new Set([...proofs.values()].flatMap(({ ladder }) => ladder.slice(1)));
  const ids = items.map((item) => (typeof item === 'string' ? item : item.id));
  return items.flatMap((item, index) => {
    const id = ids[index] ?? '';
    const twice =
      ids.indexOf(id) < index ? [new Fault('config/duplicate-id', `"${id}" is listed twice`, { place: placeOf(['items', index]) })] : [];
    if (typeof item === 'string' || [...known].some((grade) => grade === item.grade)) return twice;
    const hint = suggest(item.grade, known, 'grades');
    return [...twice, new Fault('config/bad-value', `"${item.grade}" is no grade`, { place: placeOf(['items', index, 'grade']), hint })];
  });
}
