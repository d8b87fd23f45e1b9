import { formatDuration, parseDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import type { RetentionFacts } from './facts.ts';
import { formatBytes, type Limits } from './limits.ts';
import type { RetentionRequirement } from './requirement.ts';

/** What Prometheus' documentation says of a sample on disk: one to two bytes. The larger figure, until there is a measured one. */
const documentedBytesPerSample = 2;

/** Room for the index and the write-ahead log, which count against the size limit but not among the samples. */
export const margin = 1.2;

/** The longest time that one block spans when nothing limits it. */
const longestBlockMs = 31 * 86_400_000;

/** Judges whether a size limit lets the required time be reached, with all the figures; without one, says what disk it will take. */
export function judgeSufficient(requirement: RetentionRequirement, facts: RetentionFacts, limits: Limits): readonly Finding[] {
  const { atLeast } = requirement;
  const about = findingsOn('retention', 'sufficient');
  const tooShort = limits.timeMs !== undefined && limits.timeMs < atLeast;
  // The rung below is refuted or unknown already; there is nothing to add to it.
  if (tooShort || facts.retention === '' || limits.unreadable.length > 0) return [];
  const required = formatDuration(atLeast);
  if (limits.percentOfDisk !== undefined) {
    const says = `Prometheus may use ${String(limits.percentOfDisk)}% of its disk, whose size cannot be seen from outside: whether that holds ${required} is unknown`;
    return [about.unknown(says, 'set storage.tsdb.retention.size as well, or show the size of the disk in another way')];
  }
  const rate = rateOf(facts);
  if (limits.bytes === undefined)
    return [
      about.yes(`no size limit cuts the ${required} short; ${diskNeeded(requirement, facts, rate)}; ${existing(requirement, facts)}`),
    ];
  const limit = formatBytes(limits.bytes);
  if (rate === undefined) {
    const says = `a size limit of ${limit} is set, but how fast samples come in could not be measured, so whether it holds ${required} is unknown`;
    return [about.unknown(says, 'let the gate read the /metrics page of Prometheus, and run it again while samples come in')];
  }
  // Blocks are deleted whole, oldest first: when the limit is reached, up to one block's time goes at once.
  const blockMs = blockOf(facts, limits);
  const { bytes: perSample, source } = bytesPerSample(requirement, facts);
  const needed = ((atLeast + blockMs) / 1_000) * rate * perSample * margin;
  const holdsMs = Math.max(0, (limits.bytes / (rate * perSample * margin)) * 1_000 - blockMs);
  const sum = `(${required} + ${formatDuration(blockMs)} for the oldest block, which is deleted whole) × ${perSecond(rate)} × ${perSample.toFixed(2)} bytes (${source}) × ${String(margin)} for index and write-ahead log = ${formatBytes(needed)}`;
  if (needed <= limits.bytes) return [about.yes(`the size limit of ${limit} is enough: ${sum}; ${existing(requirement, facts)}`)];
  const says = `the size limit of ${limit} is reached after about ${roughly(holdsMs)}, before the required ${required}: ${sum}`;
  return [about.no(says, `raise --storage.tsdb.retention.size to at least ${suggested(needed)}, or ingest less`)];
}

/** Samples a second: the larger of what was stored while we watched and what the last scrapes brought. Undefined when neither says anything. */
export function rateOf({ ingestion }: RetentionFacts): number | undefined {
  if (ingestion === undefined) return undefined;
  const { samplesBefore, samplesAfter, betweenMs, scrapedPerSecond } = ingestion;
  // After a restart the counter begins again: then only the scrapes are left to go by.
  const measured = samplesAfter < samplesBefore ? 0 : ((samplesAfter - samplesBefore) * 1_000) / betweenMs;
  const rate = Math.max(measured, scrapedPerSecond);
  return rate > 0 ? rate : undefined;
}

function bytesPerSample(requirement: RetentionRequirement, { ownMetrics }: RetentionFacts): { bytes: number; source: string } {
  if (requirement.bytesPerSample !== undefined) return { bytes: requirement.bytesPerSample, source: 'as the gate says' };
  const { chunkBytes = 0, chunkSamples = 0 } = ownMetrics ?? {};
  if (chunkSamples > 0 && chunkBytes > 0) return { bytes: chunkBytes / chunkSamples, source: 'measured by Prometheus on its chunks' };
  return { bytes: documentedBytesPerSample, source: "the upper figure of Prometheus' documentation, as nothing is compacted yet" };
}

function blockOf({ flags }: RetentionFacts, { timeMs }: Limits): number {
  const flag = parseDuration(flags['storage.tsdb.max-block-duration'] ?? '');
  if (flag !== undefined && flag > 0) return flag;
  return timeMs === undefined ? longestBlockMs : Math.min(longestBlockMs, timeMs / 10);
}

function diskNeeded(requirement: RetentionRequirement, facts: RetentionFacts, rate: number | undefined): string {
  if (rate === undefined) return 'how much disk that takes could not be measured';
  const { bytes, source } = bytesPerSample(requirement, facts);
  const takes = `it will take about ${formatBytes(bytesNeeded(requirement, facts, rate))} of disk (${perSecond(rate)} × ${bytes.toFixed(2)} bytes (${source}) × ${String(margin)})`;
  return requirement.diskFree === undefined ? `${takes}, and whether the disk has them cannot be seen from outside` : takes;
}

function bytesNeeded(requirement: RetentionRequirement, facts: RetentionFacts, rate: number): number {
  return (requirement.atLeast / 1_000) * rate * bytesPerSample(requirement, facts).bytes * margin;
}

/** Judges whether the disk has room for what is still to come, where the gate says how it is seen. */
export function judgeDisk(requirement: RetentionRequirement, facts: RetentionFacts, limits: Limits): readonly Finding[] {
  const { diskFree, atLeast } = requirement;
  if (diskFree === undefined) return [];
  const about = findingsOn('retention', 'sufficient');
  const { freeBytes = [], storedBytes = 0 } = facts.disk ?? {};
  const [free] = freeBytes;
  if (free === undefined || freeBytes.length > 1) {
    const count = freeBytes.length === 0 ? 'no value' : `${String(freeBytes.length)} values`;
    return [
      about.unknown(
        `${diskFree} brings ${count}: how much room the disk has is unknown`,
        'let "diskFree" name the one file system on which Prometheus stores',
      ),
    ];
  }
  const rate = rateOf(facts);
  if (rate === undefined)
    return [about.unknown('how fast samples come in could not be measured, so whether the disk has room for them is unknown')];
  // The oldest block goes only when all of it is too old.
  const needed = bytesNeeded({ ...requirement, atLeast: atLeast + blockOf(facts, limits) }, facts, rate);
  const toCome = Math.max(0, Math.min(limits.bytes ?? Infinity, needed) - storedBytes);
  const says = `the disk has ${formatBytes(free)} free, and until ${formatDuration(atLeast)} are kept ${formatBytes(toCome)} more will be needed`;
  return [toCome <= free ? about.yes(says) : about.no(says, 'give it a larger disk, or ingest less')];
}

/** What cannot be proven before a launch, said in every verdict: the data themselves. */
export function existing({ atLeast }: RetentionRequirement, { ownMetrics, clocks }: RetentionFacts): string {
  const required = formatDuration(atLeast);
  const ageMs = clocks.prometheusMs - (ownMetrics?.oldestMs ?? clocks.prometheusMs);
  if (ageMs >= atLeast) return `samples of ${roughly(ageMs)} are there already`;
  const there = ageMs > 0 ? `; the oldest one is ${roughly(ageMs)} old` : '';
  return `that ${required} of samples are really there cannot be proven before they have passed${there}`;
}

export function perSecond(rate: number): string {
  return `${rate >= 100 ? String(Math.round(rate)) : rate.toFixed(1)} samples/s`;
}

/** A long time in its two largest units. */
export function roughly(ms: number): string {
  const unit = ms >= 86_400_000 ? 3_600_000 : ms >= 3_600_000 ? 60_000 : 1_000;
  return formatDuration(Math.floor(ms / unit) * unit);
}

/** The next whole gigabyte, as the flag takes it: its `GB` is 2^30 bytes. */
function suggested(bytes: number): string {
  return `${String(Math.ceil(bytes / 2 ** 30))}GB`;
}
