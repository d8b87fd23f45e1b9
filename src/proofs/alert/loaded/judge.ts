import { formatDuration } from '../../../base/duration.ts';
import { findingsOn, type Finding } from '../../../gate/finding.ts';
import { formatMeasured } from '../../../stack/samples.ts';
import { similarName } from '../../../stack/similar-name.ts';
import { sameExpression } from '../../../stack/promql/same-expression.ts';
import type { AlertRequirement } from '../requirement.ts';
import { chooseRule } from './choose.ts';
import type { LoadedFacts, Rule } from './facts.ts';
import { sameServer } from '../../../stack/same-server.ts';

/**
 * Is exactly this rule loaded, healthy and being evaluated, and would Alertmanager hear of it?
 * `seenAtAlertmanager`: the rule's own alert was seen at the gate's Alertmanager, which says more than any address.
 */
export function judgeLoaded(requirement: AlertRequirement, facts: LoadedFacts, seenAtAlertmanager: boolean): readonly Finding[] {
  const rule = chooseRule(requirement, facts.rules);
  if (rule === undefined) return [notOne(requirement, facts)];
  const faults = [
    ...differences(requirement, rule),
    ...expressionDiffers(requirement, facts, rule),
    ...notEvaluated(facts, rule),
    ...notConnected(requirement, facts, seenAtAlertmanager),
  ];
  return faults.length > 0 ? faults : [loaded(rule, facts)];
}

function notOne({ rule }: AlertRequirement, { rules, names, alertmanagers }: LoadedFacts): Finding {
  const about = findingsOn(rule, 'loaded');
  if (rules.length > 0) {
    const places = rules.map(({ group, file, labels }) => `in group ${group} of ${file} with ${inBraces(labels)}`);
    return about.no(
      `Prometheus has ${String(rules.length)} rules named ${rule}, and which one is meant cannot be told: ${places.join('; ')}`,
      'remove or rename the others, or name the labels that tell them apart under "labels"',
    );
  }
  if (names.length === 0 && alertmanagers === undefined) {
    return about.unknown(
      'VictoriaMetrics shows no alerting rule at all: it runs none itself, and vmalert was not asked',
      'name vmalert in the gate file, stack: { rules: { url: … } }, or start VictoriaMetrics with -vmalert.proxyURL',
    );
  }
  const meant = similarName(rule, names);
  const others = names.length === 0 ? 'it has no alerting rules at all' : `its alerting rules are ${names.join(', ')}`;
  return about.no(
    `Prometheus has no alerting rule named ${rule}`,
    meant === undefined
      ? `${others}: is the file named under rule_files, and was Prometheus reloaded after it was added?`
      : `did you mean ${meant}?`,
  );
}

function differences(requirement: AlertRequirement, rule: Rule): readonly Finding[] {
  const about = findingsOn(rule.name, 'loaded');
  const place = `in group ${rule.group} of ${rule.file}`;
  const findings: Finding[] = [];
  if (requirement.for !== undefined && rule.forMs !== requirement.for) {
    const [found, wanted] = [formatDuration(rule.forMs), formatDuration(requirement.for)];
    findings.push(about.no(`the loaded rule waits "for: ${found}", required is ${wanted}`, `write "for: ${wanted}" ${place}`));
  }
  for (const [label, wanted] of Object.entries(requirement.labels)) {
    const found = rule.labels[label];
    if (found === wanted) continue;
    const has = found === undefined ? `has no label ${label}` : `has the label ${label}="${found}"`;
    findings.push(
      about.no(`the loaded rule ${has}, required is ${label}="${wanted}"`, `write "${label}: ${wanted}" under its labels ${place}`),
    );
  }
  for (const annotation of requirement.annotations) {
    const found = rule.annotations[annotation];
    if (found !== undefined && found.trim() !== '') continue;
    findings.push(
      about.no(
        `the loaded rule has ${found === undefined ? 'no' : 'an empty'} annotation ${annotation}: whoever is woken would not be told it`,
        `write the ${annotation} under its annotations ${place}`,
      ),
    );
  }
  return findings;
}

