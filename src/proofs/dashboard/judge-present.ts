import { formatDuration, parseDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import type { DashboardFacts, ShownFacts } from './facts.ts';
import type { DashboardRequirement } from './requirement.ts';

/** Is it there, with the title, the refresh, the panels and the queries that the gate declares? */
export function judgePresent(
  { board, as }: DashboardRequirement,
  { shown, declared }: Pick<DashboardFacts, 'shown' | 'declared'>,
): readonly Finding[] {
  const about = findingsOn(board, 'present');
  if ('refused' in shown) {
    if (shown.refused === 404)
      return [about.no(`there is no board "${board}" on the server`, 'import it: liveproof generate grafana writes it')];
    const hint =
      as === undefined
        ? "make it public; the gate finds a Grafana's public link with a token: stack: { boards: { token: … } }"
        : 'give them the permission to view it';
    return [about.no(`${as ?? 'somebody without credentials'} is refused the board with HTTP ${String(shown.refused)}`, hint)];
  }
  const findings = [
    ...(shown.title === declared.title ? [] : [about.no(`its title is "${shown.title}" instead of "${declared.title}"`)]),
    ...refresh(about, shown, declared.refreshMs),
    ...panels(about, shown, declared.panels),
  ];
  return findings.length > 0
    ? findings
    : [about.yes(`"${declared.title}" is there with its ${String(declared.panels.length)} panels, refreshing every ${shown.refresh}`)];
}

type About = ReturnType<typeof findingsOn>;

function refresh(about: About, { refresh: shown, minimumRefresh }: ShownFacts, refreshMs: number): readonly Finding[] {
  const wanted = formatDuration(refreshMs);
  const leastMs = parseDuration(minimumRefresh ?? '');
  if (minimumRefresh !== undefined && leastMs !== undefined && leastMs > refreshMs) {
    const says = `its server allows no refresh shorter than ${minimumRefresh} (min_refresh_interval), and every ${wanted} is required`;
    return [about.no(says, 'lower min_refresh_interval under [dashboards] in grafana.ini, or ask for less')];
  }
  if (parseDuration(shown) === refreshMs) return [];
  return [about.no(`it refreshes every ${shown === '' ? '(never)' : shown} instead of every ${wanted}`, 'set its refresh interval')];
}

function panels(about: About, { panels: there }: ShownFacts, declared: DashboardFacts['declared']['panels']): readonly Finding[] {
  return declared.flatMap(({ title, queries }) => {
    const panel = there.find((each) => each.title === title);
    if (panel === undefined) return [about.no(`the panel "${title}" is missing`, 'export the board again')];
    if (panel.trouble !== undefined) return [about.no(`the panel "${title}" cannot be shown: ${panel.trouble}`)];
    const asked = panel.queries.map(({ written }) => plain(written));
    const meant = new Set([...asked, ...panel.queries.map(({ expression }) => plain(expression))]);
    return queries
      .filter((query) => !meant.has(plain(query)))
      .map((query) =>
        about.no(`the panel "${title}" does not ask ${query}, but ${asked.join(' and ') || 'nothing'}`, 'export the board again'),
      );
  });
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
