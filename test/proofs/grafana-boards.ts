import type { Outcome } from '../../src/check/outcome.ts';
import type { Board } from '../../src/board/board.ts';
import type { Finding } from '../../src/gate/finding.ts';
import type { Person } from '../../src/gate/gate.ts';
import type { Grade } from '../../src/gate/grade.ts';
import type { Proof } from '../../src/gate/proof.ts';
import { verdictOf, type Verdict } from '../../src/gate/verdict.ts';
import { connectBoardServer } from '../../src/stack/board-server.ts';
import { connectPrometheus } from '../../src/stack/prometheus.ts';
import { contextWith } from './context.ts';

export interface BoardProof {
  readonly proof: Proof;
  readonly requirement: object;
  readonly boards: readonly Board[];
  readonly people: readonly Person[];
  /** A Grafana's address, and the gate's token for it. */
  readonly grafana: { readonly url: string; readonly token?: string };
  /** The address of the gate's own Prometheus. */
  readonly prometheus?: string;
  readonly grade?: Grade;
  readonly check?: () => Promise<unknown> | void;
}

export interface BoardVerdict extends Verdict {
  /** What speaks against the item, as one text a line. */
  readonly against: readonly string[];
  readonly facts: unknown;
}

/** Observes, records and judges one item of boards on a Grafana, as a gate run does. */
export async function proveBoard({
  proof,
  requirement,
  boards,
  people,
  grafana,
  prometheus,
  grade = proof.defaultGrade,
  check,
}: BoardProof): Promise<BoardVerdict> {
  const parsed = proof.requirement.parse(requirement);
  const passed: Outcome = { status: 'pass', reasons: [] };
  const observed = await proof.observe(
    parsed,
    contextWith({
      grade,
      boards,
      people,
      boardServer: () => connectBoardServer({ name: 'the board server', ...grafana }),
      ...(prometheus === undefined ? {} : { prometheus: () => connectPrometheus({ name: 'Prometheus', url: prometheus }) }),
      onCall: () => Promise.resolve(people.slice(0, 1).map(({ name, email }) => ({ name, email, level: 1 }))),
      runCheck: async () => {
        await check?.();
        return { startedAt: new Date().toISOString(), durationMs: 0, attempts: 1, readings: new Map(), outcome: passed };
      },
      keep: () => Promise.resolve('0'.repeat(64)),
    }),
  );
  // Judged from what would be stored: through JSON, and through the schema that a verifier reads it with.
  const facts = proof.facts.parse(JSON.parse(JSON.stringify(observed)));
  const verdict = verdictOf(proof.ladder, grade, proof.judge(parsed, facts), 'item');
  const against = verdict.reasons.filter(({ holds }) => holds !== 'yes').map(textOf);
  return { ...verdict, facts, against };
}

function textOf({ grade, holds, says, hint }: Finding): string {
  return `${grade} ${holds}: ${says}${hint === undefined ? '' : ` → ${hint}`}`;
}
