import { formatDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import { formatMeasured } from '../../stack/samples.ts';
import type { DashboardFacts, PageFacts, PanelFacts, ShownFacts } from './facts.ts';
import { judgeMoves } from './judge-moves.ts';
import { judgeRefresh } from './refresh.ts';
import type { DashboardRequirement } from './requirement.ts';

const words = {
  missing: 'is not on the page',
  empty: 'shows no data',
  error: 'shows an error',
  loading: 'shows nothing yet',
  ok: 'is well',
} as const satisfies Record<PanelFacts['state'], string>;

type Seen = Pick<DashboardFacts, 'shown' | 'declared'> & {
  readonly page: DashboardFacts['page'];
  readonly trouble: DashboardFacts['trouble'];
};

/** Does whoever uses it see every panel with values, soon, renewed, and moving when something happens? */
export function judgePage(requirement: DashboardRequirement, { page, trouble, declared, shown }: Seen): readonly Finding[] {
  const about = findingsOn(requirement.board, 'seen');
  if (trouble !== undefined) return [about.unknown(`it could not be looked at: ${trouble.says}`, trouble.hint)];
  if (page === undefined) return [];
  if (page.status !== 200) return [about.no(`its page answers HTTP ${String(page.status)}`)];
  const there = 'refused' in shown ? undefined : shown;
  const bad = page.panels.filter(({ state }) => state !== 'ok');
  const { openedAfterMs } = page;
  const findings = [
    ...bad.map(({ title, state, error = errorOf(title, there, page) }) =>
      about.no(`the panel "${title}" ${words[state]} after ${formatMeasured(page.watchedMs)}${error === undefined ? '' : `: ${error}`}`),
    ),
    ...(bad.length === 0 && openedAfterMs > requirement.openedWithin
      ? [
          about.no(
            `it took ${formatMeasured(openedAfterMs)} until every panel showed something; ${formatDuration(requirement.openedWithin)} are allowed`,
          ),
        ]
      : []),
    ...page.complaints.map((says) => about.no(`the page fails: ${says}`)),
    ...(bad.length === 0 ? [...judgeRefresh(about, page, declared.refreshMs, there), ...judgeMoves(requirement, page)] : []),
  ];
  if (findings.some(({ holds }) => holds !== 'yes')) return findings;
  const who = requirement.as ?? 'nobody in particular';
  return [
    about.yes(`opened as ${who}: all ${String(page.panels.length)} panels show values after ${formatMeasured(openedAfterMs)}`),
    ...findings,
  ];
}

/** Grafana's page keeps why a panel failed in a tooltip; the answer that it was given says so too. */
function errorOf(title: string, shown: ShownFacts | undefined, { data }: PageFacts): string | undefined {
  const id = shown?.panels.find((panel) => panel.title === title)?.id;
  const last = data.findLast(({ panel }) => id !== undefined && panel.split(' ', 1)[0] === id);
  if (last === undefined) return undefined;
  return last.error ?? (last.status >= 400 ? `HTTP ${String(last.status)}` : undefined);
}
