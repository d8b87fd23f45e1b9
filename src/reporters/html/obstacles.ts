import { shortened } from '../../base/shortened.ts';
import type { Report, ReportItem } from '../../report/report.ts';
import { itemLink } from './links.ts';
import { markup, type Markup } from './markup.ts';
import { stateBadge } from './words.ts';

/** What stands in the way of the launch, worst first: one line each, the whole story further down. */
export function obstacles(report: Report): Markup | false {
  const order = ['disproven', 'inconclusive', 'blocked'] as const;
  const items = order.flatMap((state) => report.items.filter((item) => item.state === state));
  if (items.length === 0) return false;
  return markup`<section aria-labelledby="obstacles"><h2 id="obstacles">What stands in the way</h2>
<table class="obstacles"><thead><tr><th scope="col">Item</th><th scope="col">Required</th><th scope="col">What was seen</th></tr></thead>
<tbody>${items.map((item) => row(report, item))}</tbody></table></section>`;
}

function row(report: Report, item: ReportItem): Markup {
  const first = item.reasons.find(({ holds }) => holds !== 'yes');
  const more = item.reasons.filter(({ holds }) => holds !== 'yes').length - 1;
  return markup`<tr><th scope="row">${itemLink(report, item)}<br>${stateBadge(item.state)}${item.severity !== undefined && markup` <span class="severity">${item.severity}</span>`}</th>
<td>${item.statement}</td>
<td>${shortened(first?.says ?? `"${item.grade}" was reached, "${item.requiredGrade}" is required`, longest)}${more > 0 && markup` <span class="quiet">(and ${more} more)</span>`}</td></tr>`;
}

const longest = 240;
