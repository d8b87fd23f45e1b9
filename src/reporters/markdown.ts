import { formatDuration } from '../base/duration.ts';
import { decisionText } from '../gate/decide.ts';
import { coverage } from '../report/coverage.ts';
import { differences, type Difference } from '../report/differences.ts';
import { evidenceFolder, type Report, type ReportItem } from '../report/report.ts';
import { asDecided, waiversOf } from '../report/waived.ts';
import type { Reporter } from '../report/reporter.ts';
import { tallySentence } from '../report/tally.ts';
import { formatMeasured } from '../stack/samples.ts';
import { cell, code, text } from './markdown/escape.ts';

/** The "Monitoring Setup Verification Report" that a release manager reads and signs off. */
const markdown: Reporter = {
  kind: 'markdown',
  summary: 'A verification report for people: checklist, decision, every refusal explained',
  file: 'report.md',
  render: (given) => {
    const report = asDecided(given);
    return `${[...head(report), ...notice(report), ...checklist(report), ...requirements(report), ...decision(report), ...sinceTheRunBefore(report), ...refusals(report), ...waysOfSignals(report), ...overridden(report), ...howToVerify(report)].join('\n')}\n`;
  },
};
export default markdown;

function head(report: Report): string[] {
  return [
    '# Monitoring Setup Verification Report',
    '',
    `**${text(report.title)}**`,
    '',
    `**Implementation Date**: ${report.startedAt}  `,
    `**Operator**: ${text(report.operator)}  `,
    `**Gate**: ${code(report.gate)}${refs(report.ref)}, environment ${code(report.environment)}  `,
    `**Decision**: **${decisionText[report.decision]}**. ${tallySentence(report)}`,
    '',
  ];
}

/** What makes this report weaker than the gate as written comes before anything else. */
function notice(report: Report): string[] {
  const { overrides, because } = report;
  const waivers = waiversOf(report);
  const carried = report.items.filter(({ carriedFrom }) => carriedFrom !== undefined);
  const lines: string[] = [];
  if (overrides.length > 0 || because !== undefined) {
    lines.push(
      `> **Not the gate as written.** The environment ${code(report.environment)} changes what is proven. Reason: ${text(because ?? 'none is given')}`,
      '',
    );
  }
  if (overrides.length > 0)
    lines.push(`${overrides.length === 1 ? '1 key differs' : `${String(overrides.length)} keys differ`}; they stand at the end.`, '');
  if (waivers.length > 0) lines.push('> **Waivers**', '>', ...waivers.map(({ item, says }) => `> - ${name(item)}: ${text(says)}`), '');
  if (carried.length > 0) {
    lines.push(
      '> **Proven by an earlier run** and not tried again:',
      '>',
      ...carried.map((item) => `> - ${name(item)}, observed at ${item.finishedAt}`),
      '',
    );
  }
  return lines;
}

function checklist(report: Report): string[] {
  const kinds = [...new Set(report.items.map(({ proof }) => proof))];
  return kinds.flatMap((kind) => [
    `## ${text(kind.charAt(0).toUpperCase() + kind.slice(1))} Verification`,
    '',
    ...report.items.filter(({ proof }) => proof === kind).flatMap(entry),
    '',
  ]);
}

function entry(item: ReportItem): string[] {
  const tick = item.state === 'proven' ? 'x' : ' ';
  const severity = item.severity === undefined ? '' : ` [${text(item.severity)}]`;
  const reached = item.state === 'proven' ? item.grade : `reached ${item.grade}, needs ${item.requiredGrade}`;
  const itself = item.subjects.length === 1 && item.subjects[0]?.subject === item.id;
  return [
    `- [${tick}] ${name(item)}${severity}${refs(item.ref)}: **${item.state}**, ${text(reached)}${itself ? seen(item, item.id, item.grade) : ''}`,
    ...(itself ? [] : item.subjects.map((each) => subjectEntry(item, each))),
  ];
}

function subjectEntry(item: ReportItem, { subject, state, grade }: ReportItem['subjects'][number]): string {
  return `  - [${state === 'proven' ? 'x' : ' '}] ${code(subject)}: ${state}, ${text(grade)}${seen(item, subject, grade)}`;
}

/** The figures behind the rung that was reached; what speaks against the item is explained further down. */
function seen(item: ReportItem, subject: string, grade: string): string {
  const found = item.reasons.find((each) => each.subject === subject && each.grade === grade && each.holds === 'yes');
  return found === undefined ? '' : ` (${text(found.says)})`;
}

/** Every requirement with whatever stands for it: read across items, it shows whether anything was left out. */
function requirements(report: Report): string[] {
  const rows = coverage(report).map(
    ({ ref, by, state, grade }) => `| ${cell(ref)} | ${by.map(code).join(', ')} | ${text(state)} | ${text(grade)} |`,
  );
  if (rows.length === 0) return [];
  return ['## Requirements, One by One', '', '| requirement | shown by | state | grade |', '|---|---|---|---|', ...rows, ''];
}

