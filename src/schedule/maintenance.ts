import type { MaintenanceWindow } from '../check/schedule.ts';
import { cronTimes } from './cron.ts';

export interface OpenWindow {
  readonly because: string;
  readonly untilMs: number;
}

/** The maintenance window that is open at `wallMs` (since the epoch), the one that ends last; its first moment is within it, its last is not. */
export function openWindow(windows: readonly MaintenanceWindow[], wallMs: number): OpenWindow | undefined {
  let found: OpenWindow | undefined;
  for (const window of windows) {
    const untilMs = openUntil(window, wallMs);
    if (untilMs !== undefined && (found === undefined || untilMs > found.untilMs)) found = { because: window.because, untilMs };
  }
  return found;
}

function openUntil(window: MaintenanceWindow, wallMs: number): number | undefined {
  if (window.type === 'once') return window.fromMs <= wallMs && wallMs < window.toMs ? window.toMs : undefined;
  const startedMs = cronTimes(window.expression, window.timeZone)(wallMs - window.lastsMs);
  return startedMs !== undefined && startedMs <= wallMs ? startedMs + window.lastsMs : undefined;
}
