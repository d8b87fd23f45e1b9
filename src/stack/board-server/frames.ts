import type { FrameAnswer } from './answers.ts';

export interface Told {
  /** Values that are numbers. */
  readonly values: number;
  /** The largest of the newest ones. */
  readonly newestValue?: number | undefined;
  /** The time of the newest of them. */
  readonly newestMs?: number | undefined;
  /** The time between the values of a range. */
  readonly stepMs?: number | undefined;
}

/** What data frames tell: columns of times and of numbers. A column without a type, as in short answers, is a time if it is the first. */
export function readFrames(frames: readonly FrameAnswer[]): Told {
  let values = 0;
  let newestMs = -Infinity;
  let newestValue = -Infinity;
  let stepMs = 0;
  for (const { schema, data } of frames) {
    const typeOf = (index: number): string => schema?.fields[index]?.type ?? (index === 0 ? 'time' : 'number');
    const times = data.values.find((_, index) => typeOf(index) === 'time') ?? [];
    for (const [index, column] of data.values.entries()) {
      if (typeOf(index) !== 'number') continue;
      values += column.filter((value) => typeof value === 'number').length;
      const last = column.findLastIndex((value) => typeof value === 'number');
      const [value, time] = [column[last], times[last]];
      if (typeof time === 'number') newestMs = Math.max(newestMs, time);
      if (typeof value === 'number') newestValue = Math.max(newestValue, value);
    }
    const [first, second] = times;
    const configured = schema?.fields.find(({ type }) => type === 'time')?.config?.interval ?? 0;
    const seen = typeof first === 'number' && typeof second === 'number' ? second - first : 0;
    stepMs = Math.max(stepMs, configured, seen);
  }
  return {
    values,
    ...(Number.isFinite(newestValue) ? { newestValue } : {}),
    ...(Number.isFinite(newestMs) ? { newestMs } : {}),
    ...(stepMs > 0 ? { stepMs } : {}),
  };
}
