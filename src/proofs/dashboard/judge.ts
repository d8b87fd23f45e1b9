import { formatDuration, parseDuration } from '../../base/duration.ts';
import { findingsOn, type Finding } from '../../gate/finding.ts';
import { formatMeasured } from '../../stack/samples.ts';
import type { DashboardFacts, PageFacts } from './facts.ts';
import type { DashboardRequirement } from './requirement.ts';

/** Is the board there as declared, does every query of it answer, and does whoever uses it see that? */
export function judgeDashboard(requirement: DashboardRequirement, facts: DashboardFacts): readonly Finding[] {
  return [...present(requirement, facts), ...answering(requirement, facts), ...seen(requirement, facts)];
}

function present({ board, as }: DashboardRequirement, { shown, declared }: DashboardFacts): readonly Finding[] {
  const about = findingsOn(board, 'present');
  if ('refused' in shown) {
    const who = as ?? 'somebody without credentials';
    if (shown.refused === 404)
      return [about.no(`there is no board "${board}" on the server`, 'import it: liveproof generate grafana writes it')];
    return [about.no(`${who} is refused the board with HTTP ${String(shown.refused)}`, 'give them the permission to view it')];
  }
  const refresh = parseDuration(shown.refresh);
  const missing = declared.panels.filter(({ title }) => !shown.panels.some((each) => each.title === title));
  const changed = declared.panels.flatMap(({ title, queries }) => {
    const there = shown.panels.find((each) => each.title === title)?.queries.map(plain) ?? [];
    return missing.some((each) => each.title === title)
      ? []
      : queries.filter((query) => !there.includes(plain(query))).map((query) => ({ title, query, there }));
  });
  const findings = [
    ...(shown.title === declared.title ? [] : [about.no(`its title is "${shown.title}" instead of "${declared.title}"`)]),
    ...(refresh === declared.refreshMs
      ? []
      : [
          about.no(
            `it refreshes every ${shown.refresh === '' ? '(never)' : shown.refresh} instead of every ${formatDuration(declared.refreshMs)}`,
            'set its refresh interval; a min_refresh_interval of the server may override it',
          ),
        ]),
    ...missing.map(({ title }) => about.no(`the panel "${title}" is missing`, 'export the board again')),
    ...changed.map(({ title, query, there }) =>
      about.no(`the panel "${title}" does not ask ${query}, but ${there.join(' and ') || 'nothing'}`, 'export the board again'),
    ),
  ];
  return findings.length > 0
    ? findings
    : [about.yes(`"${declared.title}" is there with its ${String(declared.panels.length)} panels, refreshing every ${shown.refresh}`)];
}

