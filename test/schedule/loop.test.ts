import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Job } from '../../src/schedule/job.ts';
import type { Tally } from '../../src/schedule/tally.ts';
import { job, runs, startLoop, timeOf, type Started } from './started.ts';

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const hourly = (expression: string) => ({ type: 'cron', expression, timeZone: 'UTC' }) as const;
const every = (everyMs: number) => ({ type: 'every', everyMs }) as const;

function missedSlots({ missed }: Started): string[] {
  return missed().map(({ id, why, count, fromMs, toMs }) => `${id} ${why} ${String(count)} ${timeOf(fromMs)}-${timeOf(toMs)}`);
}

/** What must always hold. */
function isBalanced({ due, ran, running, waiting, ended, missed }: Tally): boolean {
  const sum = (counts: Readonly<Record<string, number>>): number => Object.values(counts).reduce((total, count) => total + count, 0);
  return due === ran + waiting + sum(missed) && ran === running + sum(ended);
}

async function end(started: Started): Promise<void> {
  started.stop();
  await started.clock.advance(20 * second);
  await started.loop.ended;
  expect(started.clock.sleepers).toBe(0);
  expect(isBalanced(started.loop.tally())).toBe(true);
}

describe('the loop', () => {
  test('starts each check when it is due, and says how late it was', async () => {
    const started = startLoop([job('a'), job('b', { schedule: hourly('5,15 * * * * *') })]);
    await started.clock.advance(21 * second);
    expect(started.begun()).toEqual(['b 12:00:05', 'a 12:00:10', 'b 12:00:15', 'a 12:00:20']);
    expect(started.loop.tally()).toMatchObject({ due: 4, ran: 4, running: 0, ended: { done: 4 } });
    await end(started);
  });

  test('has one timer, whatever the number of checks', async () => {
    const jobs = Array.from({ length: 500 }, (_, index) => job(String(index), { schedule: every(hour) }));
    const started = startLoop(jobs);
    await started.clock.advance(1);
    expect(started.clock.sleepers).toBe(1);
    await end(started);
  });

  test('does not overlap a check with itself: a slot that comes while it runs is missed', async () => {
    const started = startLoop([job('slow')], { takesMs: 25 * second });
    await started.clock.advance(41 * second);
    expect(started.begun()).toEqual(['slow 12:00:10', 'slow 12:00:40']);
    expect(missedSlots(started)).toEqual(['slow still-running 1 12:00:20-12:00:20', 'slow still-running 1 12:00:30-12:00:30']);
    expect(started.missed()[0]?.says).toBe('the run before had not ended');
    await end(started);
  });

  test('lets in as many as there is room for, those that were due first first, and browsers apart', async () => {
    const at = (id: string, atSecond: string, changes: Partial<Job> = {}): Job =>
      job(id, { schedule: hourly(`${atSecond} 0 13 * * *`), ...changes });
    const started = startLoop(
      [at('c', '3'), at('b', '2'), at('a', '1'), at('page', '1', { weight: 'heavy' }), at('page2', '2', { weight: 'heavy' })],
      {
        limits: { light: 1, heavy: 1 },
        takesMs: 10 * second,
      },
    );
    await started.clock.advance(hour + 40 * second);
    expect(started.begun()).toEqual(['a 13:00:01', 'page 13:00:01', 'b 13:00:02 +9000', 'page2 13:00:02 +9000', 'c 13:00:03 +18000']);
    await end(started);
  });

  test('keeps the place of a slot that waits for room, and misses the ones that come meanwhile', async () => {
    const started = startLoop([job('long', { schedule: hourly('9 0 13 * * *') }), job('a', { schedule: hourly('*/10 0 13 * * *') })], {
      limits: { light: 1, heavy: 1 },
      run: ({ id }, _slot, signal) => runs(started.clock, id === 'long' ? 25 * second : 10, signal),
    });
    await started.clock.advance(hour + 45 * second);
    expect(started.begun('a').slice(-2)).toEqual(['13:00:10 +24000', '13:00:40']);
    expect(missedSlots(started)).toEqual(['a no-room 1 13:00:20-13:00:20', 'a no-room 1 13:00:30-13:00:30']);
    await end(started);
  });

  test('goes on when a run throws, at once or later, and tells it', async () => {
    const started = startLoop([job('sync'), job('later'), job('well')], {
      run: ({ id }, _slot, signal) => {
        if (id === 'sync') throw new TypeError('a bug');
        return id === 'later' ? runs(started.clock, 5, signal).then(() => Promise.reject(new Error('another'))) : Promise.resolve();
      },
    });
    await started.clock.advance(21 * second);
    const threw = started.events.flatMap((event) =>
      event.type === 'ended' && event.how === 'threw' ? [`${event.id}: ${String(event.error)}`] : [],
    );
    expect(threw.toSorted()).toEqual([
      'later: Error: another',
      'later: Error: another',
      'sync: TypeError: a bug',
      'sync: TypeError: a bug',
    ]);
    expect(started.begun('well')).toHaveLength(2);
    expect(started.loop.tally().ended).toEqual({ done: 2, threw: 4, aborted: 0 });
    await end(started);
  });

  test('runs a continuous check again a pause after its end', async () => {
    const started = startLoop([job('a', { schedule: { type: 'continuous', pauseMs: 2 * second } })], { takesMs: 3 * second });
    await started.clock.advance(20 * second);
    const begun = started.events.flatMap((event) => (event.type === 'started' ? [event.slot.dueAtMs] : []));
    expect(begun.slice(1).map((ms, index) => ms - (begun[index] ?? 0))).toEqual([5_000, 5_000, 5_000]);
    await end(started);
  });

  test('runs a check that somebody asks for, now, but not twice at once', async () => {
    const started = startLoop([job('a', { schedule: { type: 'on-demand' } })], { takesMs: 5 * second });
    await started.clock.advance(minute);
    expect([started.loop.ask('a'), started.loop.ask('a'), started.loop.ask('b')]).toEqual([true, false, false]);
    await started.clock.advance(6 * second);
    expect(started.begun('a')).toEqual(['12:01:00']);
    expect(started.loop.ask('a')).toBe(true);
    await end(started);
    expect(started.loop.ask('a')).toBe(false);
  });

  test('runs on after a deployment as its phases say', async () => {
    const phases = [{ forMs: minute, schedule: every(10 * second) }, { schedule: { type: 'on-demand' } }] as const;
    const started = startLoop([job('a', { schedule: { type: 'phases', since: 'deployment', phases } })]);
    await started.clock.advance(hour);
    expect(started.begun()).toEqual([]);
    started.loop.deployed(started.clock.now().getTime());
    await started.clock.advance(hour);
    expect(started.begun()).toHaveLength(6);
    expect(started.missed()).toEqual([]);
    await end(started);
  });

  test('a bug in what it tells to ends it, when all runs have ended', async () => {
    const started = startLoop([job('a')], {
      tell: () => {
        throw new RangeError('no such metric');
      },
    });
    const ended = started.loop.ended.catch((error: unknown) => error);
    await started.clock.advance(30 * second);
    expect(String(await ended)).toBe('RangeError: no such metric');
    expect(started.clock.sleepers).toBe(0);
  });
});

