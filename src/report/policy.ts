import type { KeyId, VerifyingKey } from '../attest/keys.ts';

/** Somebody whose approval counts. One person may have several keys, and counts once. */
export interface ListedApprover {
  readonly name: string;
  readonly keyId: KeyId;
}

export interface ApprovalsPolicy {
  /** How many people have to approve. */
  readonly atLeast: number;
  readonly maxAgeMs?: number | undefined;
  readonly from: readonly ListedApprover[];
  /** Whether a key that runs gates may approve too: then one key can do both. */
  readonly gateKeyCounts: boolean;
}

/** Every item of this severity and proof kind has to be proven at least this far. */
export interface GradeRule {
  readonly severity: string;
  readonly proof: string;
  readonly grade: string;
}

export interface ItemRule {
  readonly id: string;
  /** How far it has to be proven; as far as the gate asks when left out. */
  readonly grade?: string | undefined;
}

/** What whoever relies on a report asks of it, whatever the gate itself asked for. */
export interface Policy {
  readonly name: string;
  /** The only gate and the only environment that are accepted: a report of staging says nothing of production. */
  readonly gate: string;
  readonly environment: string;
  /** Of those who are trusted to run the gate. */
  readonly keys: readonly VerifyingKey[];
  readonly maxAgeMs?: number | undefined;
  readonly approvals?: ApprovalsPolicy | undefined;
  readonly grades: readonly GradeRule[];
  readonly items: readonly ItemRule[];
  /** Whether items may be waived: of every severity, of none, or of those named. */
  readonly waivers: 'allowed' | 'refused' | { readonly severities: readonly string[] };
}
