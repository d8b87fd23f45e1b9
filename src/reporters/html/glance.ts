import type { Report } from '../../report/report.ts';
import { markup, type Markup } from './markup.ts';
import { capitalised } from './words.ts';

/** The kinds of proof in the order of the checklist, with the place where each begins. */
export function groupsOf({ items }: Report) {
  return [...Map.groupBy(items, ({ proof }) => proof)].map(([kind, own], index) => ({
    title: capitalised(kind),
    items: own,
    proven: own.filter(({ state }) => state === 'proven').length,
    anchor: `group-${String(index + 1)}`,
  }));
}

/** The checklist in one line for each kind of proof; it is the way to them, too. */
export function atAGlance(report: Report): Markup | false {
  const groups = groupsOf(report);
  if (groups.length === 0) return false;
  return markup`<nav class="glance" aria-labelledby="glance"><h2 id="glance">At a glance</h2>
<ul>${groups.map(
    ({ title, items, proven, anchor }) =>
      markup`<li class="${proven === items.length ? 'whole' : 'lacking'}"><a href="#${anchor}">${title}</a> <span><span aria-hidden="true">${proven === items.length ? '✓' : '✗'}</span> ${proven} of ${items.length} proven</span></li>`,
  )}</ul></nav>`;
}