describe('maintenance', () => {
  test('keeps a check from being run, and says why; a run that is under way goes on', async () => {
    const from = Date.parse('2026-11-21T12:00:20Z');
    const once = { type: 'once', fromMs: from, toMs: from + 20 * second, because: 'the database moves' } as const;
    const started = startLoop([job('a', { maintenance: [once] })], { takesMs: 12 * second });
    await started.clock.advance(55 * second);
    expect(started.begun('a')).toEqual(['12:00:10', '12:00:40']);
    expect(missedSlots(started)).toEqual([
      'a maintenance 1 12:00:20-12:00:20',
      'a maintenance 1 12:00:30-12:00:30',
      'a still-running 1 12:00:50-12:00:50',
    ]);
    expect(started.missed()[0]?.says).toBe('the database moves');
    await end(started);
  });

  test('comes again by its expression, and a continuous check goes on after it', async () => {
    const again = { type: 'again', expression: '1 * * * *', timeZone: 'UTC', lastsMs: minute, because: 'backup' } as const;
    const started = startLoop([job('a', { schedule: { type: 'continuous', pauseMs: 20 * second }, maintenance: [again] })]);
    await started.clock.advance(2 * minute + 30 * second);
    const within = started.events.filter(
      (event) =>
        event.type === 'started' &&
        event.slot.dueAtMs >= Date.parse('2026-11-21T12:01:00Z') &&
        event.slot.dueAtMs < Date.parse('2026-11-21T12:02:00Z'),
    );
    expect(within).toEqual([]);
    expect(started.missed().map(({ why, count, says }) => `${why} ${String(count)} ${says}`)).toEqual(['maintenance 1 backup']);
    expect(started.begun('a').at(-1)).toBe('12:02:20');
    await end(started);
  });

  test('that began while a slot waited for room keeps it out', async () => {
    const from = Date.parse('2026-11-21T13:00:15Z');
    const maintenance = [{ type: 'once', fromMs: from, toMs: from + minute, because: 'the move' } as const];
    const started = startLoop(
      [job('long', { schedule: hourly('9 0 13 * * *') }), job('a', { schedule: hourly('10 0 13 * * *'), maintenance })],
      {
        limits: { light: 1, heavy: 1 },
        takesMs: 20 * second,
      },
    );
    await started.clock.advance(hour + minute);
    expect(started.begun()).toEqual(['long 13:00:09']);
    expect(missedSlots(started)).toEqual(['a maintenance 1 13:00:10-13:00:10']);
    await end(started);
  });
});

