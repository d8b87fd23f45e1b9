import { ctrfJson } from '../format/ctrf.ts';
import { decisionText } from '../gate/decide.ts';
import type { State } from '../gate/verdict.ts';
import { pictureOf } from '../report/picture.ts';
import { evidenceFolder, type Report, type ReportItem } from '../report/report.ts';
import type { KeptBytes, Reporter } from '../report/reporter.ts';
import { asDecided } from '../report/waived.ts';
import { visible } from '../report/visible.ts';

/** The Common Test Report Format: a test for each item. Whatever is not proven fails, also what could not be told. */
const ctrf: Reporter = {
  kind: 'ctrf',
  summary: 'Common Test Report Format, for CI systems and dashboards',
  file: 'ctrf.json',
  render: (report, evidence = () => undefined) => documentOf(asDecided(report), evidence),
};
export default ctrf;

const statuses = {
  proven: 'passed',
  disproven: 'failed',
  inconclusive: 'failed',
  blocked: 'failed',
  waived: 'skipped',
} as const satisfies Record<State, string>;

function documentOf(report: Report, evidence: KeptBytes): string {
  const { title, gate, environment, startedAt, finishedAt, tool } = report;
  return ctrfJson({
    toolVersion: visible(tool.version),
    startedAt,
    finishedAt,
    tests: report.items.map((item) => testOf(item, gate, evidence)),
    environment: {
      reportName: visible(title),
      testEnvironment: visible(environment),
      healthy: report.decision === 'proceed',
      extra: { gate: visible(gate), operator: visible(report.operator), decision: decisionText[report.decision] },
    },
  });
}

function testOf(item: ReportItem, gate: string, evidence: KeptBytes) {
  const [start, stop] = [Date.parse(item.startedAt), Date.parse(item.finishedAt)];
  const against = item.reasons.filter(({ holds }) => holds !== 'yes');
  const attachments = item.evidence.map((name, index) => {
    const bytes = evidence(name);
    const picture = bytes && pictureOf(bytes);
    return {
      name: picture !== undefined ? 'screenshot' : index === 0 ? 'observation' : 'evidence',
      contentType: picture !== undefined ? picture.type : index === 0 ? 'application/json' : 'application/octet-stream',
      path: `${evidenceFolder}/${name}`,
    };
  });
  return {
    name: visible(`${item.id}: ${item.statement}`),
    status: statuses[item.state],
    rawStatus: item.state,
    duration: Math.max(0, stop - start),
    start,
    stop,
    suite: [visible(gate), visible(item.proof)],
    ...(against[0] === undefined ? {} : { message: visible(against[0].says) }),
    ...(against.length === 0 ? {} : { trace: against.map(toldIn).join('\n') }),
    ...(item.ref.length === 0 ? {} : { tags: item.ref.map(visible) }),
    ...(attachments.length === 0 ? {} : { attachments }),
    steps: item.subjects.map(({ subject, state }) => ({ name: visible(subject), status: statuses[state] })),
    extra: {
      grade: item.grade,
      requiredGrade: item.requiredGrade,
      ...(item.severity === undefined ? {} : { severity: visible(item.severity) }),
    },
  };
}

function toldIn({ subject, grade, says, hint }: ReportItem['reasons'][number]): string {
  return visible(`${subject} (${grade}): ${says}${hint === undefined ? '' : ` → ${hint}`}`);
}
