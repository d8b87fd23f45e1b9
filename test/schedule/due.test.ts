import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Phase, Schedule } from '../../src/check/schedule.ts';
import { cronTimes } from '../../src/schedule/cron.ts';
import { accountedTo, type DueContext } from '../../src/schedule/due-context.ts';
import { duePassed, nextDue } from '../../src/schedule/due.ts';
import { spreadMs } from '../../src/schedule/spread.ts';

const startMs = Date.parse('2026-11-21T12:00:00Z');
const minute = 60_000;

function contextOf(changes: Partial<DueContext> = {}): DueContext {
  const afterMs = changes.afterMs ?? startMs;
  return { name: 'login', afterMs, afterWallMs: afterMs, skewMs: 0, startedAtMs: startMs, busy: false, ...changes };
}

/** All slots after `fromMs` up to `toMs`, one by one; runs of a continuous check end at once. */
function slots(schedule: Schedule, fromMs: number, toMs: number, changes: Partial<DueContext> = {}): number[] {
  const found: number[] = [];
  let context = contextOf({ ...changes, ...accountedTo(fromMs, 0) });
  for (;;) {
    const dueMs = nextDue(schedule, context);
    if (dueMs === undefined || dueMs > toMs) return found;
    found.push(dueMs);
    context = { ...context, ...accountedTo(dueMs, 0), endedAtMs: dueMs };
  }
}

const times = (all: readonly number[]): string[] => all.map((ms) => new Date(ms).toISOString());

describe('a check that runs every so often', () => {
  test('starts at the same place of each period, whenever the process was started', () => {
    const schedule = { type: 'every', everyMs: 10_000 } as const;
    const dueMs = nextDue(schedule, contextOf()) ?? 0;
    expect(dueMs % 10_000).toBe(spreadMs('login', 10_000));
    expect(nextDue(schedule, contextOf({ startedAtMs: startMs - 123, afterMs: dueMs - 1 }))).toBe(dueMs);
    expect(nextDue(schedule, contextOf({ afterMs: dueMs }))).toBe(dueMs + 10_000);
  });

  test('and a thousand others are spread evenly: never more than 26 in a tenth of a second that would have 10', () => {
    for (const name of ['check', 'accubooks/forecast', 'https://shop.example/orders?page=']) {
      const perTenth = Array.from({ length: 100 }, () => 0);
      for (let index = 0; index < 1_000; index++) {
        const tenth = Math.floor(spreadMs(`${name}${String(index)}`, 10_000) / 100);
        perTenth[tenth] = (perTenth[tenth] ?? 0) + 1;
      }
      expect(Math.max(...perTenth)).toBeLessThanOrEqual(26);
    }
  });

  test('whatever the names, each fifth of the period has its share, give or take a third', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20 }), { minLength: 1_000, maxLength: 1_000 }), (names) => {
        const fifths = [0, 0, 0, 0, 0];
        for (const name of names) {
          const fifth = Math.floor(spreadMs(name, 5_000) / 1_000);
          fifths[fifth] = (fifths[fifth] ?? 0) + 1;
        }
        return fifths.every((count) => count > 133 && count < 267);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a cron expression', () => {
  const daily = (expression: string, timeZone = 'Europe/Berlin') => ({ type: 'cron', expression, timeZone }) as const;

  test('is read in its own time zone, with seconds where it has them', () => {
    expect(times(slots(daily('30 8 * * 1-5', 'America/New_York'), startMs, startMs + 3.5 * 1440 * minute))).toEqual([
      '2026-11-23T13:30:00.000Z',
      '2026-11-24T13:30:00.000Z',
    ]);
    expect(times(slots(daily('*/20 * * * * *', 'UTC'), startMs, startMs + minute))).toEqual([
      '2026-11-21T12:00:20.000Z',
      '2026-11-21T12:00:40.000Z',
      '2026-11-21T12:01:00.000Z',
    ]);
  });

  test('for a time of day that the zone leaves out is due at the first time after the gap', () => {
    const around = [Date.parse('2026-03-28T12:00:00Z'), Date.parse('2026-03-30T12:00:00Z')] as const;
    expect(times(slots(daily('30 2 * * *'), ...around))).toEqual(['2026-03-29T01:00:00.000Z', '2026-03-30T00:30:00.000Z']);
  });

  test('for a time of day that comes twice is due once', () => {
    const around = [Date.parse('2026-10-24T12:00:00Z'), Date.parse('2026-10-26T12:00:00Z')] as const;
    expect(times(slots(daily('30 2 * * *'), ...around))).toEqual(['2026-10-25T00:30:00.000Z', '2026-10-26T01:30:00.000Z']);
  });

  test('that repeats within the hour goes by the time that passes, also when the clocks are set', () => {
    const zones = fc.constantFrom('Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
    const days = fc.constantFrom('2026-03-29', '2026-10-25', '2026-03-08', '2026-11-01', '2026-04-05', '2026-10-04', '2026-06-01');
    fc.assert(
      fc.property(zones, days, fc.constantFrom(5, 10, 15, 20, 30), (timeZone, day, everyMinutes) => {
        const fromMs = Date.parse(`${day}T00:00:00Z`) - 720 * minute;
        const toMs = fromMs + 1440 * minute;
        const minuteOf = new Intl.DateTimeFormat('en', { timeZone, minute: 'numeric' });
        const wanted: number[] = [];
        for (let ms = fromMs + minute; ms <= toMs; ms += minute) if (Number(minuteOf.format(ms)) % everyMinutes === 0) wanted.push(ms);
        expect(times(slots(daily(`*/${String(everyMinutes)} * * * *`, timeZone), fromMs, toMs))).toEqual(times(wanted));
      }),
      { numRuns: 40 },
    );
  });

  test('gives the same answers in whatever order it is asked', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 7 * 1440 * minute }), { minLength: 2, maxLength: 12 }), (offsets) => {
        const expression = '7,37 */5 * * *';
        const asked = offsets.map((offset) => cronTimes(expression, 'Europe/Berlin')(startMs + offset));
        const all = slots(daily(expression), startMs - minute, startMs + 8 * 1440 * minute);
        expect(asked).toEqual(offsets.map((offset) => all.find((ms) => ms > startMs + offset)));
      }),
      { numRuns: 50 },
    );
  });

  test('that is none is refused, and so is a time zone that is none', () => {
    expect(() => cronTimes('61 * * * *', 'UTC')).toThrow('61');
    expect(() => cronTimes('* * * * *', 'Europe/Atlantis')).toThrow('Europe/Atlantis');
  });

  test('that never comes is never due', () => {
    expect(nextDue(daily('0 0 30 2 *'), contextOf())).toBeUndefined();
  });

  test('follows the wall clock, not the time line', () => {
    const skewMs = 90 * minute;
    const dueMs = nextDue(daily('0 14 * * *', 'UTC'), contextOf({ skewMs, afterWallMs: startMs + skewMs }));
    expect(dueMs).toBe(Date.parse('2026-11-21T12:30:00Z'));
  });
});

