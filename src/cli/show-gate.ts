import { formatDuration } from '../base/duration.ts';
import { decisionText } from '../gate/decide.ts';
import type { Gate } from '../gate/gate.ts';
import { states } from '../gate/verdict.ts';
import type { Report, ReportItem } from '../report/report.ts';
import { asDecided, waiversOf, type ToldWaiver } from '../report/waived.ts';
import { visible } from '../report/visible.ts';
import type { Io } from './io.ts';
import { paint, signs, wrap } from './style.ts';

/** What is about to be proven, and in which environment. */
export function showGate(gate: Gate, io: Io): string {
  const columns = io.columns ?? 80;
  const counted = gate.items.length === 1 ? '1 item' : `${String(gate.items.length)} items`;
  const lines = [paint(io.color, 'bold', visible(gate.title)), `${counted}, environment ${gate.environment}`];
  if (gate.overrides.length > 0) {
    const count = gate.overrides.length;
    const differs = `${count === 1 ? '1 key differs' : `${String(count)} keys differ`} from the gate as written; the report lists what.`;
    lines.push(wrap(`${visible(gate.because ?? '')} ${differs}`.trim(), columns, '  '));
  }
  return `${lines.join('\n')}\n\n`;
}

/** The decision, why not, and where the report is. */
export function showDecision(given: Report, folder: string, io: Io): string {
  const { color } = io;
  const report = asDecided(given);
  const proceeds = report.decision !== 'do-not-proceed';
  const counts = states
    .map((state) => [state, report.items.filter((item) => item.state === state).length] as const)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${String(count)} ${state}`)
    .join(', ');
  const tookMs = Date.parse(report.finishedAt) - Date.parse(report.startedAt);
  const waivers = waiversOf(report);
  const unproven = report.items.filter(({ state }) => state === 'disproven' || state === 'inconclusive');
  const signed = report.signature === undefined ? 'not signed (sign it with --key FILE)' : `signed with key ${report.signature.keyId}`;
  return [
    '',
    ...waivers.flatMap((each) => [showWaiver(each, io), '']),
    ...unproven.flatMap((item) => [showUnproven(item, io), '']),
    `${paint(color, ['bold', proceeds ? 'green' : 'red'], decisionText[report.decision])}  ${counts}  (${formatDuration(Math.round(tookMs / 1000) * 1000)})`,
    `Report: ${folder}`,
    `        ${signed}`,
    `        valid until ${report.expiresAt}`,
    '',
  ].join('\n');
}

/** A waiver with all that was found against its item: nobody is to accept what they have not read. */
function showWaiver({ item, isAccepted, says }: ToldWaiver, io: Io): string {
  const { sign, format } = signs.waived;
  const head = wrap(visible(`${item.id}: ${says}`), io.columns ?? 80, '  ').trimStart();
  return [`${paint(io.color, format, sign)} ${head}`, ...(isAccepted ? [showAgainst(item, io)] : [])].join('\n');
}

function showUnproven(item: ReportItem, io: Io): string {
  const { sign, format } = signs[item.state];
  const head = `${paint(io.color, format, `${sign} ${item.id}`)}: ${item.state}, reached "${item.grade}" of "${item.requiredGrade}"`;
  return [head, showAgainst(item, io)].join('\n');
}

function showAgainst(item: ReportItem, io: Io): string {
  const columns = io.columns ?? 80;
  const against = item.reasons.filter(({ holds }) => holds !== 'yes');
  const said = against.flatMap(({ says, hint }) => [
    wrap(visible(says), columns, '    '),
    ...(hint === undefined ? [] : [paint(io.color, 'cyan', wrap(`→ ${visible(hint)}`, columns, '      '))]),
  ]);
  return said.join('\n');
}
