import { formatDuration } from '../../base/duration.ts';
import { includesRung, ladders, type Grade } from '../../gate/grade.ts';
import { worse, type FactsMutant } from '../../gate/mutant.ts';
import type { RetentionFacts } from './facts.ts';
import { parseRetention } from './limits.ts';
import type { RetentionRequirement } from './requirement.ts';

type Mutants = readonly FactsMutant<RetentionFacts>[];

export function retentionMutants(requirement: RetentionRequirement, facts: RetentionFacts, grade: Grade): Mutants {
  const { atLeast } = requirement;
  const shorter = formatDuration(Math.max(1_000, Math.floor(atLeast / 2_000) * 1_000));
  const isSufficient = includesRung(ladders.retention, grade, 'sufficient');
  return [
    worse('time-limit-shorter', `samples are kept for ${shorter}`, { ...facts, retention: shorter }),
    worse('limit-untold', 'no retention is told', { ...facts, retention: '' }),
    worse('limit-unreadable', 'the retention cannot be read', { ...facts, retention: 'until full' }),
    ...(facts.victoriaMetrics === undefined ? reloaded(facts, atLeast) : selective(facts)),
    ...(isSufficient ? (facts.victoriaMetrics === undefined ? sized(requirement, facts) : full(facts)) : []),
  ];
}

/** Newer versions change the limit without a restart, and tell it in their metrics only. */
function reloaded(facts: RetentionFacts, atLeast: number): Mutants {
  return [
    worse('metric-tells-less', 'by its metrics Prometheus keeps samples for half of the time', {
      ...facts,
      ownMetrics: { ...facts.ownMetrics, limitSeconds: atLeast / 2_000 },
    }),
  ];
}

function selective(facts: RetentionFacts): Mutants {
  return [
    worse('some-kept-shorter', 'some series are kept for less', { ...facts, flags: { ...facts.flags, retentionFilter: '{job="app"}:1d' } }),
  ];
}

function sized({ diskFree }: RetentionRequirement, facts: RetentionFacts): Mutants {
  const { bytes } = parseRetention(facts.retention);
  const busier = { samplesBefore: 0, samplesAfter: 1e15, betweenMs: 1_000, scrapedPerSecond: 1e12 };
  const { ingestion: _, ...unmeasured } = facts;
  const limited = bytes !== undefined || diskFree !== undefined;
  const disk = (change: RetentionFacts['disk']): RetentionFacts => ({ ...facts, disk: { ...facts.disk, freeBytes: [], ...change } });
  return [
    worse('size-limit-small', 'a size limit of one byte cuts the time short', { ...facts, retention: `${facts.retention} or 1B` }),
    worse('share-of-disk', 'half of a disk of unknown size may be used', { ...facts, retention: `${facts.retention} or 50%` }),
    worse('ingests-more', 'samples come in a million times as fast', { ...facts, ingestion: busier }, limited ? undefined : withoutLimit),
    worse('rate-unknown', 'how fast samples come in is not known', unmeasured, limited ? undefined : withoutLimit),
    ...(diskFree === undefined
      ? []
      : [
          worse('disk-full', 'the disk is full', disk({ freeBytes: [0], storedBytes: 0 })),
          worse('disk-unseen', 'nothing tells how much of the disk is free', disk({ freeBytes: [] })),
          worse('disks-confused', 'two disks answer, and which one is meant is not known', disk({ freeBytes: [1e15, 1] })),
        ]),
  ];
}

const withoutLimit =
  'no size limit is set, and whether the disk has room is not part of what the gate asks ("diskFree"): its verdict says so';

function full(facts: RetentionFacts): Mutants {
  const { ingestion: _, ...unmeasured } = facts;
  const disk = (change: NonNullable<RetentionFacts['victoriaMetrics']>): RetentionFacts => ({
    ...facts,
    victoriaMetrics: { ...facts.victoriaMetrics, ...change },
  });
  return [
    worse('rate-unknown', 'how fast samples come in is not known', unmeasured),
    worse('disk-full', 'the disk is full', disk({ freeBytes: 0, dataBytes: 0 })),
    worse('disk-reserved', 'all of the disk is below what must stay free', disk({ readOnlyBelowBytes: 1e18 })),
  ];
}
