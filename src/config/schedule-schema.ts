import { z } from 'zod';
import { duration, parseDuration, timeLimit } from '../base/duration.ts';
import type { MaintenanceWindow, Phase, Schedule } from '../check/schedule.ts';
import { cronTrouble, isTimeZone } from '../schedule/cron-trouble.ts';
import { text } from './schema-words.ts';

/** More often is a load test, and no check. */
const shortestMs = 100;

type Simple = Phase['schedule'];

const expression = z
  .string()
  .superRefine((written, context) => {
    const trouble = cronTrouble(written);
    if (trouble !== undefined) context.addIssue({ code: 'custom', message: `"${written}" is no cron expression: ${trouble}` });
  })
  .meta({ expects: 'a cron expression such as "*/5 * * * *"' });

const timeZone = z
  .string()
  .superRefine((zone, context) => {
    if (isTimeZone(zone)) return;
    context.addIssue({
      code: 'custom',
      message: `"${zone}" is no time zone`,
      params: { hint: 'write one of the IANA database, such as Europe/Berlin' },
    });
  })
  .default('UTC')
  .describe('the time zone of the cron expression');

const worded = z
  .string()
  .transform((written, context): Simple => {
    if (written === 'continuous') return { type: 'continuous', pauseMs: 0 };
    const everyMs = parseDuration(written);
    const refuse = (message: string): Simple => {
      context.addIssue({ code: 'custom', message });
      return z.NEVER;
    };
    if (everyMs !== undefined) {
      if (everyMs < shortestMs) return refuse(`must be at least ${String(shortestMs)}ms, not "${written}"`);
      return everyMs > 2_073_600_000
        ? refuse(`must be at most 24d, not "${written}": write a cron expression`)
        : { type: 'every', everyMs };
    }
    const parts = written.trim().split(/\s+/).length;
    if (parts < 5 && !written.startsWith('@')) return refuse(`"${written}" is none of: 30s, a cron expression, continuous`);
    const trouble = cronTrouble(written);
    return trouble === undefined
      ? { type: 'cron', expression: written, timeZone: 'UTC' }
      : refuse(`"${written}" is no cron expression: ${trouble}`);
  })
  .meta({ expects: 'a duration such as 30s, a cron expression or "continuous"' });

const atTimes = z
  .strictObject({ cron: expression.describe('when it starts: five fields, or six with seconds in front'), timeZone })
  .transform(({ cron, timeZone: zone }): Simple => ({ type: 'cron', expression: cron, timeZone: zone }));

const afterPause = z
  .strictObject({ pause: timeLimit.describe('starts again when the last run has ended and this has passed') })
  .transform(({ pause }): Simple => ({ type: 'continuous', pauseMs: pause }));

const simple = z
  .union([worded, atTimes, afterPause])
  .meta({ expects: 'a duration such as 30s, a cron expression, "continuous", or a map with "cron" or "pause"' });

const phase = z
  .strictObject({
    for: duration
      .refine((ms) => ms > 0, 'must be longer than nothing')
      .optional()
      .describe('how long it lasts; without end when left out'),
    interval: simple.describe('how often in this phase'),
  })
  .transform((each): Phase => ({ ...(each.for === undefined ? {} : { forMs: each.for }), schedule: each.interval }));

const phased = z
  .strictObject({
    since: z
      .enum(['start', 'deployment'])
      .default('start')
      .describe('what the first phase begins with; phases that begin with a deployment wait for the first one'),
    phases: z
      .array(phase)
      .min(1)
      .superRefine((phases, context) => {
        for (const [index, { forMs }] of phases.slice(0, -1).entries())
          if (forMs === undefined)
            context.addIssue({
              code: 'custom',
              path: [index],
              message: 'only the last phase may be without end: say "for" how long this one lasts',
            });
      })
      .describe('one after the other; the last may be without end'),
  })
  .transform(({ since, phases }): Schedule => ({ type: 'phases', since, phases }));

/** When a check runs, as people write it. */
export const interval = z
  .union([worded, atTimes, afterPause, phased])
  .meta({ expects: 'a duration such as 30s, a cron expression, "continuous", or a map with "cron", "pause" or "phases"' })
  .describe('when it runs: 30s, a cron expression, continuous, or phases; only when asked for when left out');

const instant = z.iso.datetime({ offset: true }).meta({ expects: 'an instant such as 2026-03-01T22:00:00Z' });
const because = text.describe('why, as those who ask will read it');

const once = z
  .strictObject({ because, from: instant.describe('its beginning'), to: instant.describe('its end') })
  .transform((each, context): MaintenanceWindow => {
    const [fromMs, toMs] = [Date.parse(each.from), Date.parse(each.to)];
    if (toMs <= fromMs) context.addIssue({ code: 'custom', path: ['to'], message: 'a window ends after it begins' });
    return { because: each.because, type: 'once', fromMs, toMs };
  });

const again = z
  .strictObject({
    because,
    cron: expression.describe('when it begins, again and again'),
    timeZone,
    lasts: duration.refine((ms) => ms > 0, 'must be longer than nothing').describe('how long each lasts'),
  })
  .transform((each): MaintenanceWindow => {
    return { because: each.because, type: 'again', expression: each.cron, timeZone: each.timeZone, lastsMs: each.lasts };
  });

export const maintenance = z
  .array(z.union([once, again]).meta({ expects: 'a map with "from" and "to", or with "cron" and "lasts"' }))
  .default([]);