function plain(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

function answering({ board }: DashboardRequirement, { answers, declared }: DashboardFacts): readonly Finding[] {
  if (answers === undefined) return [];
  const about = findingsOn(board, 'answering');
  const titleOf = (id: string): string => declared.panels.find((panel) => panel.id === id)?.title ?? id;
  const wrong = answers.flatMap(({ panel, queries }) =>
    queries.flatMap(({ expression, values, error, refused }) => {
      const where = `the panel "${titleOf(panel)}"`;
      if (refused !== undefined) return [about.no(`${where}: asking ${expression} is refused with HTTP ${String(refused)}`)];
      if (error !== undefined) return [about.no(`${where}: ${expression} fails: ${error}`, 'does its data source answer?')];
      return values === undefined || values === 0
        ? [about.no(`${where} has no data: ${expression} gives nothing`, 'does the application export what it asks for?')]
        : [];
    }),
  );
  if (wrong.length > 0) return wrong;
  const count = answers.reduce((sum, { queries }) => sum + queries.length, 0);
  return [
    count === 0 ? about.unknown('none of its panels asks anything') : about.yes(`all ${String(count)} queries of its panels give values`),
  ];
}

function seen(requirement: DashboardRequirement, { page, trouble, declared }: DashboardFacts): readonly Finding[] {
  const about = findingsOn(requirement.board, 'seen');
  if (trouble !== undefined) return [about.unknown(`it could not be looked at: ${trouble.says}`, trouble.hint)];
  if (page === undefined) return [];
  if (page.status !== 200) return [about.no(`its page answers HTTP ${String(page.status)}`)];
  const bad = page.panels.filter(({ state }) => state !== 'ok');
  const words = {
    missing: 'is not on the page',
    empty: 'shows no data',
    error: 'shows an error',
    loading: 'shows nothing yet',
    ok: 'is well',
  } as const;
  const findings = [
    ...bad.map(({ title, state, error }) =>
      about.no(`the panel "${title}" ${words[state]} after ${formatMeasured(page.watchedMs)}${error === undefined ? '' : `: ${error}`}`),
    ),
    ...(bad.length === 0 && page.openedAfterMs > requirement.openedWithin
      ? [
          about.no(
            `it took ${formatMeasured(page.openedAfterMs)} until every panel showed something; ${formatDuration(requirement.openedWithin)} are allowed`,
          ),
        ]
      : []),
    ...page.complaints.map((says) => about.no(`the page fails: ${says}`)),
    ...(bad.length === 0 ? [...refreshing(requirement, page, declared.refreshMs), ...moving(requirement, page)] : []),
  ];
  const who = requirement.as ?? 'nobody in particular';
  return findings.some(({ holds }) => holds !== 'yes')
    ? findings
    : [
        about.yes(`opened as ${who}: all ${String(page.panels.length)} panels show values after ${formatMeasured(page.openedAfterMs)}`),
        ...findings,
      ];
}

/** A timer in a browser comes late, never early; a second is what a busy machine may take. */
const tolerance = 0.25;
const lateMs = 1_500;
const longestRefreshMs = 60_000;

function refreshing({ board }: DashboardRequirement, { answeredAfterMs, watchedMs }: PageFacts, refreshMs: number): readonly Finding[] {
  const about = findingsOn(board, 'seen');
  const every = formatDuration(refreshMs);
  if (refreshMs > longestRefreshMs) return [about.yes(`its refresh of ${every} is configured; nobody waited for it`)];
  const [first, second] = answeredAfterMs;
  if (first === undefined || second === undefined) {
    return [
      about.no(
        `it did not refresh itself within ${formatMeasured(watchedMs)}; every ${every} is required`,
        'is its refresh switched off, or too long?',
      ),
    ];
  }
  const gap = second - first;
  const isRight = gap >= refreshMs * (1 - tolerance) && gap <= refreshMs * (1 + tolerance) + lateMs;
  return [
    isRight
      ? about.yes(`it refreshed itself after ${formatMeasured(gap)}, every ${every} required`)
      : about.no(`it refreshed itself after ${formatMeasured(gap)}; every ${every} is required`),
  ];
}

function moving({ board, moves }: DashboardRequirement, { moved, panels }: PageFacts): readonly Finding[] {
  if (moves === undefined) return [];
  const about = findingsOn(board, 'seen');
  if (moved === undefined) return [about.unknown(`whether the panel "${moves.panel}" moves was not looked at`)];
  const title = panels.find(({ id }) => id === moves.panel)?.title ?? moves.panel;
  if (moved.outcome !== 'pass')
    return [about.unknown(`whether the panel "${title}" moves is not known: the check ${moves.check} did not pass`)];
  const { before, after } = moved;
  if (before === undefined || after === undefined) return [about.no(`the panel "${title}" shows no value that could move`)];
  if (after > before)
    return [about.yes(`the panel "${title}" moved from ${String(before)} to ${String(after)} when ${moves.check} was run`)];
  return [
    about.no(
      `the panel "${title}" stays at ${String(after)} although ${moves.check} was run ${formatMeasured(moved.waitedMs)} ago`,
      'are its values frozen, or is its time range too coarse?',
    ),
  ];
}