describe('a wall clock that is set', () => {
  test('does not move checks that run every so often, forward or back', async () => {
    const started = startLoop([job('a', { schedule: every(10 * second) })]);
    const begun: number[] = [];
    for (const by of [0, 2 * hour, -3 * hour, 400 * 24 * hour, -800 * 24 * hour]) {
      started.clock.set(by);
      const before = started.begun().length;
      await started.clock.advance(minute);
      begun.push(started.begun().length - before);
    }
    expect(begun).toEqual([6, 6, 6, 6, 6]);
    expect(started.missed()).toEqual([]);
    expect(started.events.flatMap((event) => (event.type === 'clock-jumped' ? [event.byMs] : []))).toEqual([
      2 * hour,
      -3 * hour,
      400 * 24 * hour,
      -800 * 24 * hour,
    ]);
    await end(started);
  });

  test('forward over slots of a cron expression: they are missed, the next one is on time', async () => {
    const started = startLoop([job('a', { schedule: hourly('*/10 * * * *') })]);
    await started.clock.advance(5 * minute);
    started.clock.set(30 * minute);
    await started.clock.advance(10 * minute);
    expect(started.begun('a')).toEqual(['12:40:00']);
    expect(missedSlots(started)).toEqual(['a clock-jumped 3 12:10:00-12:30:00']);
    expect(started.missed()[0]?.says).toBe('the clock was set forward by 30m');
    await end(started);
  });

  test('forward by more than three hours was wrong before: nothing was due in between', async () => {
    const started = startLoop([job('a', { schedule: hourly('*/10 * * * *') })]);
    await started.clock.advance(minute);
    started.clock.set(365 * 24 * hour);
    await started.clock.advance(10 * minute);
    expect(started.begun('a')).toEqual(['12:10:00']);
    expect(started.missed()).toEqual([]);
    await end(started);
  });

  test('just past a slot: it is run, a little late', async () => {
    const started = startLoop([job('a', { schedule: hourly('*/10 * * * *') })]);
    await started.clock.advance(9 * minute + 59 * second);
    started.clock.set(3 * second);
    await started.clock.advance(5 * second);
    expect(started.begun('a')).toEqual([expect.stringMatching(/^12:10:00 \+[23]\d\d\d$/)]);
    await end(started);
  });

  test('back by less than a period does not run the slot again that has been', async () => {
    const started = startLoop([job('a', { schedule: hourly('30 12,16 * * *') })]);
    await started.clock.advance(40 * minute);
    started.clock.set(-hour);
    await started.clock.advance(2 * hour);
    expect(started.begun('a')).toEqual(['12:30:00']);
    await started.clock.advance(3 * hour);
    expect(started.begun('a')).toEqual(['12:30:00', '16:30:00']);
    expect(started.missed()).toEqual([]);
    await end(started);
  });

  test('back by many periods does not silence a check', async () => {
    const started = startLoop([job('a', { schedule: hourly('*/10 * * * *') })]);
    await started.clock.advance(25 * minute);
    started.clock.set(-5 * hour);
    await started.clock.advance(10 * minute);
    expect(started.begun('a')).toEqual(['12:10:00', '12:20:00', '07:30:00']);
    await end(started);
  });
});

