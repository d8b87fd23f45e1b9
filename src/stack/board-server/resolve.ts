import { canonicalJson } from '../../base/canonical-json.ts';
import { sha256, type Sha256 } from '../../base/digest.ts';
import * as answers from './answers.ts';
import type { DataSources } from './data-sources.ts';
import { heightOf, shownPanel, unfolded } from './panels.ts';
import { jsonOf, type Questions } from './questions.ts';
import type { AskedAs, ShownDashboard } from './shown.ts';
import { resolveVariables } from './variables.ts';

/** Where Grafana's API has a dashboard. */
export function placeOf(uid: string): string {
  return `/api/dashboards/uid/${encodeURIComponent(uid)}`;
}

/** A dashboard with all that its page would put into it: data sources, variables, library panels. */
export async function resolveDashboard(
  questions: Questions,
  answer: answers.DashboardAnswer,
  where: Pick<ShownDashboard, 'path' | 'reader' | 'accessToken'> & { readonly uid: string },
  signal: AbortSignal,
): Promise<ShownDashboard> {
  const { dashboard, meta } = answer;
  const { optional } = questions;
  const settings = await optional(answers.frontendSettings, '/api/frontend/settings', where.reader, signal);
  const sources: DataSources | undefined = settings && {
    all: Object.values(settings.datasources),
    defaultName: settings.defaultDatasource,
  };
  const { variables, unresolved } = await resolveVariables(dashboard.templating?.list ?? [], sources, async (source, label, match) => {
    const query = match === undefined ? '' : `?${new URLSearchParams({ 'match[]': match }).toString()}`;
    const path = `/api/datasources/uid/${encodeURIComponent(source.uid)}/resources/api/v1/label/${encodeURIComponent(label)}/values${query}`;
    return (await optional(answers.labelValues, path, where.reader, signal))?.data;
  });
  const panels = await unfolded(dashboard, async (uid) => {
    const element = await optional(answers.libraryElement, `/api/library-elements/${encodeURIComponent(uid)}`, where.reader, signal);
    return element?.result.model ?? `there is no library panel "${uid}" that it may read`;
  });
  const isLinked = where.accessToken !== undefined || meta?.publicDashboardEnabled === true;
  const isPublic = isLinked || (await hasLink(questions, where, signal));
  const { uid: _uid, ...place } = where;
  const intervals = dashboard.timepicker?.refresh_intervals ?? undefined;
  return {
    title: dashboard.title,
    model: modelOf(dashboard, panels),
    refresh: typeof dashboard.refresh === 'string' ? dashboard.refresh : '',
    ...(intervals === undefined ? {} : { intervals }),
    ...(settings === undefined || settings.minRefreshInterval === '' ? {} : { minimumRefresh: settings.minRefreshInterval }),
    panels: panels.map(({ panel, trouble }) => shownPanel(panel, trouble, sources, variables)),
    unresolved,
    ...(isPublic === undefined ? {} : { isPublic }),
    heightPx: heightOf(dashboard),
    from: dashboard.time?.from ?? 'now-6h',
    to: dashboard.time?.to ?? 'now',
    ...place,
  };
}

/** Whoever may view a dashboard may see whether it has a public link; not every version says so with the dashboard itself. Undefined when it is not told. */
async function hasLink(
  { send }: Questions,
  { uid, reader }: { readonly uid: string; readonly reader: AskedAs },
  signal: AbortSignal,
): Promise<boolean | undefined> {
  const { status, text } = await send('GET', `${placeOf(uid)}/public-dashboards`, reader, signal);
  if (status === 404) return false;
  const read = answers.publicDashboard.safeParse(jsonOf(text));
  return status === 200 && read.success ? read.data.isEnabled : undefined;
}

/** Numbers that Grafana counts up with every saving say nothing of what is shown. A library panel is kept elsewhere. */
function modelOf(
  { id: _id, version: _version, iteration: _iteration, ...saved }: answers.DashboardAnswer['dashboard'],
  panels: unknown,
): Sha256 {
  return sha256(canonicalJson(JSON.parse(JSON.stringify([saved, panels]))));
}