describe('a continuous check', () => {
  const schedule = { type: 'continuous', pauseMs: 5_000 } as const;

  test('begins within its first pause, and then a pause after each end', () => {
    expect(nextDue(schedule, contextOf())).toBe(startMs + spreadMs('login', 5_000));
    expect(nextDue(schedule, contextOf({ afterMs: startMs + 1_000, endedAtMs: startMs + 30_000 }))).toBe(startMs + 35_000);
  });

  test('has no next time while it runs', () => {
    expect(nextDue(schedule, contextOf({ busy: true }))).toBeUndefined();
  });

  test('without a pause does not spin when its runs end at once', () => {
    expect(nextDue({ type: 'continuous', pauseMs: 0 }, contextOf({ afterMs: startMs, endedAtMs: startMs }))).toBe(startMs + 100);
  });
});

describe('phases', () => {
  const every = (everyMs: number) => ({ type: 'every', everyMs }) as const;
  const schedule = {
    type: 'phases',
    since: 'deployment',
    phases: [
      { forMs: 10 * minute, schedule: every(minute) },
      { forMs: 60 * minute, schedule: every(10 * minute) },
      { schedule: every(60 * minute) },
    ],
  } as const;

  test('follow each other from the deployment on, the last without end', () => {
    const found = slots(schedule, startMs, startMs + 250 * minute, { deployedAtMs: startMs });
    expect(found.filter((ms) => ms < startMs + 10 * minute)).toHaveLength(10);
    expect(found.filter((ms) => ms >= startMs + 10 * minute && ms < startMs + 70 * minute)).toHaveLength(6);
    expect(found.filter((ms) => ms >= startMs + 70 * minute)).toHaveLength(3);
    expect(slots(schedule, startMs + 1e9, startMs + 1e9 + 60 * minute, { deployedAtMs: startMs })).toHaveLength(1);
  });

  test('that count from a deployment wait for one', () => {
    expect(nextDue(schedule, contextOf())).toBeUndefined();
    expect(nextDue(schedule, contextOf({ deployedAtMs: startMs + 60 * minute }))).toBeGreaterThanOrEqual(startMs + 60 * minute);
  });

  test('may have an end, and a time in which nothing is due', () => {
    const twice = {
      type: 'phases',
      since: 'start',
      phases: [
        { forMs: minute, schedule: { type: 'on-demand' } },
        { forMs: minute, schedule: every(30_000) },
      ],
    } as const;
    const found = slots(twice, startMs, startMs + 60 * minute);
    expect(found).toHaveLength(2);
    expect(Math.min(...found)).toBeGreaterThanOrEqual(startMs + minute);
    expect(Math.max(...found)).toBeLessThan(startMs + 2 * minute);
  });

  test('have a first moment, and their last belongs to the next one', () => {
    const minutely = { type: 'cron', expression: '* * * * *', timeZone: 'UTC' } as const;
    const found = (second: Phase): string[] =>
      times(
        slots(
          { type: 'phases', since: 'start', phases: [{ forMs: 2 * minute, schedule: minutely }, second] },
          startMs - 1,
          startMs + 3 * minute,
        ),
      );
    expect(found({ schedule: { type: 'on-demand' } })).toEqual(['2026-11-21T12:00:00.000Z', '2026-11-21T12:01:00.000Z']);
    expect(found({ forMs: minute, schedule: minutely })).toEqual([
      '2026-11-21T12:00:00.000Z',
      '2026-11-21T12:01:00.000Z',
      '2026-11-21T12:02:00.000Z',
    ]);
  });

  test('go from continuous to a period: while a run is under way the slots of the next phase are known', () => {
    const mixed = {
      type: 'phases',
      since: 'start',
      phases: [{ forMs: minute, schedule: { type: 'continuous', pauseMs: 1_000 } }, { schedule: every(minute) }],
    } as const;
    expect(nextDue(mixed, contextOf({ endedAtMs: startMs + 5_000 }))).toBe(startMs + 6_000);
    const nextPhase = nextDue(mixed, contextOf({ busy: true })) ?? 0;
    expect(nextPhase).toBeGreaterThanOrEqual(startMs + minute);
    expect(nextDue(mixed, contextOf({ endedAtMs: startMs + 59_500 }))).toBe(nextPhase);
  });
});

