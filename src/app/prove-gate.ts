import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelKind } from '../alert/channel.ts';
import type { SigningKey } from '../attest/keys.ts';
import type { Clock } from '../base/clock.ts';
import { createRedactor } from '../base/redact.ts';
import type { Probe } from '../check/probe.ts';
import type { LoadedGate } from '../config/load-gate.ts';
import { evidenceIn } from '../gate/evidence.ts';
import type { Ladder } from '../gate/grade.ts';
import { openJournal } from '../gate/journal.ts';
import type { Proof } from '../gate/proof.ts';
import { runGate, type GateEvent } from '../gate/run.ts';
import { selectItems } from '../gate/select.ts';
import { buildReport, keepSource } from '../report/build.ts';
import { ensureWritable, gateFolder, writeReport } from '../report/folder.ts';
import { printReport } from '../report/print.ts';
import type { Report } from '../report/report.ts';
import type { Reporter } from '../report/reporter.ts';
import { carryProven } from './carry.ts';
import { previousReport } from './previous-report.ts';
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
  /** Ids of the only items to try, with what they rest on; all when left out. */
  readonly only?: readonly string[] | undefined;
  /** Print the report's page too, where there is a browser. */
  readonly pdf?: boolean;
  readonly operator: string;
  readonly toolVersion: string;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  tell(event: GateEvent): void;
  /** For people: what an earlier report contributes. */
  tellCarried(says: string): void;
}

export interface ProvenGate {
  readonly report: Report;
  readonly folder: string;
  /** Why there is no PDF, when one was wanted. */
  readonly notPrinted?: string | undefined;
}

/** Runs a loaded gate and writes its report. Rejects when `signal` aborts (no report is written then) and on bugs of ours. */
export async function proveGate(options: ProveGateOptions): Promise<ProvenGate> {
  const { loaded, kinds, reporters, clock, signal, key, toolVersion } = options;
  const { gate } = loaded;
  const only = options.only === undefined ? undefined : selectItems(gate.items, options.only);
  const redactor = createRedactor(loaded.secrets);
  // Effects and progress name addresses, and these may carry a login.
  const tell = (event: GateEvent): void => options.tell(redactor.value(event));
  await ensureWritable(options.reportRoot, gate.name);
  const scratch = await mkdtemp(join(tmpdir(), 'liveproof-'));
  const evidence = evidenceIn(scratch);
  const wiring = wireGate({ gate, channels: kinds.channels, probes: kinds.probes, placeOf: loaded.placeOf, clock, signal });
  try {
    const previous = await previousReport(gateFolder(options.reportRoot, gate.name), gate, clock.now());
    const carried = await carriedBy(options, redactor, evidence);
    const run = await runGate({
      gate,
      proofs: kinds.proofs,
      clock,
      signal,
      redactor,
      evidence,
      journal: openJournal(tell),
      carried,
      only,
      connect: wiring.connect,
      tell,
    });
    const sources = loaded.sources.map(({ role, path, text }) => keepSource({ role, path, bytes: Buffer.from(text) }, redactor));
    const ladderOf = (kind: string): Ladder | undefined => kinds.proofs.get(kind)?.ladder;
    const report = buildReport(run, { toolVersion, operator: options.operator, sources, keyId: key?.keyId, previous, ladderOf });
    let notPrinted: string | undefined;
    const print = async (html: string): Promise<Uint8Array | undefined> => {
      const printed = await printReport(html, signal);
      if (!('says' in printed)) return printed;
      notPrinted = printed.says;
      return undefined;
    };
    const folder = await writeReport({
      root: options.reportRoot,
      report,
      evidence: evidence.get,
      sources,
      reporters,
      key,
      ...(options.pdf === true ? { print } : {}),
    });
    return { report, folder, notPrinted };
  } finally {
    await wiring.close();
    await rm(scratch, { recursive: true, force: true });
  }
}

async function carriedBy(options: ProveGateOptions, redactor: ReturnType<typeof createRedactor>, evidence: ReturnType<typeof evidenceIn>) {
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
  });
  options.tellCarried(says);
  return items;
}
