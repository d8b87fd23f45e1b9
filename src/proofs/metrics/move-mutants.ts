import { worse, type FactsMutant } from '../../gate/mutant.ts';
import type { Series } from '../../stack/prometheus.ts';
import { amountOf, existingBefore, typeOf } from './amount.ts';
import type { MetricsFacts, MoveFacts, Responsive } from './facts.ts';
import type { MetricsRequirement, Move } from './requirement.ts';

type Mutants = readonly FactsMutant<MetricsFacts>[];

/** What the stimulus could have done instead. */
export function moveMutants(requirement: MetricsRequirement, facts: MetricsFacts): Mutants {
  const { responsive, ...unmoved } = facts;
  if (responsive === undefined) return [];
  const { runs } = responsive;
  const { baselineMs: _, ...untold } = responsive;
  const other = (change: Responsive): MetricsFacts => ({ ...facts, responsive: change });
  return [
    worse('stimulus-not-made', 'nothing was done that could move them', unmoved),
    worse('no-baseline', 'how things stood before is not known', other(untold)),
    worse('run-missing', 'the check that moves them was run once less', other({ ...responsive, runs: runs.slice(1) })),
    ...runs.map((run, index) =>
      worse(
        'run-failed',
        'the check that moves them failed',
        other({ ...responsive, runs: runs.with(index, { ...run, outcome: { status: 'fail', reasons: ['HTTP 500'] } }) }),
      ),
    ),
    ...(requirement.moves ?? []).flatMap((move) => ofMove(requirement, responsive, move, other)),
  ];
}

function ofMove(requirement: MetricsRequirement, responsive: Responsive, move: Move, other: (change: Responsive) => MetricsFacts): Mutants {
  const { moves, baselineMs = 0 } = responsive;
  const seen = moves.find(({ series }) => series === move.series);
  if (seen === undefined) return [];
  const changed = (...change: MoveFacts[]): MetricsFacts =>
    other({ ...responsive, moves: moves.flatMap((each) => (each === seen ? change : [each])) });
  const looks = { baselineMs, before: seen.before, after: seen.after };
  const { moved } = amountOf(move, looks, typeOf(requirement, move));
  const required = typeof move.by === 'number' ? move.by : move.by.atLeast;
  const times = (factor: number): MoveFacts => ({ ...seen, after: scaled(looks, factor) });
  return [
    worse('move-not-looked-at', `nobody looked whether ${move.series} moves`, changed()),
    worse('never-scraped', `${move.series} is not in Prometheus after the stimulus`, changed({ ...seen, after: [] })),
    worse('stands-still', `${move.series} stands still`, changed(times(0))),
    worse('moves-too-little', `${move.series} moves half as far as it should`, changed(times(required / moved / 2))),
    ...(typeof move.by === 'number' ? [worse('counted-twice', `${move.series} moves twice as far as it should`, changed(times(2)))] : []),
  ];
}

/** The same way from where each series stood, `factor` times as far. */
function scaled(
  looks: { readonly baselineMs: number; readonly before: readonly Series[]; readonly after: readonly Series[] },
  factor: number,
): readonly Series[] {
  const existing = existingBefore(looks);
  return looks.after.map(({ labels, samples }) => {
    const own = JSON.stringify(Object.entries(labels).toSorted());
    const base = existing.find((each) => JSON.stringify(Object.entries(each.labels).toSorted()) === own)?.samples.at(-1);
    const from = Number(base?.[1] ?? 0);
    return {
      labels,
      samples: samples.map(([time, value]) => [
        time,
        base !== undefined && time <= base[0] ? value : from + (Number(value) - from) * factor,
      ]),
    };
  });
}
