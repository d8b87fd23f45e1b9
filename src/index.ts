/**
 * liveproof as a library: write proofs, probes and channels of your own, load and run a gate, verify a report.
 * Everything is plain data and functions; see docs/words.md for the words.
 */
export { Fault, type FaultCode, type Place } from './base/fault.ts';
export { systemClock, type Clock } from './base/clock.ts';
export { duration } from './base/duration.ts';
export { secret } from './base/secret.ts';

export { defineChannel, type Acceptance, type Arrival, type Channel, type ChannelKind, type TestMessage } from './alert/channel.ts';
export { defineProbe, type Probe, type ProbeContext } from './check/probe.ts';
export type { Outcome } from './check/outcome.ts';
export type { BrowserFlow } from './probes/index.ts';

export { worse, type FactsMutant } from './gate/mutant.ts';
export type { Basis } from './base/basis.ts';
export { defineProof, type BasisContext, type Proof, type ProofContext } from './gate/proof.ts';
export { findingsOn, type Finding } from './gate/finding.ts';
export { ladders, type Grade } from './gate/grade.ts';
export { channelName, checkName } from './gate/reference.ts';
export { decide, type Decision } from './gate/decide.ts';
export type { Gate, Item } from './gate/gate.ts';
export { endOfWaiver, type Waiver } from './gate/waiver.ts';
export type { State, Verdict } from './gate/verdict.ts';

export { channels } from './channels/index.ts';
export { probes } from './probes/index.ts';
export { proofs } from './proofs/index.ts';
export { reporters } from './reporters/index.ts';

export { defineCheck, type CheckDefinition } from './config/define-check.ts';
export { loadProject } from './config/load-project.ts';
export type { LoadedProject, Project, RefusedProject } from './config/project.ts';
export { loadGate, type LoadedGate, type RefusedGate } from './config/load-gate.ts';
export { makePlan, type MakePlanOptions } from './app/plan-gate.ts';
export { proveGate, type ProveGateOptions, type ProvenGate } from './app/prove-gate.ts';
export { loadPolicy, type LoadedPolicy } from './config/load-policy.ts';
export { verifyReport, type Verification } from './report/verify.ts';
export { drill, type Drill } from './report/drill.ts';
export { signReport, type Signing } from './report/sign.ts';
export type { Approval } from './report/approval.ts';
export type { Policy } from './report/policy.ts';
export type { Report } from './report/report.ts';
