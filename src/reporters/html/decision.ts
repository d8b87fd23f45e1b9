import { formatDuration } from '../../base/duration.ts';
import { decisionText, type Decision } from '../../gate/decide.ts';
import type { Report } from '../../report/report.ts';
import { tally, tallySentence } from '../../report/tally.ts';
import { markup, type Markup } from './markup.ts';
import { moment, stateBadge } from './words.ts';

const meaning: Readonly<Record<Decision, string>> = {
  proceed: 'Everything that the gate asks for was seen to work.',
  'proceed-with-waivers': 'What is not proven was accepted by name, for a reason and until a date.',
  'do-not-proceed': 'What is not proven counts against the launch; what to change stands below.',
};

/** What a reader in a hurry needs: the decision in words, and the numbers behind it. */
export function decisionBanner(report: Report): Markup {
  return markup`<header class="banner ${report.decision}">
<p class="kicker">Monitoring Setup Verification Report</p>
<h1>${report.title}</h1>
<p class="verdict"><span class="unseen">Decision: </span>${decisionText[report.decision]}</p>
<p class="meaning">${tallySentence(report)} ${meaning[report.decision]}</p>
</header>
${counts(report)}`;
}

function counts(report: Report): Markup {
  const found = tally(report);
  let fromPermille = 0;
  const bars = found.map(([state, count]) => {
    const width = (1000 * count) / report.items.length;
    const bar = markup`<rect class="${state}" x="${fromPermille.toFixed(1)}" y="0" width="${width.toFixed(1)}" height="12"/>`;
    fromPermille += width;
    return bar;
  });
  return markup`<section class="counts" aria-label="Items by state">
<svg viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true" focusable="false">${bars}</svg>
<ul>${found.map(([state, count]) => markup`<li><strong>${count}</strong> ${stateBadge(state)}</li>`)}</ul>
</section>`;
}

/** Who ran what, where and when, and for how long it is worth anything. */
export function runFacts(report: Report): Markup {
  const tookMs = Math.max(0, Date.parse(report.finishedAt) - Date.parse(report.startedAt));
  const signature =
    report.signature === undefined
      ? markup`not signed: anybody may have written it`
      : markup`<code>${report.signature.file}</code>, key <code>${report.signature.keyId}</code>`;
  const facts: readonly (readonly [string, Markup])[] = [
    ['Environment', markup`<code>${report.environment}</code>`],
    ['Operator', markup`${report.operator}`],
    ['Run', markup`${moment(report.startedAt)}, took ${formatDuration(Math.round(tookMs / 1000) * 1000)}`],
    ['Valid until', markup`${moment(report.expiresAt)} (${formatDuration(report.policy.maxAgeMs)} after its oldest evidence)`],
    ['Gate', markup`<code>${report.gate}</code>${report.ref.length > 0 && markup` (${report.ref.join(', ')})`}`],
    ['Signature', signature],
  ];
  return markup`<dl class="facts">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}
