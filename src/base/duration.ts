import { z } from 'zod';

const unitMs: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
};
const units = ['y', 'w', 'd', 'h', 'm', 's', 'ms'] as const;
const form = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Reads a duration as Prometheus writes it (`15s`, `1h30m`, `30d`); undefined when it is not one. */
export function parseDuration(text: string): number | undefined {
  const match = form.exec(text);
  if (match === null || text === '') return undefined;
  return units.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * (unitMs[unit] ?? 0), 0);
}

/** Writes milliseconds as Prometheus would (`90000` → `1m30s`); fractions of a millisecond are rounded. */
export function formatDuration(ms: number): string {
  let left = Math.round(ms);
  if (left === 0) return '0s';
  let text = left < 0 ? '-' : '';
  left = Math.abs(left);
  // Weeks and years are read but not written: people compare `30d` with `15d`, not with `2w1d`.
  for (const unit of ['d', 'h', 'm', 's', 'ms'] as const) {
    const size = unitMs[unit] ?? 1;
    const count = Math.floor(left / size);
    if (count > 0) text += `${String(count)}${unit}`;
    left -= count * size;
  }
  return text;
}

/** Added to any time of ours, it still is one that a Date can hold. */
const longestMs = 3_153_600_000_000;

/** A duration in configuration: written `15s`, read as milliseconds. */
export const duration = z
  .string()
  .transform((text, context) => {
    const ms = parseDuration(text);
    if (ms !== undefined && ms <= longestMs) return ms;
    const message = ms === undefined ? 'is not a duration: write 15s, 5m, 1h30m or 30d' : 'is too long: at most 100y';
    context.addIssue({ code: 'custom', message: `"${text}" ${message}` });
    return z.NEVER;
  })
  .meta({ expects: 'a duration such as 15s' });

/** A duration for which a timer waits. Timers count in 31 bits, and end at once when they are given more. */
export const timeLimit = duration
  .refine((ms) => ms <= 2_073_600_000, 'a timer waits at most 24d')
  .meta({ expects: 'a duration such as 15s' });

/** A time limit that somebody can keep. What uses it may take 0 for no limit at all, as databases do. */
export const timeAllowed = timeLimit.refine((ms) => ms > 0, 'must be longer than nothing').meta({ expects: 'a duration such as 15s' });
