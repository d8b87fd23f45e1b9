import { formatDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import { formatMeasured } from '../../stack/samples.ts';
import type { Shown, Wait } from './facts.ts';
import type { CheckRequirement } from './requirement.ts';

/** Judges whether the check went red while its target was broken on purpose, for the target's sake, and green again afterwards. */
export function judgeShown({ check, fault }: CheckRequirement, shown: Shown | undefined): readonly Finding[] {
  const about = findingsOn(check, 'shown-to-fail');
  const nobodyKnows = 'its target was not broken on purpose, so nobody knows that it can fail';
  if (shown === undefined) return [about.unknown(nobodyKnows, 'it must be steady first')];
  if (shown.outcome === 'no-fault' || fault === undefined)
    return [about.unknown(nobodyKnows, 'say under "fault" how to break its target, or ask for the grade "steady"')];
  if (shown.outcome === 'not-made') return [about.unknown(`the fault could not be made: ${shown.says}`, shown.hint)];
  if (shown.outcome === 'refused') {
    const { status, excerpt } = shown.answer;
    const says = `the fault could not be made: ${fault.inject.method} ${fault.inject.url} answered HTTP ${String(status)}${excerpt === '' ? '' : `: ${excerpt}`}`;
    return [about.unknown(says, 'are faults allowed in this environment?')];
  }
  const found = [...notFailed(about, fault, shown.whileBroken), ...notRecovered(about, fault, shown.afterwards)];
  if (found.length > 0) return found;
  const { whileBroken, afterwards } = shown;
  return [
    about.yes(
      `when ${fault.says}, it failed after ${formatMeasured(whileBroken.waitedMs)} (${reasonsOf(whileBroken)}), ` +
        `and it passed again ${formatMeasured(afterwards.waitedMs)} after that was undone`,
    ),
  ];
}

type About = ReturnType<typeof findingsOn>;
type DeclaredFault = NonNullable<CheckRequirement['fault']>;

function notFailed(about: About, { says: broken, failsWithin, lasts }: DeclaredFault, whileBroken: Wait): readonly Finding[] {
  const { status } = whileBroken.last.outcome;
  if (status === 'error') {
    const says = `when ${broken}, it could not be run (${reasonsOf(whileBroken)}): that says nothing about its target`;
    return [about.unknown(says, 'break the target in a way that leaves us able to look at it')];
  }
  const allowedMs = Math.min(failsWithin, lasts);
  if (status === 'pass') {
    if (whileBroken.waitedMs < allowedMs)
      return [about.unknown(`when ${broken}, it passed ${times(whileBroken)}, and was not looked at for any longer`)];
    const says = `when ${broken}, it went on passing, ${times(whileBroken)} in ${formatMeasured(whileBroken.waitedMs)}: it does not notice`;
    return [about.no(says, 'let it assert what the fault changes; is it the right target that is broken?')];
  }
  if (whileBroken.waitedMs <= allowedMs) return [];
  return [
    about.no(`when ${broken}, it failed only after ${formatMeasured(whileBroken.waitedMs)}; ${formatDuration(allowedMs)} are allowed`),
  ];
}

function notRecovered(about: About, { says: broken, recoversWithin }: DeclaredFault, afterwards: Wait): readonly Finding[] {
  const { status } = afterwards.last.outcome;
  const waited = formatMeasured(afterwards.waitedMs);
  if (status === 'pass') {
    if (afterwards.waitedMs <= recoversWithin) return [];
    return [about.no(`it passed again only ${waited} after it was undone that ${broken}; ${formatDuration(recoversWithin)} are allowed`)];
  }
  const still = `${waited} after it was undone that ${broken}`;
  if (status === 'error') return [about.unknown(`it could not be run ${still}: ${reasonsOf(afterwards)}`)];
  return [about.no(`it still fails ${still}: ${reasonsOf(afterwards)}`, 'is the fault really over? see what the undo did')];
}

function reasonsOf({ last }: Wait): string {
  return last.outcome.reasons.join('; ') || 'no reason was given';
}

function times({ runsBefore }: Wait): string {
  return runsBefore === 0 ? 'once' : `${String(runsBefore + 1)} times`;
}
