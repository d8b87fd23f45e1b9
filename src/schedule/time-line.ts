import type { Clock } from '../base/clock.ts';

/** Time that goes on evenly: since the epoch as the wall clock had it at the start, whatever was done to that clock since. */
export interface TimeLine {
  nowMs(): number;
  /** The wall clock less the time line. */
  skewMs(): number;
  /** Compares the clocks: whether the machine has slept, or the wall clock was set, since the last look. */
  look(): Sight;
}

export interface Sight {
  /** How long the machine has slept; the time line has gone on as if it had not. */
  readonly sleptMs: number;
  /** By how much the wall clock was set, forward or back. */
  readonly jumpedMs: number;
}

/** Clocks are read one after the other, and only to the millisecond. */
const noticeMs = 100;
/** The system tells its uptime in hundredths of a second, some systems in whole ones. */
const leastSleepMs = 1_500;

export function createTimeLine(clock: Clock): TimeLine {
  const uptimeMs = clock.uptimeMs;
  let aheadMs = clock.now().getTime() - clock.monotonicMs();
  let skewMs = 0;
  let asleepMs = uptimeMs === undefined ? 0 : uptimeMs() - clock.monotonicMs();
  const nowMs = (): number => clock.monotonicMs() + aheadMs;
  return {
    nowMs,
    skewMs: () => skewMs,
    look: () => {
      let jumpedMs = clock.now().getTime() - nowMs() - skewMs;
      if (Math.abs(jumpedMs) < noticeMs) return { sleptMs: 0, jumpedMs: 0 };
      let sleptMs = 0;
      if (uptimeMs !== undefined) {
        const apartMs = uptimeMs() - clock.monotonicMs() - asleepMs;
        if (apartMs >= leastSleepMs) {
          // The wall clock is the finer one; when it was not set meanwhile, it tells exactly how long.
          sleptMs = Math.abs(jumpedMs - apartMs) < leastSleepMs ? jumpedMs : apartMs;
          asleepMs += sleptMs;
          aheadMs += sleptMs;
          jumpedMs -= sleptMs;
        }
      }
      if (Math.abs(jumpedMs) < noticeMs) return { sleptMs, jumpedMs: 0 };
      skewMs += jumpedMs;
      return { sleptMs, jumpedMs };
    },
  };
}
