import { sha256 } from '../base/digest.ts';
import type { Redactor } from '../base/redact.ts';
import { decide } from '../gate/decide.ts';
import type { Ladder } from '../gate/grade.ts';
import type { GateRun, ItemResult } from '../gate/run.ts';
import { setupDigest } from '../gate/setup.ts';
import { attestationFile, oldestMs, report, type Report, type ReportItem, type ReportSource } from './report.ts';

/** What a report says beside what the run found. */
export interface ReportMeta {
  /** liveproof's own. */
  readonly toolVersion: string;
  /** Who runs the gate: a person or a pipeline. */
  readonly operator: string;
  /** The gate file first, then the environment and the checks. */
  readonly sources: readonly ReportSource[];
  /** The key that the report will be signed with. */
  readonly keyId?: string | undefined;
  /** The grades of a proof kind. */
  readonly ladderOf?: (proof: string) => Ladder | undefined;
}

/** Makes a report of a run. Pure; takes the run as it is, already without its secrets. */
export function buildReport(run: GateRun, meta: ReportMeta): Report {
  const { gate, startedAt, finishedAt } = run;
  const items = run.items.map((result) => itemOf(result, meta.ladderOf?.(result.item.proof)));
  const value: Report = {
    schemaVersion: 1,
    tool: { name: 'liveproof', version: meta.toolVersion },
    gate: gate.name,
    title: gate.title,
    ref: [...gate.ref],
    environment: gate.environment,
    because: gate.because,
    overrides: gate.overrides.map(({ path, from, to }) => ({ path, from, to })) as Report['overrides'],
    operator: meta.operator,
    setup: setupDigest(gate),
    startedAt,
    finishedAt,
    expiresAt: new Date(oldestMs({ finishedAt, items }) + gate.policy.maxAgeMs).toISOString(),
    policy: { maxAgeMs: gate.policy.maxAgeMs },
    decision: decide(items.map(({ state }) => state)),
    items,
    sources: meta.sources.map(({ role, path, sha256: original, kept }) => ({ role, path, sha256: original, kept })),
    signature: meta.keyId === undefined ? undefined : { file: attestationFile, keyId: meta.keyId },
  };
  // Through JSON, so that what is shown and signed is what a verifier will read.
  return report.parse(JSON.parse(JSON.stringify(value)));
}

function itemOf({ item, verdict, evidence, startedAt, finishedAt, carriedFrom }: ItemResult, ladder: Ladder | undefined): ReportItem {
  return {
    id: item.id,
    statement: item.statement,
    ref: [...item.ref],
    severity: item.severity,
    proof: item.proof,
    needs: [...item.needs],
    requiredGrade: item.grade,
    ladder: ladder && [...ladder],
    ...verdict,
    requirement: item.requirement as ReportItem['requirement'],
    evidence: [...evidence],
    startedAt,
    finishedAt,
    carriedFrom,
  };
}

/** A file that the gate was loaded from, and the bytes to keep of it. */
export interface KeptSource extends ReportSource {
  readonly bytes: Uint8Array;
}

/** Takes the secrets out of a configuration file so that it can stand in a report's evidence. `path` is how people know it. */
export function keepSource(file: Pick<ReportSource, 'role' | 'path'> & { readonly bytes: Uint8Array }, redactor: Redactor): KeptSource {
  const original = Buffer.from(file.bytes).toString();
  const text = redactor.text(original);
  const bytes = text === original ? file.bytes : Buffer.from(text);
  return { role: file.role, path: file.path, sha256: sha256(file.bytes), kept: sha256(bytes), bytes };
}
