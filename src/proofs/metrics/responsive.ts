import { formatDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import { formatMeasured } from '../../stack/samples.ts';
import { amountOf, existingBefore, hasOvershot, hasReached, newestTotal, type Looks } from './amount.ts';
import type { MetricsFacts, MoveFacts, Responsive } from './facts.ts';
import { isOf, nameOfSeries, type MetricsRequirement, type Move, type RequiredMetric } from './requirement.ts';
import { movesWithinOf } from './times.ts';

/** Judges whether a stimulus moved one metric by what it should; a metric for which no move is written stays unknown. */
export function judgeResponsive(metric: RequiredMetric, requirement: MetricsRequirement, facts: MetricsFacts): readonly Finding[] {
  const { responsive } = facts;
  if (responsive === undefined) return [];
  const about = findingsOn(metric.name, 'responsive');
  const moves = (requirement.moves ?? []).filter(({ series }) => isOf(metric, nameOfSeries(series)));
  if (moves.length === 0) {
    const says = `the gate does not say by how much the stimulus must move ${metric.name}`;
    return [about.unknown(says, 'add it to "moves", or put this metric into an item of the grade "scraped"')];
  }
  const trouble = stimulusTrouble(requirement, responsive);
  if (trouble !== undefined) return [about.unknown(...trouble)];
  return moves.map((move) => judgeMove(metric, move, requirement, facts, responsive));
}

/** Why the stimulus proves nothing; undefined when it was made as often as it should. */
function stimulusTrouble(
  { stimulus, job }: MetricsRequirement,
  { baselineMs, runs }: Responsive,
): readonly [says: string, hint: string] | undefined {
  const { check = '', times = 0 } = stimulus ?? {};
  if (baselineMs === undefined) {
    return [
      `the check "${check}" was not run: Prometheus did not scrape every target of "${job}" with success, so there was nothing to compare with`,
      'prove the scraping first: let this item need the one that does',
    ];
  }
  const failed = runs.findIndex(({ outcome }) => outcome.status !== 'pass');
  const bad = runs[failed];
  if (bad !== undefined) {
    const why = bad.outcome.reasons.join('; ');
    return [
      `run ${String(failed + 1)} of ${String(times)} of the check "${check}" ended with ${bad.outcome.status}${why === '' ? '' : `: ${why}`}; what it should have moved is not known`,
      `see the check "${check}" first`,
    ];
  }
  if (runs.length < times) return [`the check "${check}" was run ${String(runs.length)} of ${String(times)} times`, 'run the gate again'];
  return undefined;
}

function judgeMove(
  metric: RequiredMetric,
  move: Move,
  requirement: MetricsRequirement,
  facts: MetricsFacts,
  responsive: Responsive,
): Finding {
  const about = findingsOn(metric.name, 'responsive');
  const seen = responsive.moves.find(({ series }) => series === move.series);
  if (seen === undefined) return about.unknown(`${move.series} was not looked at`);
  const looks = { baselineMs: responsive.baselineMs ?? 0, before: seen.before, after: seen.after };
  if (existingBefore(looks).length === 0 && seen.pageBefore !== undefined) {
    const says = `before the stimulus ${move.series} was on the app's own page (${String(seen.pageBefore)}) but not in Prometheus, so it is not known from where it counts`;
    return about.unknown(says, 'see whether relabelling drops it, and the findings on "scraped"');
  }
  const amount = amountOf(move, looks, metric.type);
  const did = `${stimulusText(requirement)} moved ${move.series} by ${String(amount.moved)}${fromTo(looks, amount.born > 0)}`;
  const required = typeof move.by === 'number' ? `exactly ${String(move.by)} required` : `at least ${String(move.by.atLeast)} required`;
  const restarted = amount.restarted ? '; it began again at 0 in between' : '';
  if (hasOvershot(move, amount)) {
    const says = `${did}; ${required}${restarted}`;
    return about.no(
      says,
      'is it counted twice? if others use the app meanwhile, ask for "by: { atLeast: … }", and let items that do the same need each other',
    );
  }
  if (hasReached(move, amount)) return about.yes(`${did} within ${formatMeasured(responsive.waitedMs)}; ${required}${restarted}`);
  const within = `within ${formatDuration(responsive.allowedMs ?? movesWithinOf(requirement, facts.targets))}`;
  if (amount.restarted) {
    return about.unknown(
      `${did} ${within}; ${required}${restarted}, so counts may be lost`,
      'the app restarted while we looked: run the gate again',
    );
  }
  return about.no(`${did} ${within}; ${required}${onPage(seen)}`, hintFor(seen));
}

function stimulusText({ stimulus }: MetricsRequirement): string {
  const { check = '', times = 0 } = stimulus ?? {};
  return times === 1 ? `the check "${check}"` : `${String(times)} runs of the check "${check}"`;
}

function fromTo(looks: Looks, born: boolean): string {
  const before = existingBefore(looks);
  const after = looks.after.filter(({ samples }) => (samples.at(-1)?.[0] ?? 0) >= looks.baselineMs);
  if (after.length === 0 && before.length === 0) return ' (it is not in Prometheus, before or after)';
  if (before.length === 0) return ' (it was not there before, as nothing had happened yet, so it counts from 0)';
  return ` (from ${String(newestTotal(before))} to ${String(newestTotal(after))}${born ? ', with series that were not there before and count from 0' : ''})`;
}

/** Whether the app or the way to Prometheus is to blame. */
function onPage({ pageBefore, pageAfter }: MoveFacts): string {
  if (pageAfter === undefined) return "; it is not on the app's own page either";
  return `; on the app's own page it went from ${String(pageBefore ?? 0)} to ${String(pageAfter)}`;
}

function hintFor({ pageBefore = 0, pageAfter }: MoveFacts): string {
  if (pageAfter === undefined || pageAfter === pageBefore)
    return 'the app does not count it: see whether the labels in "moves" are those of what the check does, and where the app counts';
  return 'the app counts it; see whether Prometheus scrapes in time, or give it longer with "movesWithin"';
}
