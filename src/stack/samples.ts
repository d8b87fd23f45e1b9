import { z } from 'zod';
import { formatDuration } from '../base/duration.ts';
import type { Series } from './prometheus.ts';

/** A sample's time in Unix milliseconds and its value; NaN and infinities as text. */
const recordedSample = z.tuple([z.number(), z.union([z.number(), z.string()])]).readonly();

/** Series as they stand in recorded facts. */
export const recordedSeries = z
  .strictObject({ labels: z.record(z.string(), z.string()).readonly(), samples: z.array(recordedSample).readonly() })
  .readonly();

/** The time of the newest sample of all; undefined when there is none. */
export function newestMs(series: readonly Series[]): number | undefined {
  const times = series.map(({ samples }) => samples.at(-1)?.[0]).filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** The times between samples that follow each other. */
export function gapsMs({ samples }: Series): readonly number[] {
  return samples.slice(1).map(([time], index) => time - (samples[index]?.[0] ?? time));
}

/** The middle value; of an even number of them the mean of the two in the middle. Undefined for none. */
export function median(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (upper + lower) / 2;
}

/** A measured time for people: rounded, because nobody compares `15s3ms` with `15s` by eye. */
export function formatMeasured(ms: number): string {
  if (Math.abs(ms) < 1_000) return `${String(Math.round(ms))} ms`;
  if (Math.abs(ms) < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return formatDuration(Math.round(ms / 1_000) * 1_000);
}
