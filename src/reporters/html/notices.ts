import type { Report, ReportItem } from '../../report/report.ts';
import { waiversOf } from '../../report/waived.ts';
import { itemLink } from './links.ts';
import { markup, type Markup } from './markup.ts';
import { moment } from './words.ts';

/** What makes the report weaker than the gate as written comes before anything else. */
export function notices(report: Report): Markup {
  return markup`${waived(report)}${notCounted(report)}${notAsWritten(report)}${carried(report)}`;
}

function waived(report: Report): Markup | false {
  const items = report.items.filter(({ state }) => state === 'waived');
  if (items.length === 0) return false;
  return markup`<section class="notice waived" aria-labelledby="waived"><h2 id="waived">Waived, so not proven</h2>
<ul class="plain">${items.map((item) => markup`<li>${itemLink(report, item)} ${item.statement}${terms(item)}</li>`)}</ul></section>`;
}

function terms({ waiver }: ReportItem): Markup | false {
  if (waiver === undefined) return false;
  return markup`<p class="terms">Waived by <strong>${waiver.by}</strong> until ${waiver.expires}: ${waiver.reason} (it is ${waiver.was})</p>`;
}

function notCounted(report: Report): Markup | false {
  const left = waiversOf(report).filter(({ isAccepted }) => !isAccepted);
  if (left.length === 0) return false;
  return markup`<section class="notice" aria-labelledby="not-counted"><h2 id="not-counted">Waivers that change nothing</h2>
<ul class="plain">${left.map(({ item, says }) => markup`<li>${itemLink(report, item)} ${says}</li>`)}</ul></section>`;
}

function notAsWritten({ overrides, because, environment }: Report): Markup | false {
  if (overrides.length === 0 && because === undefined) return false;
  const differs = overrides.length === 1 ? '1 key differs' : `${String(overrides.length)} keys differ`;
  return markup`<section class="notice" aria-labelledby="as-written"><h2 id="as-written">Not the gate as written</h2>
<p>The environment <code>${environment}</code> changes what is proven. Reason: ${because ?? 'none is given'}</p>
${overrides.length > 0 && markup`<p><a href="#overrides">${differs}</a> from the gate as written.</p>`}</section>`;
}

function carried(report: Report): Markup | false {
  const items = report.items.filter(({ carriedFrom }) => carriedFrom !== undefined);
  if (items.length === 0) return false;
  const oldest = items.map(({ finishedAt }) => finishedAt).toSorted()[0] ?? '';
  const all = `${String(items.length)} of ${String(report.items.length)} items`;
  return markup`<section class="notice" aria-labelledby="carried"><h2 id="carried">Proven by an earlier run, and not tried again</h2>
<p>${all}, the oldest observed at ${moment(oldest)}: ${items.map((item, index) => markup`${index > 0 && ', '}${itemLink(report, item)}`)}</p></section>`;
}
