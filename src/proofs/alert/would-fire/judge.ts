import { formatDuration } from '../../../base/duration.ts';
import { findingsOn, type Finding } from '../../../gate/finding.ts';
import { parsePromql } from '../../../stack/promql.ts';
import { thresholdsOf } from '../../../stack/promql/comparisons.ts';
import type { Rule } from '../loaded/facts.ts';
import type { AlertRequirement } from '../requirement.ts';
import { diagnose } from '../why/diagnose.ts';
import type { Symptom } from '../why/examined.ts';
import { checksFor } from './plan.ts';
import type { Check, LiveSelector, MutantFact, TestFact, WouldFireFacts } from './facts.ts';

/** Does the loaded rule fire in every situation in which it must, after its time, and in no other; and would the gate notice another rule? */
export function judgeWouldFire(
  requirement: AlertRequirement,
  rule: Rule,
  facts: WouldFireFacts,
  live: readonly LiveSelector[],
): readonly Finding[] {
  const explained = explanations(requirement, rule, facts, live);
  const findings = [
    ...situationsMissing(requirement),
    ...testsMissing(requirement, rule, facts),
    ...failures(requirement, facts).map((test) => failed(requirement, rule, facts, test, explained.length > 0)),
    ...explained,
    ...survivors(rule, facts),
  ];
  return findings.length > 0 ? findings : [wouldFire(requirement, rule, facts)];
}

function situationsMissing({ rule, firesWhen, silentWhen }: AlertRequirement): readonly Finding[] {
  const about = findingsOn(rule, 'would-fire');
  const missing = (list: string, what: string): Finding =>
    about.unknown(`the gate names no situation in which the rule must ${what}`, `add one to "${list}", just on that side of its threshold`);
  return [
    ...(firesWhen.length === 0 ? [missing('firesWhen', 'fire')] : []),
    ...(silentWhen.length === 0 ? [missing('silentWhen', 'be silent')] : []),
  ];
}

/** What was never tried proves nothing. */
function testsMissing(requirement: AlertRequirement, rule: Rule, { tests, mutants }: WouldFireFacts): readonly Finding[] {
  const about = findingsOn(rule.name, 'would-fire');
  const isThere = (situation: string, check: Check): boolean => tests.some((test) => test.situation === situation && test.check === check);
  const untried = [...requirement.firesWhen, ...requirement.silentWhen].filter(
    (situation) => !checksFor(situation, requirement, requirement.for ?? rule.forMs).every((check) => isThere(situation.say, check)),
  );
  return [
    ...untried.map(({ say }) => about.unknown(`what the rule does when ${say} was not tried`)),
    ...(mutants === undefined && tests.every(({ passed }) => passed)
      ? [about.unknown('whether the gate would notice another rule was not tried')]
      : []),
  ];
}

/** Failed tests, without those that only repeat what another one says: a rule that never fires does not wait either. */
function failures({ silentWhen }: AlertRequirement, { tests }: WouldFireFacts): readonly TestFact[] {
  const failing = tests.filter(({ passed }) => !passed);
  const isTold = (check: Check, situation: string | undefined): boolean =>
    failing.some((test) => test.check === check && test.situation === situation);
  return failing.filter(({ check, situation }) => {
    if (check === 'waits') return !isTold('fires', situation);
    return check !== 'recovers' || !isTold('stays-silent', silentWhen[0]?.say);
  });
}

function failed(
  requirement: AlertRequirement,
  rule: Rule,
  { measurements, promtool }: WouldFireFacts,
  { situation, check, words }: TestFact,
  isExplained: boolean,
): Finding {
  const about = findingsOn(rule.name, 'would-fire');
  const [, broken] = /^ *rule: .*err: (.*)$/m.exec(words) ?? [];
  if (broken !== undefined) {
    return about.no(
      `when ${situation} the rule cannot be evaluated: ${broken}`,
      'mend its expression, or correct the series of the situation',
    );
  }
  if (!/^ *expr: /m.test(words)) {
    return about.unknown(
      `promtool ${promtool} cannot read the rule that Prometheus has loaded: ${words.replace('FAILED:', '').trim()}`,
      'use the promtool of the same version as Prometheus',
    );
  }
  const wait = formatDuration(requirement.for ?? rule.forMs);
  const measured = measurements
    .filter((each) => each.situation === situation)
    .map(
      ({ expression, values }) =>
        `\`${expression}\` is ${values.length === 0 ? 'nothing at all' : values.slice(0, 3).map(shortened).join(' and ')} then`,
    );
  const seen = measured.length === 0 || check === 'recovers' || check === 'waits' ? '' : ` (${measured.join(', ')})`;
  const did: Readonly<Record<Check, string>> = {
    fires: `the rule does not fire when ${situation}${seen}`,
    waits: `when ${situation} the rule does not wait ${wait} before it fires`,
    recovers: `the rule goes on firing after it is over that ${situation}`,
    'stays-silent': `the rule fires when ${situation}, and must not${seen}`,
  };
  // Where the mistake is known, its own repair comes next.
  return about.no(did[check], isExplained ? undefined : repairOf(check, rule, requirement.for ?? rule.forMs));
}

