import { Fault } from '../base/fault.ts';
import { parseExposition, type Exposition } from './exposition.ts';
import { askJson, askText, type Server } from './http.ts';
import * as answers from './prometheus/answers.ts';
import type { Labels } from './labels.ts';

/** How much later than its samples something shows. */
export interface Delays {
  /** Until a query finds a series that is new. */
  readonly newSeriesMs: number;
  /** By which rules look into the past. */
  readonly rulesMs: number;
}

/**
 * It remembers for 10 s what series a query has matched, none at all too; the rest is for storing them.
 * Rules see what was there `-search.latencyOffset` ago: this is its default.
 */
export const delaysOfVictoriaMetrics: Delays = { newSeriesMs: 12_000, rulesMs: 30_000 };

/** Whether the server knows a function that MetricsQL has and PromQL has not: VictoriaMetrics does, whatever proxy stands before it. */
export async function speaksMetricsql(
  query: (expression: string, signal: AbortSignal) => Promise<unknown>,
  signal: AbortSignal,
): Promise<boolean> {
  return (await unlessRefused(query('now()', signal))) !== undefined;
}

/**
 * The Alertmanagers that vmalert sends to: current versions list them, older ones count on their own page what they sent to each.
 * Undefined where neither can be read, as behind a VictoriaMetrics that passes on the questions for rules alone.
 */
export async function notifiersOf(vmalert: Server, signal: AbortSignal): Promise<readonly string[] | undefined> {
  const listed = answers.notifiers.safeParse(await unlessRefused(askJson(vmalert, { method: 'GET', path: '/api/v1/notifiers' }, signal)));
  if (listed.success) return listed.data.data.notifiers.flatMap(({ targets }) => targets.map(({ address }) => address));
  const text = await unlessRefused(askText(vmalert, { method: 'GET', path: '/metrics' }, signal));
  const page = text === undefined ? undefined : parseExposition(text);
  if (page === undefined || !page.families.some(({ name }) => name.startsWith('vmalert_'))) return undefined;
  const counted = page.families.find(({ name }) => name === 'vmalert_alerts_sent_total');
  return (counted?.samples ?? []).flatMap(({ labels }) => labels['addr'] ?? []);
}

/** What a VictoriaMetrics shows of itself on its own page; undefined when the page is not one of its. */
export function victoriaMetricsOn(page: Exposition): { readonly version: string; readonly flags: Labels } | undefined {
  const samplesOf = (family: string) => page.families.find(({ name }) => name === family)?.samples ?? [];
  const [version] = samplesOf('vm_app_version');
  if (version === undefined) return undefined;
  const flags = samplesOf('flag').map(({ labels }) => [labels['name'] ?? '', labels['value'] ?? ''] as const);
  // Debian builds it without a version.
  return { version: version.labels['short_version'] ?? '', flags: Object.fromEntries(flags) };
}

async function unlessRefused<Answer>(wanted: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await wanted;
  } catch (error) {
    if (error instanceof Fault && error.code === 'stack/unexpected-answer') return undefined;
    throw error;
  }
}
