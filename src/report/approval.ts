import { approvalStatementOf, type ApprovalStatement, type Approver } from '../attest/approval.ts';
import type { KeyId } from '../attest/keys.ts';
import type { Sha256 } from '../base/digest.ts';
import type { Decision } from '../gate/decide.ts';
import { resourceOf } from './attestation.ts';
import { attestationFile, type Report } from './report.ts';

/** A person's consent to a report, signed by them and chained to the report's own attestation. */
export interface Approval {
  readonly file: string;
  readonly keyId: KeyId;
  /** As the approver calls themselves: whose key it is, a policy says. */
  readonly name: string;
  /** By the approver's own clock. */
  readonly at: string;
}

/** Named by the key, so that a key approves once. */
export function approvalFile(keyId: KeyId): string {
  return `approval-${Buffer.from(keyId, 'base64').toString('hex').slice(0, 16)}.sigstore.json`;
}

export function isApprovalFile(name: string): boolean {
  return /^approval-[0-9a-f]{16}\.sigstore\.json$/.test(name);
}

const approved = {
  proceed: 'LIVEPROOF_DECISION_PROCEED',
  'proceed-with-waivers': 'LIVEPROOF_DECISION_PROCEED_WITH_WAIVERS',
} as const;

/** Nobody can approve a refusal: who accepts what is not proven waives it in the gate, where everybody sees it. */
export function isApprovable(decision: Decision): decision is keyof typeof approved {
  return decision !== 'do-not-proceed';
}

const signatureVerified = 'LIVEPROOF_SIGNATURE_VERIFIED';

export interface ApprovalOf {
  readonly report: Report & { readonly decision: keyof typeof approved };
  /** The digest of its attestation, which names everything else. */
  readonly attestation: Sha256;
  readonly approver: Approver;
  readonly at: string;
  /** Whether the approver had the gate's public key. */
  readonly checkedSignature: boolean;
}

/** What is signed to approve a report. */
export function approvalOf({ report, attestation, approver, at, checkedSignature }: ApprovalOf): ApprovalStatement {
  const gates = report.sources.filter(({ role }) => role === 'gate');
  return approvalStatementOf({
    approver,
    at,
    subject: resourceOf(attestationFile, attestation),
    policies: gates.map(({ path, sha256 }) => resourceOf(path, sha256)),
    properties: [
      'LIVEPROOF_EVIDENCE_JUDGED_AGAIN',
      ...(checkedSignature ? [signatureVerified] : []),
      approved[report.decision],
      'LIVEPROOF_RELEASE_APPROVED',
    ],
  });
}

/** The approval that a statement says it is; it is one only when `approvalOf` gives the same statement. */
export function claimedIn({ predicate }: ApprovalStatement, keyId: KeyId): Pick<ApprovalOf, 'approver' | 'at' | 'checkedSignature'> {
  return {
    approver: { keyId, ...predicate.verifier.liveproofApprover },
    at: predicate.timeCreated,
    checkedSignature: predicate.properties.includes(signatureVerified),
  };
}
