import { z } from 'zod';
import { formatDuration } from '../base/duration.ts';

/** Facts about the machine that runs the checks, over a short while. What a system does not tell is left out. */
export const machineObservation = z.strictObject({
  /** The while, on the monotonic clock. */
  fromMs: z.number(),
  toMs: z.number(),
  /** For how long the event loop could not turn, in all. */
  lostMs: z.number(),
  /** For how long the machine slept. */
  sleptMs: z.number(),
  cpu: z.strictObject({
    /** The share of the last ten seconds in which something waited for a processor, from 0 to 1. */
    waiting: z.number().optional(),
    loadPerCore: z.number(),
  }),
  disks: z.array(
    z.strictObject({
      holds: z.string(),
      freeBytes: z.number().optional(),
      totalBytes: z.number().optional(),
      /** The share of files that could still be made. */
      freeFiles: z.number().optional(),
      /** Why it could not be looked at. */
      trouble: z.string().optional(),
    }),
  ),
  /** Open files and sockets of this process, and how many it may have. */
  files: z.strictObject({ open: z.number(), limit: z.number() }).optional(),
  network: z.strictObject({
    /** Ways out of this machine that are up. */
    routes: z.number().optional(),
    /** Why no socket can be opened even within it. */
    loopback: z.string().optional(),
    /** Targets elsewhere that were tried of late: how many answered at all, and how many did not. */
    answered: z.number(),
    unanswered: z.number(),
    /** Addresses that have nothing to do with any target, tried because none of those answers. */
    references: z.array(z.strictObject({ address: z.string(), reached: z.boolean() })),
  }),
});
export type MachineObservation = Readonly<z.infer<typeof machineObservation>>;

/** What can be wrong with the machine itself, with a sentence for people. */
export interface MachineTrouble {
  readonly kind: 'starved' | 'slept' | 'busy' | 'disk-full' | 'files-used-up' | 'no-network';
  readonly says: string;
  /** How much time it took from whatever ran, where it is known. */
  readonly lostMs?: number | undefined;
}

/** Well when there are no troubles. */
export interface MachineState {
  readonly troubles: readonly MachineTrouble[];
  /** What may be the machine's own, but nothing shows it. */
  readonly doubts: readonly string[];
}

const lostTooMuch = { ms: 200, share: 0.05 } as const;
const waitingTooMuch = 0.6;
const loadTooHigh = 4;
const leastFree = { bytes: 100 * 1024 * 1024, share: 0.05, files: 0.01 } as const;
const filesUsedUp = 0.95;
/** Fewer targets that do not answer are the targets' own trouble. */
const manyTargets = 3;

/** What the observations of one while come to; pure. None is no trouble that we know of. */
export function judgeMachine(observations: readonly MachineObservation[]): MachineState {
  const last = observations.at(-1);
  if (last === undefined) return { troubles: [], doubts: [] };
  const found = [
    starved(observations),
    slept(observations),
    worst(observations, busy),
    worst(observations, diskFull),
    worst(observations, filesGone),
    worst(observations, noNetwork),
  ];
  return { troubles: found.filter((each) => each !== undefined), doubts: doubts(last) };
}

function worst(
  observations: readonly MachineObservation[],
  judge: (observation: MachineObservation) => MachineTrouble | undefined,
): MachineTrouble | undefined {
  return observations.map(judge).findLast((trouble) => trouble !== undefined);
}

function starved(observations: readonly MachineObservation[]): MachineTrouble | undefined {
  const lostMs = observations.reduce((sum, each) => sum + each.lostMs, 0);
  const overMs = observations.reduce((sum, each) => sum + each.toMs - each.fromMs, 0);
  if (lostMs < lostTooMuch.ms || lostMs < overMs * lostTooMuch.share) return undefined;
  return { kind: 'starved', lostMs, says: `this process could not run for ${formatDuration(lostMs)} of ${formatDuration(overMs)}` };
}

function slept(observations: readonly MachineObservation[]): MachineTrouble | undefined {
  const sleptMs = observations.reduce((sum, each) => sum + each.sleptMs, 0);
  return sleptMs === 0 ? undefined : { kind: 'slept', lostMs: sleptMs, says: `this machine slept for ${formatDuration(sleptMs)}` };
}

function busy({ cpu: { waiting, loadPerCore } }: MachineObservation): MachineTrouble | undefined {
  if (waiting !== undefined) {
    if (waiting < waitingTooMuch) return undefined;
    return { kind: 'busy', says: `work waited for a processor for ${String(Math.round(waiting * 100))}% of the last ten seconds` };
  }
  if (loadPerCore < loadTooHigh) return undefined;
  return { kind: 'busy', says: `${loadPerCore.toFixed(1)} processes share each processor` };
}

function diskFull({ disks }: MachineObservation): MachineTrouble | undefined {
  for (const { holds, freeBytes, totalBytes, freeFiles, trouble } of disks) {
    const on = `the disk of ${holds}`;
    if (trouble !== undefined) return { kind: 'disk-full', says: `${on} cannot be looked at: ${trouble}` };
    if (freeFiles !== undefined && freeFiles < leastFree.files) return { kind: 'disk-full', says: `${on} has no room for more files` };
    if (freeBytes === undefined || totalBytes === undefined) continue;
    if (freeBytes >= Math.min(leastFree.bytes, totalBytes * leastFree.share)) continue;
    return { kind: 'disk-full', says: `${on} is full: ${(freeBytes / 1024 / 1024).toFixed(1)} MiB are left` };
  }
  return undefined;
}

function filesGone({ files }: MachineObservation): MachineTrouble | undefined {
  if (files === undefined || files.open < files.limit * filesUsedUp) return undefined;
  return { kind: 'files-used-up', says: `this process has ${String(files.open)} of ${String(files.limit)} files and sockets open` };
}

function noNetwork({ network }: MachineObservation): MachineTrouble | undefined {
  const says = ((): string | undefined => {
    if (network.loopback !== undefined) return `no socket can be opened even within this machine: ${network.loopback}`;
    if (network.routes === 0) return 'this machine has no way out: no network that is up';
    const { references } = network;
    if (!noneAnswers(network) || references.length === 0 || references.some(({ reached }) => reached)) return undefined;
    const named = references.map(({ address }) => address).join(', ');
    return `none of ${String(network.unanswered)} targets answers, and neither does ${named}, which has nothing to do with them`;
  })();
  return says === undefined ? undefined : { kind: 'no-network', says };
}

function noneAnswers({ answered, unanswered }: MachineObservation['network']): boolean {
  return answered === 0 && unanswered >= manyTargets;
}

function doubts({ network }: MachineObservation): readonly string[] {
  if (!noneAnswers(network) || network.references.length > 0) return [];
  return [
    `none of ${String(network.unanswered)} targets answers: it may be this machine's network, and no reference is named that could tell`,
  ];
}
