import type { Outcome } from '../../src/check/outcome.ts';
import type { Finding } from '../../src/gate/finding.ts';
import type { Grade } from '../../src/gate/grade.ts';
import type { Proof } from '../../src/gate/proof.ts';
import { verdictOf, type Verdict } from '../../src/gate/verdict.ts';
import { connectPrometheus } from '../../src/stack/prometheus.ts';
import { contextWith } from './context.ts';

export interface RunProofOptions {
  readonly proof: Proof;
  /** The item's own keys, as a gate file has them. */
  readonly requirement: object;
  /** The address of a running Prometheus. */
  readonly prometheus: string;
  readonly grade?: Grade;
  readonly signal?: AbortSignal;
  /** What a check does that the proof runs. */
  readonly check?: (name: string) => Promise<Outcome> | Outcome;
}

export interface ProofRun extends Verdict {
  /** What speaks against the item. */
  readonly against: readonly Finding[];
  readonly facts: unknown;
}

/** Observes, records and judges one item as a gate run does, against a real Prometheus. */
export async function runProof({
  proof,
  requirement,
  prometheus,
  grade = proof.defaultGrade,
  signal,
  check,
}: RunProofOptions): Promise<ProofRun> {
  const parsed = proof.requirement.parse(requirement);
  const observed = await proof.observe(
    parsed,
    contextWith({
      grade,
      ...(signal === undefined ? {} : { signal }),
      prometheus: () => connectPrometheus({ name: 'Prometheus', url: prometheus }),
      ...(check === undefined
        ? {}
        : {
            runCheck: async (name) => {
              const outcome = await check(name);
              return { startedAt: new Date().toISOString(), durationMs: 0, attempts: 1, readings: new Map(), outcome };
            },
          }),
    }),
  );
  // Judged from what would be stored: through JSON, and through the schema that a verifier reads it with.
  const facts = proof.facts.parse(JSON.parse(JSON.stringify(observed)));
  const verdict = verdictOf(proof.ladder, grade, proof.judge(parsed, facts), 'item');
  return { ...verdict, facts, against: verdict.reasons.filter(({ holds }) => holds !== 'yes') };
}
