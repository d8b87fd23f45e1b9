import type { ProofContext } from '../../../gate/proof.ts';
import { Fault } from '../../../base/fault.ts';
import { parsePromql, type PromqlNode } from '../../../stack/promql.ts';
import { thresholdsOf } from '../../../stack/promql/comparisons.ts';
import { promtoolVersion, testRules, type RuleTest } from '../../../stack/promtool.ts';
import type { Rule } from '../loaded/facts.ts';
import type { AlertRequirement } from '../requirement.ts';
import { orTrouble } from '../../../base/trouble.ts';
import type { Measurement, MutantFact, Scrapes, TestFact, WouldFireFacts } from './facts.ts';
import { mutantsOf } from './mutants.ts';
import { planTests, type PlannedSituation } from './plan.ts';
import { observeScrapes } from './scrapes.ts';
import { rulesFileOf, testFileOf } from './test-files.ts';
import { timelineOf, type Timeline } from './timeline.ts';

const testsWithinMs = 60_000;
const mutantsWithinMs = 180_000;

/** A rule, what it must do, and the virtual time in which it is tried. */
interface Trial {
  readonly rule: Rule;
  readonly query: PromqlNode;
  readonly situations: readonly PlannedSituation[];
  readonly timeline: Timeline;
  readonly scrapes: Scrapes;
}

/** The tests of the loaded rule, done. */
export interface Tried {
  readonly facts: WouldFireFacts;
  /** Tries changed versions of the rule too, provided that the rule itself passed: it takes several times as long. */
  withMutants(): Promise<WouldFireFacts>;
}

/** Tries the loaded rule in virtual time, in every situation of the gate. */
export async function tryOut(requirement: AlertRequirement, rule: Rule, context: ProofContext): Promise<Tried> {
  const { scrapes, targetLabels } = await observeScrapes(requirement, rule, context);
  const trial = trialOf(requirement, rule, scrapes);
  const facts = await runTests(trial, context.signal);
  return {
    facts,
    withMutants: async () => {
      if (!passesItsTests(facts)) return facts;
      return { ...facts, mutants: await orTrouble(context.signal, () => runMutants(trial, targetLabels, context.signal)) };
    },
  };
}

/** Whether nothing spoke against the rule: before that is known nobody is to be woken and no fault to be made. */
export function passesItsTests({ tests }: WouldFireFacts): boolean {
  return tests.length > 0 && tests.every(({ passed }) => passed);
}

/** Plans the tests of the loaded rule, from the rule itself. */
function trialOf(requirement: AlertRequirement, rule: Rule, scrapes: Scrapes): Trial {
  const query = parsePromql(rule.query);
  if (query === undefined) {
    throw new Fault(
      'stack/unexpected-answer',
      `the loaded rule's expression \`${rule.query}\` is not PromQL, which is all that promtool can try`,
      {
        hint: 'if it is MetricsQL, write it in PromQL: VictoriaMetrics reads that too',
      },
    );
  }
  const forMs = requirement.for ?? rule.forMs;
  const timeline = timelineOf(rule, query, { scrapeEveryMs: scrapes.everyMs, forMs });
  return { rule, query, timeline, scrapes, situations: planTests(requirement, rule.name, forMs, timeline) };
}

/** One file for each test: only so does promtool say of each whether it passed. */
async function runTests({ rule, query, situations, timeline, scrapes }: Trial, signal: AbortSignal): Promise<WouldFireFacts> {
  const options = { signal, withinMs: testsWithinMs };
  const rules = rulesFileOf(rule, { expression: rule.query, forMs: rule.forMs });
  const planned = situations.flatMap(({ situation, input, checks }) => checks.map((check) => ({ situation: situation.say, input, check })));
  const measured = situations.flatMap(({ situation, input }) =>
    [...new Set(thresholdsOf(query).map((threshold) => threshold.measured.text))].map((expression) => ({
      situation: situation.say,
      input,
      // Nothing is expected, so that promtool tells what it got.
      check: { expression, atMs: timeline.firingByMs },
    })),
  );
  const files = [...planned, ...measured].map(({ input, check }, index): RuleTest => {
    const name = `t${String(index + 1)}`;
    return { name, rules, test: testFileOf(name, [{ input, checks: [check] }], timeline) };
  });
  const [promtool, results] = await Promise.all([promtoolVersion(options), testRules(files, options)]);
  const resultAt = (index: number) => results.get(`t${String(index + 1)}`) ?? { passed: false, words: 'promtool said nothing' };
  return {
    promtool,
    scrapes,
    rulesFile: rules,
    tests: planned.map(({ situation, check }, index): TestFact => {
      return { situation, check: check.check, ...resultAt(index), file: files[index]?.test ?? '' };
    }),
    measurements: measured.map(({ situation, check }, index): Measurement => {
      return { situation, expression: check.expression, values: valuesIn(resultAt(planned.length + index).words) };
    }),
  };
}

/** Changes the rule in every way that we know and tries each changed rule in the same situations. */
async function runMutants(
  { rule, query, situations, timeline }: Trial,
  targetLabels: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<MutantFact[]> {
  const mutants = mutantsOf(rule, query, targetLabels, timeline);
  const files = mutants.map((mutant, index): RuleTest => {
    const name = `m${String(index + 1)}`;
    return { name, rules: rulesFileOf(rule, mutant), test: testFileOf(name, situations, timeline) };
  });
  const results = await testRules(files, { signal, withinMs: mutantsWithinMs });
  return mutants.map((mutant, index) => ({ ...mutant, killed: results.get(`m${String(index + 1)}`)?.passed === false }));
}

/** `got: {…} 1.2E-02, {…} NaN` → `[0.012, 'NaN']` */
function valuesIn(words: string): (number | string)[] {
  const got = /^\s*got: *(.*)$/m.exec(words)?.[1] ?? '';
  return [...got.matchAll(/\} (NaN|[-+]Inf|[-+0-9.eE]+)(?=,|$)/g)].map(([, text = '']) =>
    Number.isFinite(Number(text)) ? Number(text) : text,
  );
}
