import { decisionText } from '../../gate/decide.ts';
import { differences, type Difference } from '../../report/differences.ts';
import type { Report } from '../../report/report.ts';
import { itemLink } from './links.ts';
import { markup, type Markup } from './markup.ts';
import { moment, stateBadge } from './words.ts';

const names: Readonly<Record<Difference['direction'], string>> = {
  worse: 'Worse',
  gone: 'No longer asked for',
  other: 'Changed',
  new: 'New',
  better: 'Better',
};

/** What is otherwise than in the run before. */
export function sinceTheRunBefore(report: Report): Markup | false {
  const { previous } = report;
  const found = differences(report);
  if (previous === undefined || found === undefined) return false;
  const count = found.length === 1 ? '1 item differs' : `${String(found.length)} items differ`;
  return markup`<section aria-labelledby="since"><h2 id="since">Since the run before</h2>
<p>The run of ${moment(previous.startedAt)} decided <strong>${decisionText[previous.decision]}</strong>. ${found.length === 0 ? 'Every item stands where it stood.' : `${count}.`}
<span class="quiet">Its report.json, which was not verified here, has the SHA-256 <code>${previous.sha256.slice(0, 12)}…</code></span></p>
${
  found.length > 0 &&
  markup`<table><thead><tr><th scope="col">Item</th><th scope="col">Change</th><th scope="col">Was</th><th scope="col">Is</th></tr></thead>
<tbody>${found.map((each) => markup`<tr><th scope="row">${itemLink(report, each)}</th><td>${names[each.direction]}</td><td>${standing(each.was)}</td><td>${standing(each.is)}</td></tr>`)}</tbody></table>`
}</section>`;
}

function standing(at: Difference['was']): Markup {
  return at === undefined
    ? markup`<span class="quiet">not there</span>`
    : markup`${stateBadge(at.state)} <span class="quiet">${at.grade}</span>`;
}