function decision(report: Report): string[] {
  const box = (ticked: boolean): string => (ticked ? '[x]' : '[ ]');
  const waivers = report.decision === 'proceed-with-waivers' ? ['- [x] SUCCESS WITH WAIVERS - Proceed, accepting what was waived'] : [];
  const count = new Set(report.items.flatMap(({ evidence }) => evidence)).size + new Set(report.sources.map(({ kept }) => kept)).size;
  const signature =
    report.signature === undefined
      ? 'none: this report is not signed'
      : `${code(report.signature.file)}, key ${code(report.signature.keyId)}`;
  return [
    '## Decision',
    '',
    `- ${box(report.decision === 'proceed')} SUCCESS - Proceed`,
    ...waivers,
    `- ${box(report.decision === 'do-not-proceed')} INCOMPLETE - Fix issues and retry`,
    '',
    `**Signature**: ${signature}  `,
    `**Timestamp**: ${report.finishedAt}, valid until ${report.expiresAt} (${formatDuration(report.policy.maxAgeMs)} after its oldest evidence${report.items.some(({ waiver }) => waiver !== undefined) ? ', or when a waiver ends' : ''})  `,
    `**Evidence Location**: ${code(`${evidenceFolder}/`)} beside this file (${String(count)} files, each named by its SHA-256)`,
    '',
  ];
}

function refusals(report: Report): string[] {
  const refused = report.items.filter(({ state }) => state !== 'proven');
  if (refused.length === 0) return [];
  return ['## Why, and what to change', '', ...refused.flatMap(explained)];
}

function explained(item: ReportItem): string[] {
  const against = item.reasons.filter(({ holds }) => holds !== 'yes');
  return [
    `### ${text(item.id)}: ${item.state}`,
    '',
    `**Required**: ${text(item.statement)}`,
    '',
    ...against.flatMap(({ subject, grade, holds, says, hint }) => [
      `- ${holds === 'no' ? '✗' : '?'} ${subject === item.id ? '' : `${code(subject)}, `}${text(grade)}: ${text(says)}`,
      ...(hint === undefined ? [] : [`  - **What to change**: ${text(hint)}`]),
    ]),
    '',
  ];
}

/** What is otherwise than in the run before. */
function sinceTheRunBefore(report: Report): string[] {
  const { previous } = report;
  const found = differences(report);
  if (previous === undefined || found === undefined) return [];
  const at = (standing: Difference['was']): string => (standing === undefined ? 'not there' : `${standing.state}, ${text(standing.grade)}`);
  const rows = found.map(({ id, direction, was, is }) => `| ${cell(id)} | ${direction} | ${at(was)} | ${at(is)} |`);
  return [
    '## Since the run before',
    '',
    `The run of ${previous.startedAt} decided ${decisionText[previous.decision]} (its report.json, not verified here, has the SHA-256 ${code(previous.sha256)}).`,
    '',
    ...(rows.length === 0 ? ['Every item stands where it stood.'] : ['| item | change | was | is |', '|---|---|---|---|', ...rows]),
    '',
  ];
}

/** The way of each signal, hop by hop; report.html shows the same as tables. */
function waysOfSignals(report: Report): string[] {
  const lines = report.items.flatMap((item) =>
    (item.timelines ?? []).map(({ says, nonce, startedAt, hops }) => {
      const way = hops.map(
        ({ says: there, at }) => `+${formatMeasured(Math.max(0, Date.parse(at) - Date.parse(startedAt)))} ${text(there)}`,
      );
      return `- **${text(item.id)}**, ${text(says)}${nonce === undefined ? '' : `, nonce ${code(nonce)}`}, from ${startedAt}: ${way.join(' → ')}`;
    }),
  );
  return lines.length === 0 ? [] : ['## The way of each signal', '', ...lines, ''];
}

/** In what the environment makes the run differ from the gate as written. */
function overridden({ overrides }: Report): string[] {
  if (overrides.length === 0) return [];
  const rows = overrides.map(({ path, from, to }) => `| ${cell(path)} | ${value(from)} | ${value(to)} |`);
  return ['## Where this run differs from the gate as written', '', '| key | as written | in this run |', '|---|---|---|', ...rows, ''];
}

function howToVerify(report: Report): string[] {
  const key = report.signature === undefined ? '' : ' --key PUBLIC_KEY';
  return [
    '---',
    '',
    `Check this report yourself: ${code(`liveproof verify FOLDER${key}`)}. Written by liveproof ${text(report.tool.version)}.`,
  ];
}

function name(item: ReportItem): string {
  return `**${text(item.id)}** ${text(item.statement)}`;
}

function refs(ref: readonly string[]): string {
  return ref.length === 0 ? '' : ` (${ref.map(text).join(', ')})`;
}

function value(of: unknown): string {
  return of === undefined ? 'not set' : cell(typeof of === 'string' ? of : JSON.stringify(of));
}
