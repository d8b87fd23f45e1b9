import { create } from 'xmlbuilder2';
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
    const { items } = report;
    const totals = {
      tests: String(items.length),
      failures: String(count(items, 'failure')),
      errors: String(count(items, 'error')),
      skipped: String(count(items, 'skipped')),
      time: seconds(report),
    };
    const suites = create({ version: '1.0', encoding: 'UTF-8' }).ele('testsuites', { name: 'liveproof', ...totals });
    const suite = suites.ele('testsuite', { name: visible(report.gate), ...totals, timestamp: report.startedAt });
    const properties = suite.ele('properties');
    const facts = {
      title: report.title,
      environment: report.environment,
      because: report.because,
      operator: report.operator,
      decision: report.decision,
    };
    for (const [name, value] of Object.entries(facts)) {
      if (value !== undefined) properties.ele('property', { name, value: visible(value) });
    }
    for (const { item, says } of waiversOf(report)) properties.ele('property', { name: 'waiver', value: visible(`${item.id}: ${says}`) });
    for (const item of items) {
      const testcase = suite.ele('testcase', {
        classname: visible(`${report.gate}.${item.proof}`),
        name: visible(`${item.id}: ${item.statement}`),
        time: seconds(item),
      });
      const element = elements[item.state];
      if (element !== undefined) testcase.ele(element, { type: item.state, message: visible(headline(item)) }).txt(details(item));
      testcase
        .ele('system-out')
        .txt(item.subjects.map(({ subject, state, grade }) => visible(`${subject}: ${state}, reached ${grade}`)).join('\n'));
    }
    return `${suites.end({ prettyPrint: true })}\n`;
  },
};
export default junit;

/** `skipped` would leave a pipeline green, so only a waiver is told that way. */
const elements: Readonly<Record<ReportItem['state'], 'failure' | 'error' | 'skipped' | undefined>> = {
  proven: undefined,
  disproven: 'failure',
  inconclusive: 'error',
  blocked: 'error',
  waived: 'skipped',
};

function count(items: readonly ReportItem[], element: 'failure' | 'error' | 'skipped'): number {
  return items.filter(({ state }) => elements[state] === element).length;
}

function seconds({ startedAt, finishedAt }: { readonly startedAt: string; readonly finishedAt: string }): string {
  return (Math.max(0, Date.parse(finishedAt) - Date.parse(startedAt)) / 1000).toFixed(3);
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