function expressionDiffers({ expression: required }: AlertRequirement, { expression }: LoadedFacts, rule: Rule): readonly Finding[] {
  const about = findingsOn(rule.name, 'loaded');
  if (required === undefined || expression === undefined) return [];
  if (typeof expression !== 'string') return [about.unknown(`the required expression cannot be compared: ${expression.trouble.says}`)];
  const answer = sameExpression(expression, rule.query);
  if (answer === 'same') return [];
  const says = `the loaded rule asks \`${rule.query}\`, required is \`${expression}\``;
  if (answer === 'different') return [about.no(says, `write: expr: ${expression}`)];
  return [
    about.unknown(
      `${says}: one of them is not PromQL, so whether they mean the same cannot be told`,
      'spell it in the gate as it is loaded',
    ),
  ];
}

/** A rule whose last evaluation is older than this many of its intervals is not being evaluated. */
const intervalsAllowed = 3;
/** On top of them, for a server that is short of time. */
const graceMs = 5_000;

function notEvaluated(facts: LoadedFacts, rule: Rule): readonly Finding[] {
  const about = findingsOn(rule.name, 'loaded');
  if (rule.health !== 'ok') {
    const words = rule.lastError === '' ? '' : `: ${rule.lastError}`;
    if (rule.health === 'unknown')
      return [about.unknown(`Prometheus has not evaluated the rule yet${words}`, 'run the gate again in a minute')];
    return [about.no(`Prometheus cannot evaluate the rule${words}`, 'mend its expression, and look at the Rules page of Prometheus')];
  }
  const ageMs = ageOfEvaluation(facts, rule);
  const allowedMs = intervalsAllowed * rule.groupIntervalMs + graceMs;
  if (ageMs <= allowedMs) return [];
  return [
    about.no(
      `the rule was last evaluated ${formatMeasured(ageMs)} ago, though its group is to be evaluated every ${formatDuration(rule.groupIntervalMs)}`,
      'is Prometheus overloaded? compare prometheus_rule_group_last_duration_seconds with the interval of the group',
    ),
  ];
}

function ageOfEvaluation({ clocks }: LoadedFacts, { lastEvaluation }: Rule): number {
  return Math.max(0, clocks.prometheusMs - Date.parse(lastEvaluation));
}

function notConnected({ rule }: AlertRequirement, facts: LoadedFacts, seenAtAlertmanager: boolean): readonly Finding[] {
  const about = findingsOn(rule, 'loaded');
  const { alertmanagers, alertmanager } = facts;
  if (alertmanagers === undefined) {
    if (seenAtAlertmanager) return [];
    return [
      about.unknown(
        'VictoriaMetrics does not tell which Alertmanager its vmalert sends alerts to',
        'name vmalert itself in the gate file, stack: { rules: { url: … } }, or prove the alert up to "fired"',
      ),
    ];
  }
  if (alertmanagers.length === 0) {
    return [
      about.no(
        'Prometheus sends its alerts nowhere: it has no active Alertmanager',
        'name one in prometheus.yml under alerting: alertmanagers',
      ),
    ];
  }
  if (alertmanager === undefined || seenAtAlertmanager) return [];
  const answers = alertmanagers.map((each) => sameServer(each, alertmanager));
  if (answers.includes('same')) return [];
  const says = `Prometheus sends its alerts to ${alertmanagers.join(' and ')}, the gate questions ${alertmanager}`;
  if (answers.includes('cannot-tell')) {
    return [
      about.unknown(
        `${says}: whether that is the same one cannot be told from the names`,
        'use the same name in both, or prove the alert up to "fired"',
      ),
    ];
  }
  return [about.no(says, `name ${alertmanager} in prometheus.yml under alerting: alertmanagers, or the other one in the gate file`)];
}

function loaded(rule: Rule, facts: LoadedFacts): Finding {
  const details = [
    `for ${formatDuration(rule.forMs)}`,
    `labels ${inBraces(rule.labels)}`,
    `last evaluated ${formatMeasured(ageOfEvaluation(facts, rule))} ago`,
    facts.alertmanagers === undefined ? 'its alert was seen at Alertmanager' : `alerts go to ${facts.alertmanagers.join(' and ')}`,
  ];
  return findingsOn(rule.name, 'loaded').yes(`loaded in group ${rule.group} and healthy: ${details.join(', ')}`);
}

function inBraces(labels: Rule['labels']): string {
  return `{${Object.entries(labels)
    .map(([label, value]) => `${label}="${value}"`)
    .join(', ')}}`;
}