/** What to do about it when nothing more is known than that it happens. */
function repairOf(check: Check, rule: Rule, waitMs: number): string {
  const wait = `write "for: ${formatDuration(waitMs)}" in group ${rule.group} of ${rule.file}`;
  // By then it has not fired yet, whatever its threshold is.
  if (check === 'fires' && rule.forMs > waitMs)
    return `${wait}: it waits ${formatDuration(rule.forMs)}, longer than this situation is tried`;
  const query = parsePromql(rule.query);
  const limits = query === undefined ? [] : thresholdsOf(query).map(({ operator, limit }) => `"${operator.text} ${limit.text}"`);
  const threshold = limits.length === 0 ? 'its condition' : `its threshold, ${limits.join(' and ')}`;
  const repairs: Readonly<Record<Check, string>> = {
    fires: `change ${threshold}, so that this situation is beyond it; or correct the situation in the gate`,
    'stays-silent': `change ${threshold}, so that this situation is not beyond it; or correct the situation in the gate`,
    waits: wait,
    recovers: 'let the expression look at the last minutes alone, as rate() and increase() do, and leave out keep_firing_for',
  };
  return repairs[check];
}

function shortened(value: number | string): string {
  return typeof value === 'number' ? String(Number(value.toPrecision(4))) : value;
}

const symptomOf: Readonly<Partial<Record<Check, Symptom>>> = {
  fires: 'stays-silent',
  'stays-silent': 'fires-anyway',
  recovers: 'keeps-firing',
};

function explanations(requirement: AlertRequirement, rule: Rule, facts: WouldFireFacts, live: readonly LiveSelector[]): readonly Finding[] {
  const query = parsePromql(rule.query);
  if (query === undefined) return [];
  const symptoms = new Map<Symptom, string[]>();
  for (const { check, situation } of failures(requirement, facts)) {
    const symptom = symptomOf[check];
    if (symptom !== undefined) symptoms.set(symptom, [...(symptoms.get(symptom) ?? []), situation]);
  }
  const { measurements, scrapes } = facts;
  const found = diagnose({ rule, query, requirement, symptoms, measurements, live, scrapes });
  return found.map(({ says, hint }) => findingsOn(rule.name, 'would-fire').no(says, hint));
}

function survivors(rule: Rule, { mutants }: WouldFireFacts): readonly Finding[] {
  const about = findingsOn(rule.name, 'would-fire');
  if (mutants === undefined) return [];
  if (!Array.isArray(mutants))
    return [about.unknown(`whether the gate would notice another rule could not be tried: ${mutants.trouble.says}`, mutants.trouble.hint)];
  return mutants
    .filter(({ killed }: MutantFact) => !killed)
    .map(({ says, hint }: MutantFact) =>
      about.unknown(`no situation of the gate would notice it if ${says}: they do not pin the rule down`, hint),
    );
}

function wouldFire(requirement: AlertRequirement, rule: Rule, { mutants }: WouldFireFacts): Finding {
  const { firesWhen, silentWhen } = requirement;
  const fires = firesWhen.map(({ say }) => say).join('; ');
  const silent = silentWhen.map(({ say }) => say).join('; ');
  return findingsOn(rule.name, 'would-fire').yes(
    `in virtual time the loaded rule fires after ${formatDuration(requirement.for ?? rule.forMs)} when ${fires}, stops when that is over, and is silent when ${silent}; ` +
      `changed versions of the rule that were tried: ${String(Array.isArray(mutants) ? mutants.length : 0)}, unnoticed: 0`,
  );
}
