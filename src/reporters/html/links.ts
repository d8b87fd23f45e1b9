import { evidenceFolder, type Report, type ReportItem } from '../../report/report.ts';
import { markup, type Markup } from './markup.ts';

/** Ids come from the gate file and may be anything: an anchor is a number. */
export function anchorOf({ items }: Report, id: string): string | undefined {
  const index = items.findIndex((item) => item.id === id);
  return index === -1 ? undefined : `item-${String(index + 1)}`;
}

export function itemLink(report: Report, { id }: Pick<ReportItem, 'id'>): Markup {
  const anchor = anchorOf(report, id);
  return anchor === undefined ? markup`<code>${id}</code>` : markup`<a href="#${anchor}"><code>${id}</code></a>`;
}

/** To a file beside the page; its name is its own SHA-256. */
export function evidenceLink(name: string, says: string): Markup {
  return markup`<a href="${evidenceFolder}/${name}">${says} <code>${name.slice(0, 12)}…</code></a>`;
}