describe('the slots of a stretch of time', () => {
  const every = fc.integer({ min: 1_000, max: 7_200_000 }).map((everyMs) => ({ type: 'every', everyMs }) as const);
  const cron = fc
    .constantFrom('*/5 * * * *', '0 * * * *', '30 2 * * *', '*/30 * * * * *', '15 1,2,3 * * *')
    .chain((expression) =>
      fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York').map((timeZone) => ({ type: 'cron', expression, timeZone }) as const),
    );
  const plain = fc.oneof(every, cron);
  const phases = fc
    .array(fc.record({ forMs: fc.integer({ min: 1_000, max: 7_200_000 }), schedule: plain }), { minLength: 1, maxLength: 4 })
    .map((list) => ({ type: 'phases', since: 'start', phases: list }) as const);
  const schedules: fc.Arbitrary<Schedule> = fc.oneof(plain, phases);
  // Around the night in which the clocks of Berlin go back.
  const fromMs = Date.parse('2026-10-24T22:10:00Z');

  test('are the same however it is cut: none is counted twice, none is lost', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: 4 * 3_600_000 }), { maxLength: 6 });
    fc.assert(
      fc.property(schedules, cuts, (schedule, at) => {
        const toMs = fromMs + 4 * 3_600_000;
        const wanted = slots(schedule, fromMs, toMs, { startedAtMs: fromMs });
        let counted = 0;
        let context = contextOf({ ...accountedTo(fromMs, 0), startedAtMs: fromMs });
        for (const untilMs of [...at.map((ms) => fromMs + ms).toSorted((a, b) => a - b), toMs]) {
          const passed = duePassed(schedule, context, untilMs);
          if (passed === undefined) continue;
          const within = wanted.slice(counted, counted + passed.count);
          expect([passed.firstMs, passed.beforeLastMs, passed.lastMs]).toEqual([within[0], within.at(-2) ?? within[0], within.at(-1)]);
          counted += passed.count;
          context = { ...context, ...accountedTo(passed.lastMs, 0) };
        }
        expect(counted).toBe(wanted.length);
      }),
      { numRuns: 100 },
    );
  });
});
