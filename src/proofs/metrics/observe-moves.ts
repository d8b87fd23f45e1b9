import { eventually } from '../../base/eventually.ts';
import type { CheckRun } from '../../check/run.ts';
import type { ProofContext } from '../../gate/proof.ts';
import { formatSeries, parseSample } from '../../stack/exposition/sample.ts';
import type { Labels, Series, Target } from '../../stack/prometheus.ts';
import { amountOf, hasOvershot, hasReached, typeOf } from './amount.ts';
import type { MoveFacts, Responsive } from './facts.ts';
import { nextScrape } from './next-scrape.ts';
import { readPages, sumOnPages } from './pages.ts';
import type { MetricsRequirement, Move } from './requirement.ts';
import { intervalOf, movesWithinOf } from './times.ts';

/** The raw samples of each move, in the order of the moves. */
type Readings = readonly (readonly Series[])[];

/** Runs the stimulus between two looks at the series that it must move. */
export async function observeMoves(
  requirement: MetricsRequirement,
  moves: readonly Move[],
  targets: readonly Target[],
  context: ProofContext,
): Promise<Responsive> {
  const { clock, signal } = context;
  const intervalMs = intervalOf(targets);
  const baselineMs = await nextScrape(requirement.job, targets, intervalMs, context);
  const pagesBefore = await readPages(requirement, targets, signal);
  const before = await readMoves(requirement.job, moves, 2 * intervalMs, context);
  const beforeMs = clock.monotonicMs();
  const runs = baselineMs === undefined ? [] : await stimulate(requirement, context);
  const stimulatedMs = clock.monotonicMs();
  const look = (): Promise<Readings> => readMoves(requirement.job, moves, clock.monotonicMs() - beforeMs + 2 * intervalMs, context);
  const delayMs = requirement.movesWithin === undefined ? (await context.prometheus().delays(signal)).newSeriesMs : 0;
  const allowedMs = movesWithinOf(requirement, targets) + delayMs;
  const isStimulated = runs.length > 0 && runs.every(({ outcome }) => outcome.status === 'pass');
  const baseline = { baselineMs: baselineMs ?? 0, before };
  const after = isStimulated
    ? await waitForMoves(requirement, moves, baseline, targets, { look, allowedMs }, context)
    : moves.map(() => []);
  const waitedMs = Math.round(clock.monotonicMs() - stimulatedMs);
  const pagesAfter = await readPages(requirement, targets, signal);
  return {
    ...(baselineMs === undefined ? {} : { baselineMs }),
    runs: runs.map(({ startedAt, durationMs, outcome }) => ({ startedAt, durationMs, outcome })),
    waitedMs,
    ...(delayMs === 0 ? {} : { allowedMs }),
    moves: moves.map(({ series }, index): MoveFacts => {
      const pageBefore = sumOnPages(pagesBefore, parsed(series), targets);
      const pageAfter = sumOnPages(pagesAfter, parsed(series), targets);
      return {
        series,
        before: before[index] ?? [],
        after: after[index] ?? [],
        ...(pageBefore === undefined ? {} : { pageBefore }),
        ...(pageAfter === undefined ? {} : { pageAfter }),
      };
    }),
  };
}

/** Looks until everything has moved as it must, something has moved too far, or time is up; returns the last look. */
async function waitForMoves(
  requirement: MetricsRequirement,
  moves: readonly Move[],
  { baselineMs, before }: { readonly baselineMs: number; readonly before: Readings },
  targets: readonly Target[],
  { look, allowedMs }: { readonly look: () => Promise<Readings>; readonly allowedMs: number },
  context: ProofContext,
): Promise<Readings> {
  const { clock, signal } = context;
  const intervalMs = intervalOf(targets);
  context.progress(`waiting to see ${moves.map(({ series }) => series).join(', ')} move in Prometheus`);
  const settled = await eventually(
    async () => {
      const after = await look();
      const seen = moves.map((move, index) => {
        const looks = { baselineMs, before: before[index] ?? [], after: after[index] ?? [] };
        const amount = amountOf(move, looks, typeOf(requirement, move));
        return { move, reached: hasReached(move, amount), overshot: hasOvershot(move, amount) };
      });
      return seen.some(({ overshot }) => overshot) || seen.every(({ reached }) => reached) ? seen : undefined;
    },
    { clock, signal, withinMs: allowedMs, everyMs: Math.min(5_000, Math.max(250, intervalMs / 4)) },
  );
  // What is counted twice may be counted late: one more scrape shows whether an exact number stays what it is.
  const mayGrow = settled?.every(({ overshot }) => !overshot) === true && moves.some(({ by }) => typeof by === 'number');
  if (mayGrow) await nextScrape(requirement.job, targets, intervalMs, context);
  return await look();
}

async function stimulate({ stimulus }: MetricsRequirement, context: ProofContext): Promise<readonly CheckRun[]> {
  const runs: CheckRun[] = [];
  if (stimulus === undefined) return runs;
  for (let time = 1; time <= stimulus.times; time += 1) {
    context.progress(`running the check "${stimulus.check}", ${String(time)} of ${String(stimulus.times)}`);
    const run = await context.runCheck(stimulus.check);
    runs.push(run);
    if (run.outcome.status !== 'pass') break;
  }
  return runs;
}

async function readMoves(job: string, moves: readonly Move[], windowMs: number, context: ProofContext): Promise<Readings> {
  const prometheus = context.prometheus();
  return await Promise.all(
    moves.map(({ series }) => {
      const { name, labels } = parsed(series);
      return prometheus.rawSamples(formatSeries({ name, labels: { job, ...labels } }), windowMs, context.signal);
    }),
  );
}

function parsed(series: string): { readonly name: string; readonly labels: Labels } {
  const sample = parseSample(`${series} 0`, false);
  if (typeof sample === 'string') throw new Error(`"${series}" is not a series: the item's schema should have said so`);
  return sample;
}
