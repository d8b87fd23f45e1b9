import { junitXml, type JunitCase, type JunitElement } from '../format/junit.ts';
import type { ReportItem } from '../report/report.ts';
import type { Reporter } from '../report/reporter.ts';
import { asDecided, waiversOf } from '../report/waived.ts';
import { visible } from '../report/visible.ts';

/** JUnit XML: a test case for each item. Whatever is not proven turns a pipeline red, also what could not be told. */
const junit: Reporter = {
  kind: 'junit',
  summary: 'JUnit XML, for CI systems',
  file: 'junit.xml',
  render: (given) => {
    const report = asDecided(given);
    const { title, environment, because, operator, decision } = report;
    const properties = Object.entries({ title, environment, because, operator, decision })
      .filter((fact): fact is [string, string] => fact[1] !== undefined)
      .map(([name, value]) => ({ name, value: visible(value) }));
    const waivers = waiversOf(report).map(({ item, says }) => ({ name: 'waiver', value: visible(`${item.id}: ${says}`) }));
    return junitXml({
      suite: visible(report.gate),
      startedAt: report.startedAt,
      durationMs: durationOf(report),
      properties: [...properties, ...waivers],
      cases: report.items.map((item) => caseOf(item, report.gate)),
    });
  },
};
export default junit;

/** `skipped` would leave a pipeline green, so only a waiver is told that way. */
const elements: Readonly<Record<ReportItem['state'], JunitElement | undefined>> = {
  proven: undefined,
  disproven: 'failure',
  inconclusive: 'error',
  blocked: 'error',
  waived: 'skipped',
};

function caseOf(item: ReportItem, gate: string): JunitCase {
  const element = elements[item.state];
  return {
    classname: visible(`${gate}.${item.proof}`),
    name: visible(`${item.id}: ${item.statement}`),
    durationMs: durationOf(item),
    problem: element && { element, type: item.state, message: visible(headline(item)), details: details(item) },
    output: item.subjects.map(({ subject, state, grade }) => visible(`${subject}: ${state}, reached ${grade}`)).join('\n'),
  };
}

function durationOf({ startedAt, finishedAt }: { readonly startedAt: string; readonly finishedAt: string }): number {
  return Date.parse(finishedAt) - Date.parse(startedAt);
}

function headline(item: ReportItem): string {
  const [first] = item.reasons;
  if (item.waiver !== undefined) return `waived by ${item.waiver.by} until ${item.waiver.expires}: ${item.waiver.reason}`;
  return `${item.state}: ${first?.says ?? `"${item.grade}" was reached, "${item.requiredGrade}" is required`}`;
}

function details(item: ReportItem): string {
  return item.reasons
    .filter(({ holds }) => holds !== 'yes')
    .map(({ subject, grade, says, hint }) => visible(`${subject} (${grade}): ${says}${hint === undefined ? '' : ` → ${hint}`}`))
    .join('\n');
}
