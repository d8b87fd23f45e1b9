import { formatDuration } from '../../base/duration.ts';
import type { Finding } from '../../gate/finding.ts';
import type { Report, ReportItem } from '../../report/report.ts';
import { groupsOf } from './glance.ts';
import { anchorOf, itemLink } from './links.ts';
import { markup, type Markup } from './markup.ts';
import { evidenceOf, type Album } from './pictures.ts';
import { timelines } from './timelines.ts';
import { holdsSign, moment, stateBadge } from './words.ts';

/** The checklist, by kind of proof; what is not proven stands open. */
export function checklist(report: Report, album: Album): Markup {
  return markup`<section aria-labelledby="checklist"><h2 id="checklist">The checklist</h2>
${groupsOf(report).map(
  ({
    title,
    items,
    proven,
    anchor,
  }) => markup`<section class="group" aria-labelledby="${anchor}"><h3 id="${anchor}">${title} <span class="quiet">${proven} of ${items.length} proven</span></h3>
${items.map((item) => entry(item, report, album))}</section>`,
)}</section>`;
}

function entry(item: ReportItem, report: Report, album: Album): Markup {
  const isOpen = item.state !== 'proven';
  const reached = isOpen ? `reached ${item.grade}, needs ${item.requiredGrade}` : item.grade;
  const head = markup`<summary><h4>${stateBadge(item.state)} <span class="statement">${item.statement}</span></h4>
<span class="line"><code>${item.id}</code>${item.severity !== undefined && markup`<span class="severity">${item.severity}</span>`}<span>${reached}</span>${item.ref.length > 0 && markup`<span>${item.ref.join(', ')}</span>`}</span></summary>`;
  const body = markup`<div class="body">${ladder(item)}${reasons(item)}${timelines(item)}${evidenceOf(item, album)}${around(item, report)}</div>`;
  const anchor = anchorOf(report, item.id);
  return isOpen
    ? markup`<details class="item ${item.state}" id="${anchor}" open>${head}${body}</details>`
    : markup`<details class="item ${item.state}" id="${anchor}">${head}${body}</details>`;
}

/** How far it was proven, and how far it has to be. */
function ladder({ ladder: rungs, grade, requiredGrade, state }: ReportItem): Markup | false {
  if (rungs === undefined) return false;
  const reached = rungs.indexOf(grade);
  const required = rungs.indexOf(requiredGrade);
  const wanting = state === 'inconclusive' ? (['untold', '?', 'could not be told'] as const) : (['missing', '✗', 'not reached'] as const);
  const shown = rungs.map((rung, index) => {
    const [kind, sign, word] =
      index <= reached ? ['reached', '✓', 'reached'] : index <= required ? wanting : ['beyond', '·', 'not asked for'];
    const goal = index === required && markup` <span class="goal">required</span>`;
    return markup`<li class="${kind}"><span aria-hidden="true">${sign}</span> ${rung}<span class="unseen"> (${word})</span>${goal}</li>`;
  });
  return markup`<ol class="ladder" aria-label="Grades">${shown}</ol>`;
}

function reasons(item: ReportItem): Markup {
  const bySubject = Map.groupBy(item.reasons, ({ subject }) => subject);
  if (bySubject.size <= 1) return markup`<ul class="reasons">${item.reasons.map(reason)}</ul>`;
  return markup`${[...bySubject].map(
    ([subject, found]) => markup`<p class="subject"><code>${subject}</code></p><ul class="reasons">${found.map(reason)}</ul>`,
  )}`;
}

function reason({ grade, holds, says, hint }: Finding): Markup {
  return markup`<li class="${holds}">${holdsSign(holds)}<span class="says"><span class="grade">${grade}</span> ${says}${
    hint !== undefined && markup`<span class="hint"><strong>What to change:</strong> ${hint}</span>`
  }</span></li>`;
}

function around(item: ReportItem, report: Report): Markup {
  const tookMs = Math.max(0, Date.parse(item.finishedAt) - Date.parse(item.startedAt));
  const needs =
    item.needs.length > 0 &&
    markup` It rests on ${item.needs.map((id, index) => markup`${index > 0 && ', '}${itemLink(report, { id })}`)}.`;
  const earlier = item.carriedFrom !== undefined && markup` By the run of ${moment(item.carriedFrom)}.`;
  return markup`<p class="quiet">Observed ${moment(item.startedAt)}, took ${formatDuration(Math.round(tookMs / 1000) * 1000)}.${earlier}${needs}</p>`;
}
