import { findingsOn, type Finding } from '../../gate/finding.ts';
import { formatMeasured } from '../../stack/samples.ts';
import type { PageFacts } from './facts.ts';
import { sumShown } from './number.ts';
import type { DashboardRequirement } from './requirement.ts';

/** Did the panel's value rise when something happened, by as much as it should? */
export function judgeMoves({ board, moves }: DashboardRequirement, { moved, panels }: PageFacts): readonly Finding[] {
  if (moves === undefined) return [];
  const about = findingsOn(board, 'seen');
  if (moved === undefined) return [about.unknown(`whether the panel "${moves.panel}" moves was not looked at`)];
  const title = panels.find(({ id }) => id === moves.panel)?.title ?? moves.panel;
  if (moved.outcome !== 'pass')
    return [about.unknown(`whether the panel "${title}" moves is not known: the check ${moves.check} did not pass`)];
  const [from, to] = [moved.before.join(', '), moved.after.join(', ')];
  const [before, after] = [sumShown(moved.before), sumShown(moved.after)];
  if (before === undefined || after === undefined)
    return [about.no(`the panel "${title}" shows no value that could move: ${to || 'nothing'}`)];
  if (before.kind !== after.kind)
    return [about.unknown(`whether the panel "${title}" moves is not known: ${from} and ${to} count different things`)];
  const rise = after.value - before.value;
  const { atLeast } = moves;
  if (rise > 0 && rise >= (atLeast ?? 0))
    return [about.yes(`the panel "${title}" moved from ${from} to ${to} when ${moves.check} was run`)];
  const ago = `although ${moves.check} was run ${formatMeasured(moved.waitedMs)} ago`;
  if (rise > 0)
    return [about.no(`the panel "${title}" moved only from ${from} to ${to}, ${ago}; at least ${String(atLeast)} are required`)];
  return [about.no(`the panel "${title}" stays at ${to} ${ago}`, 'are its values frozen, or is its time range too coarse?')];
}