describe('a machine that sleeps, and a process that is held up', () => {
  test('miss what was due meanwhile, all of it counted, and make up for nothing', async () => {
    for (const [why, says, stop] of [
      ['suspended', 'the machine slept for 1h', (started: Started) => started.clock.suspend(hour)],
      ['held-up', 'this process was held up: it looked', (started: Started) => started.clock.holdUp(hour)],
    ] as const) {
      const started = startLoop([job('a', { schedule: every(10 * second) }), job('b', { schedule: hourly('*/15 * * * *') })]);
      await started.clock.advance(70 * second);
      stop(started);
      await started.clock.advance(minute);
      const counts = new Map(started.missed().map(({ id, count }) => [id, count]));
      expect(started.missed().map((each) => each.why)).toEqual([why, why]);
      expect(started.missed()[0]?.says).toContain(says);
      expect(counts.get('a')).toBeGreaterThanOrEqual(359);
      expect(counts.get('b')).toBe(4);
      expect(started.begun('a').length).toBeLessThanOrEqual(14);
      expect((counts.get('a') ?? 0) + started.begun('a').length).toBe(360 + 13);
      expect(started.events.filter(({ type }) => type === why)).toHaveLength(1);
      await end(started);
    }
  });

  test('a thousand checks do not all start when the machine wakes', async () => {
    const jobs = Array.from({ length: 1_000 }, (_, index) => job(`check ${String(index)}`, { schedule: every(10 * second) }));
    const started = startLoop(jobs, { limits: { light: 1_000, heavy: 1 } });
    await started.clock.advance(15 * second);
    const before = started.begun().length;
    started.clock.suspend(8 * hour);
    await started.clock.advance(second);
    // A second's worth is what is let in late, and a second's worth has become due since.
    expect(started.begun().length - before).toBeLessThan(2 * 150);
    await started.clock.advance(9 * second);
    const { due, ran, missed } = started.loop.tally();
    expect(due).toBe(ran + missed.suspended);
    await end(started);
  });

  test('a wall clock that is set while the machine sleeps is both', async () => {
    const started = startLoop([job('a', { schedule: every(10 * second) })]);
    await started.clock.advance(minute);
    started.clock.suspend(hour);
    started.clock.set(-20 * minute);
    await started.clock.advance(minute);
    const told = started.events.filter(({ type }) => type === 'suspended' || type === 'clock-jumped');
    expect(told).toEqual([
      { type: 'suspended', forMs: hour },
      { type: 'clock-jumped', byMs: -20 * minute },
    ]);
    await end(started);
  });
});

describe('the slots of the time before', () => {
  test('are missed, from where an earlier process has left off', async () => {
    const accountedToMs = Date.parse('2026-11-21T11:00:00Z');
    const started = startLoop([
      job('a', { schedule: hourly('*/10 * * * *'), accountedToMs }),
      job('b', { schedule: hourly('30 * * * *'), accountedToMs }),
    ]);
    await started.clock.advance(10 * minute + second);
    expect(missedSlots(started)).toEqual(['a not-running 5 11:10:00-11:50:00', 'b not-running 1 11:30:00-11:30:00']);
    // The one that is due in this very moment is not lost.
    expect(started.begun('a')).toEqual(['12:00:00', '12:10:00']);
    await end(started);
  });
});

describe('other jobs while it runs', () => {
  test('come, go and change, and the others keep their place', async () => {
    const started = startLoop([job('a'), job('b'), job('c')], { takesMs: 15 * second });
    await started.clock.advance(12 * second);
    started.loop.replace([job('a'), job('c', { schedule: every(hour) }), job('d', { schedule: hourly('*/4 * * * * *') })]);
    await started.clock.advance(10 * second);
    expect(started.begun()).toEqual(['a 12:00:10', 'b 12:00:10', 'c 12:00:10', 'd 12:00:16']);
    expect(missedSlots(started)).toEqual(['a still-running 1 12:00:20-12:00:20', 'd still-running 1 12:00:20-12:00:20']);
    await end(started);
  });

  test('one that is taken away and comes back does not overlap with itself', async () => {
    const started = startLoop([job('a')], { takesMs: 15 * second });
    await started.clock.advance(12 * second);
    started.loop.replace([]);
    expect(started.loop.ask('a')).toBe(false);
    started.loop.replace([job('a')]);
    await started.clock.advance(20 * second);
    expect(started.begun('a')).toEqual(['12:00:10', '12:00:30']);
    expect(missedSlots(started)).toEqual(['a still-running 1 12:00:20-12:00:20']);
    await end(started);
  });

  test('what waits for room and is taken away is counted', async () => {
    const started = startLoop([job('a'), job('b')], { limits: { light: 1, heavy: 1 }, takesMs: 5 * second });
    await started.clock.advance(11 * second);
    started.loop.replace([job('a')]);
    expect(missedSlots(started)).toEqual(['b removed 1 12:00:10-12:00:10']);
    await end(started);
  });
});

