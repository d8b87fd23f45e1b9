import type { Hop, Timeline } from '../../gate/timeline.ts';
import type { ReportItem } from '../../report/report.ts';
import { formatMeasured } from '../../stack/samples.ts';
import { markup, type Markup } from './markup.ts';
import { clockTime, moment } from './words.ts';

const stageNames: Readonly<Record<Hop['stage'], string>> = {
  signal: 'Signal',
  rule: 'Rule',
  alertmanager: 'Alertmanager',
  provider: 'Provider',
  destination: 'Destination',
  acknowledgement: 'Person',
  resolution: 'End',
};

/** The way of each signal as a table; the dots beside it show the same to the eye. */
export function timelines(item: ReportItem): Markup | false {
  return item.timelines !== undefined && markup`${item.timelines.map(table)}`;
}

function table({ says, nonce, startedAt, hops }: Timeline): Markup {
  const afterMs = ({ at }: Hop): number => Math.max(0, Date.parse(at) - Date.parse(startedAt));
  const longestMs = Math.max(1, ...hops.map(afterMs));
  const rows = hops.map(
    (
      hop,
    ) => markup`<tr><td class="when"><strong>+${formatMeasured(afterMs(hop))}</strong> <span class="quiet">${clockTime(hop.at)}${hop.clock === 'theirs' && '*'}</span>
${dot(afterMs(hop) / longestMs)}</td><th scope="row">${stageNames[hop.stage]}</th><td>${hop.says}</td></tr>`,
  );
  const isTheirs = hops.some(({ clock }) => clock === 'theirs');
  return markup`<table class="timeline"><caption>Time line: ${says}${nonce !== undefined && markup`, nonce <code>${nonce}</code>`}
<span class="quiet">from ${moment(startedAt)}${isTheirs && '; * by the clock of whoever tells it'}</span></caption>
<thead><tr><th scope="col">After</th><th scope="col">Station</th><th scope="col">What was seen</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function dot(share: number): Markup {
  const x = (4 + 92 * share).toFixed(1);
  return markup`<svg viewBox="0 0 100 8" aria-hidden="true" focusable="false"><line x1="4" y1="4" x2="96" y2="4"/><line class="gone" x1="4" y1="4" x2="${x}" y2="4"/><circle cx="${x}" cy="4" r="3.2"/></svg>`;
}
