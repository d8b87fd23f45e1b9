import { expect, it } from 'vitest';
import { cronTimes } from '../../src/schedule/cron.ts';

it.each([
  ['@hourly', '2026-02-03T05:00:00.000Z'],
  ['@daily', '2026-02-03T23:00:00.000Z'],
  ['@weekly', '2026-02-07T23:00:00.000Z'],
  ['@monthly', '2026-02-28T23:00:00.000Z'],
  ['@yearly', '2026-12-31T23:00:00.000Z'],
])('%s begins with the hour, day, week, month or year of its time zone', (nickname, due) => {
  const next = cronTimes(nickname, 'Europe/Berlin')(Date.parse('2026-02-03T04:05:06Z'));
  expect(new Date(next ?? 0).toISOString()).toBe(due);
});
