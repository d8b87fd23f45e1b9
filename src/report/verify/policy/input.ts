import type { Proof } from '../../../gate/proof.ts';
import type { Approval } from '../../approval.ts';
import type { Report } from '../../report.ts';
import type { Untried } from '../untried.ts';

/** What a policy is held against. */
export interface PolicyInput {
  readonly report: Report;
  readonly approvals: readonly Approval[];
  /** Items that were not tried in this run, nor carried over from an earlier one. */
  readonly untried: readonly Untried[];
  readonly proofs: ReadonlyMap<string, Proof>;
  readonly now: Date;
}
