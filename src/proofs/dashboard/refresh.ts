import { formatDuration, parseDuration } from '../../base/duration.ts';
import { usualIntervals } from '../../board/grafana.ts';
import type { Finding, findingsOn } from '../../gate/finding.ts';
import { formatMeasured } from '../../stack/samples.ts';
import type { PageFacts, ShownFacts } from './facts.ts';

/** Longer intervals are not waited for: what is configured is seen, and that the page does it is not. */
export const longestRefreshMs = 60_000;

/** A timer in a browser comes late, never early; a second and a half is what a busy machine may take. */
const tolerance = 0.25;
const lateMs = 1_500;

/** Was every panel given new data, by requests of its own, in the right time after the last? Several panels that ask once each are no refresh. */
export function judgeRefresh(
  about: ReturnType<typeof findingsOn>,
  { data, watchedMs, panels: seen }: PageFacts,
  refreshMs: number,
  shown: ShownFacts | undefined,
): readonly Finding[] {
  const every = formatDuration(refreshMs);
  if (refreshMs > longestRefreshMs) return [about.yes(`its refresh of ${every} is configured; nobody waited for it`)];
  const well = data.filter(({ status }) => status < 400);
  const panels = [...Map.groupBy(well, ({ panel }) => panel)].map(([panel, own]) => ({ panel, times: own.map(({ afterMs }) => afterMs) }));
  const titleOf = (key: string): string => {
    const title = shown?.panels.find(({ id }) => id === idIn(key))?.title;
    return title === undefined || key === '' ? 'it' : `its panel "${title}"`;
  };
  const hint = refusedInterval(shown, refreshMs) ?? 'is its refresh switched off, or too long?';
  if (panels.length === 0) return [about.no(`it was given no data within ${formatMeasured(watchedMs)}`)];
  const still = panels.find(({ times }) => times.length < 2);
  if (still !== undefined) {
    return [
      about.no(`${titleOf(still.panel)} did not refresh itself within ${formatMeasured(watchedMs)}; every ${every} is required`, hint),
    ];
  }
  const asks = new Set(panels.map(({ panel }) => idIn(panel)).filter((id) => id !== ''));
  // Where the page says whose data it asks for: a text that looks like a value is never renewed.
  const silent = (shown?.panels ?? []).find(
    ({ id, title, queries }) => asks.size > 0 && queries.length > 0 && !asks.has(id) && seen.some((each) => each.title === title),
  );
  if (silent !== undefined) {
    const says = `its panel "${silent.title}" was given no data within ${formatMeasured(watchedMs)}: what it shows comes from elsewhere`;
    return [about.no(says, 'is it a kind of panel that asks its queries?')];
  }
  // A panel that finds its width asks again at once, and after a timer that came late the next comes sooner: the longest gap tells.
  const gaps = panels.map(({ panel, times }) => ({
    panel,
    gap: Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? 0))),
  }));
  const isRight = (gap: number): boolean => gap >= refreshMs * (1 - tolerance) && gap <= refreshMs * (1 + tolerance) + lateMs;
  const wrong = gaps.find(({ gap }) => !isRight(gap));
  if (wrong !== undefined) {
    return [about.no(`${titleOf(wrong.panel)} refreshed itself after ${formatMeasured(wrong.gap)}; every ${every} is required`)];
  }
  const longest = Math.max(...gaps.map(({ gap }) => gap));
  return [about.yes(`it refreshed itself after ${formatMeasured(longest)}, every ${every} required`)];
}

/** The panel of a key, which may name its data source too. */
function idIn(key: string): string {
  return key.split(' ', 1)[0] ?? '';
}

/** Why Grafana would keep to no such interval: newer pages keep to none that they do not offer. */
function refusedInterval(shown: ShownFacts | undefined, refreshMs: number): string | undefined {
  const offered = shown?.intervals ?? usualIntervals;
  if (shown?.minimumRefresh === undefined || offered.some((each) => parseDuration(each) === refreshMs)) return undefined;
  return `Grafana keeps to no interval that its page does not offer: add ${formatDuration(refreshMs)} to timepicker.refresh_intervals of the dashboard`;
}
