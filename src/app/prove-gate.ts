import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelKind } from '../alert/channel.ts';
import type { SigningKey } from '../attest/keys.ts';
import type { Clock } from '../base/clock.ts';
import { holdMark } from '../base/process-mark.ts';
import { createRedactor, type Redactor } from '../base/redact.ts';
import type { Probe } from '../check/probe.ts';
import type { LoadedGate } from '../config/load-gate.ts';
import { evidenceIn, type Evidence } from '../gate/evidence.ts';
import type { Ladder } from '../gate/grade.ts';
import { openJournal } from '../gate/journal.ts';
import type { LeftoverEvent } from '../gate/journal/clean.ts';
import { worldOf } from '../gate/plan/world.ts';
import type { Proof } from '../gate/proof.ts';
import { runGate, type GateEvent } from '../gate/run.ts';
import { selectItems } from '../gate/select.ts';
import { buildReport, keepSource } from '../report/build.ts';
import { ensureWritable, gateFolder, writeReport } from '../report/folder.ts';
import type { Report } from '../report/report.ts';
import type { Reporter } from '../report/reporter.ts';
import { basisReader, type BasisReader } from './basis.ts';
import { carryProven } from './carry.ts';
import { cleanLeftovers, gateJournal, temporaryPrefix } from './clean-gate.ts';
import { wireGate } from './wire.ts';

export interface ProveGateOptions {
  readonly loaded: LoadedGate;
  readonly kinds: {
    readonly proofs: ReadonlyMap<string, Proof>;
    readonly channels: ReadonlyMap<string, ChannelKind>;
    readonly probes: ReadonlyMap<string, Probe>;
  };
  readonly reporters: readonly Reporter[];
  /** The folder of all reports. */
  readonly reportRoot: string;
  readonly key?: SigningKey | undefined;
  /** Keep what the last report has proven and is still fresh. */
  readonly resume: boolean;
  /** Whether people may be woken; items that could wake somebody are not tried otherwise. */
  readonly allowPaging: boolean;
  /** Ids of the only items to try, with what they rest on; all when left out. */
  readonly only?: readonly string[] | undefined;
  readonly operator: string;
  readonly toolVersion: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  tell(event: GateEvent): void;
  /** For people: what an earlier report contributes. */
  tellCarried(says: string): void;
  /** What became of what an ended run has left behind; that is seen to before anything else. */
  tellLeftover?(event: LeftoverEvent): void;
  /** The folder for all that is kept only while the run goes on: removed at its end, or by the next run. */
  useTemporary?(folder: string): void;
}

export interface ProvenGate {
  readonly report: Report;
  readonly folder: string;
}

/** Runs a loaded gate and writes its report. Rejects when `signal` aborts (no report is written then) and on bugs of ours. */
export async function proveGate(options: ProveGateOptions): Promise<ProvenGate> {
  const { loaded, kinds, reporters, clock, signal, key, toolVersion } = options;
  const { gate } = loaded;
  const only = options.only === undefined ? undefined : selectItems(gate.items, options.only);
  const redactor = createRedactor(loaded.secrets);
  // Effects and progress name addresses, and these may carry a login.
  const tell = (event: GateEvent): void => options.tell(redactor.value(event));
  const { mark, release } = holdMark();
  const file = gateJournal({ gate, reportRoot: options.reportRoot, redactor, mark, clock });
  const temporary = join(tmpdir(), temporaryPrefix + mark);
  const evidence = evidenceIn(join(temporary, 'evidence'));
  const wiring = wireGate({ gate, channels: kinds.channels, probes: kinds.probes, placeOf: loaded.placeOf, clock, signal });
  try {
    await ensureWritable(options.reportRoot, gate.name, mark);
    const { reportRoot, tellLeftover = () => undefined } = options;
    await cleanLeftovers({ gate, reportRoot, redactor, mark, own: file, clock, signal, tell: tellLeftover });
    await mkdir(temporary, { mode: 0o700 });
    options.useTemporary?.(temporary);
    const basis = basisReader({ proofs: kinds.proofs, clock, redactor, read: wiring.read });
    const carried = await carriedBy(options, redactor, evidence, basis);
    const run = await runGate({
      gate,
      proofs: kinds.proofs,
      clock,
      signal,
      redactor,
      evidence,
      journal: openJournal(tell, file),
      paging: options.allowPaging ? 'allowed' : worldOf(gate, kinds),
      carried,
      only,
      basisOf: async (item, own) => (await basis(item, own)).restsOn,
      connect: wiring.connect,
      tell,
    });
    const sources = loaded.sources.map(({ role, path, text }) => keepSource({ role, path, bytes: Buffer.from(text) }, redactor));
    const ladderOf = (kind: string): Ladder | undefined => kinds.proofs.get(kind)?.ladder;
    const built = buildReport(run, { toolVersion, operator: options.operator, sources, keyId: key?.keyId, ladderOf });
    const report = redactor.value(built);
    const folder = await writeReport({ root: options.reportRoot, report, evidence: evidence.get, sources, reporters, key, mark });
    return { report, folder };
  } finally {
    await wiring.close();
    await file.close();
    await rm(temporary, { recursive: true, force: true });
    release();
  }
}

async function carriedBy(options: ProveGateOptions, redactor: Redactor, evidence: Evidence, basis: BasisReader) {
  if (!options.resume) return new Map();
  const { gate } = options.loaded;
  const { items, says } = await carryProven({
    folder: gateFolder(options.reportRoot, gate.name),
    gate,
    redactor,
    proofs: options.kinds.proofs,
    reporters: options.reporters,
    toolVersion: options.toolVersion,
    key: options.key,
    now: options.clock.now(),
    evidence,
    again: new Set(options.only),
    basis: (item) => basis(item, options.signal),
  });
  options.tellCarried(says);
  return items;
}
