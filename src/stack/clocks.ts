import { z } from 'zod';
import type { Clock } from '../base/clock.ts';
import { Fault } from '../base/fault.ts';
import type { Prometheus } from './prometheus.ts';
import { formatMeasured } from './samples.ts';

/** What our clock and Prometheus' clock said at the same moment, in Unix milliseconds. Ages of samples are counted on the latter. */
export const recordedClocks = z.strictObject({ oursMs: z.number(), prometheusMs: z.number() });
export type Clocks = Readonly<z.infer<typeof recordedClocks>>;

/** A difference that is worth telling; less than that is the time of the answer. */
const noticeableMs = 2_000;

export async function readClocks(prometheus: Prometheus, clock: Clock, signal: AbortSignal): Promise<Clocks> {
  const [now] = await prometheus.instant('time()', signal);
  const seconds = now?.samples[0]?.[1];
  if (typeof seconds !== 'number') {
    throw new Fault(
      'stack/unexpected-answer',
      `Prometheus at ${prometheus.url} does not tell its time: time() gave ${JSON.stringify(now)}`,
    );
  }
  return { oursMs: clock.now().getTime(), prometheusMs: Math.round(seconds * 1_000) };
}

/** A remark for a sentence that holds ages; empty while the clocks agree. */
export function skewNote({ oursMs, prometheusMs }: Clocks): string {
  const skewMs = prometheusMs - oursMs;
  if (Math.abs(skewMs) < noticeableMs) return '';
  return ` (the clock of Prometheus is ${formatMeasured(Math.abs(skewMs))} ${skewMs > 0 ? 'ahead of' : 'behind'} ours; ages are counted on its clock)`;
}