describe('stopping', () => {
  test('starts nothing more, lets what runs end within the grace, and aborts the rest', async () => {
    const started = startLoop([job('quick', { weight: 'heavy' }), job('slow', { weight: 'heavy' }), job('waits', { weight: 'heavy' })], {
      limits: { light: 1, heavy: 2 },
      run: ({ id }, _slot, signal) => runs(started.clock, id === 'quick' ? 3 * second : minute, signal),
    });
    await started.clock.advance(11 * second);
    started.stop();
    await started.clock.advance(4 * second);
    expect(started.loop.tally()).toMatchObject({ running: 1, waiting: 0, ended: { done: 1 } });
    expect(missedSlots(started)).toEqual(['waits stopped 1 12:00:10-12:00:10']);
    await started.clock.advance(2 * second);
    await started.loop.ended;
    expect(started.loop.tally().ended).toEqual({ done: 1, threw: 0, aborted: 1 });
    expect(started.clock.sleepers).toBe(0);
  });

  test('gives up a run that does not end though it was aborted, and says so', async () => {
    const started = startLoop([job('deaf')], { run: () => new Promise(() => undefined) });
    await started.clock.advance(11 * second);
    started.stop();
    await started.clock.advance(11 * second);
    await started.loop.ended;
    expect(started.events.at(-1)).toMatchObject({ type: 'abandoned', id: 'deaf' });
    expect(started.clock.sleepers).toBe(0);
  });

  test('before anything has begun ends at once', async () => {
    const started = startLoop([job('a')], { signal: AbortSignal.abort() });
    await started.loop.ended;
    expect(started.events).toEqual([]);
  });
});

test('whatever happens to clocks, runs and jobs, each slot is counted once, and no check overlaps with itself', async () => {
  const anySchedule = fc.oneof(
    fc.integer({ min: 1, max: 40 }).map((seconds) => every(seconds * second)),
    fc.constantFrom('*/20 * * * * *', '* * * * *', '0 * * * *').map(hourly),
    fc.integer({ min: 0, max: 20 }).map((seconds) => ({ type: 'continuous', pauseMs: seconds * second }) as const),
  );
  const jobs = fc.array(
    fc.record({ schedule: anySchedule, weight: fc.constantFrom('light', 'heavy'), takesS: fc.integer({ min: 0, max: 50 }) }),
    {
      minLength: 1,
      maxLength: 6,
    },
  );
  const happening = fc.record({
    what: fc.constantFrom('set', 'suspend', 'holdUp', 'nothing', 'replace', 'ask'),
    byS: fc.integer({ min: 1, max: 12_000 }),
    back: fc.boolean(),
    afterS: fc.integer({ min: 0, max: 90 }),
  });
  await fc.assert(
    fc.asyncProperty(jobs, fc.array(happening, { maxLength: 6 }), async (kinds, happenings) => {
      const underWay = new Set<string>();
      const overlaps: string[] = [];
      const all = kinds.map(({ schedule, weight }, index) => job(String(index), { schedule, weight }));
      const started = startLoop(all, {
        limits: { light: 2, heavy: 1 },
        run: async ({ id }, _slot, signal) => {
          if (underWay.has(id)) overlaps.push(id);
          underWay.add(id);
          await runs(started.clock, (kinds[Number(id)]?.takesS ?? 0) * second, signal).finally(() => underWay.delete(id));
        },
      });
      for (const { what, byS, back, afterS } of happenings) {
        await started.clock.advance(afterS * second);
        if (what === 'set') started.clock.set((back ? -1 : 1) * byS * second);
        if (what === 'suspend') started.clock.suspend(byS * second);
        if (what === 'holdUp') started.clock.holdUp(byS * second);
        if (what === 'replace') started.loop.replace(back ? all : all.slice(1));
        if (what === 'ask') started.loop.ask('0');
        expect(isBalanced(started.loop.tally())).toBe(true);
      }
      // Whatever was done to the clocks, each check that is there is looked after within its period, or the time that others take.
      await started.clock.advance(minute);
      await end(started);
      const told = started.events.reduce(
        (count, event) => count + (event.type === 'missed' ? event.count : event.type === 'started' ? 1 : 0),
        0,
      );
      expect(told).toBe(started.loop.tally().due);
      expect(overlaps).toEqual([]);
    }),
    { numRuns: 60 },
  );
});
