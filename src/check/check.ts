import type { Assertion } from './assertion.ts';
import type { Outcome } from './outcome.ts';
import type { MaintenanceWindow, Schedule } from './schedule.ts';

/** A synthetic test as its file declares it. Durations in milliseconds. */
export interface Check {
  readonly name: string;
  readonly ref: readonly string[];
  readonly statement: string;
  /** The probe kind. */
  readonly probe: string;
  /** The time allowed for one attempt. */
  readonly timeoutMs: number;
  /** The probe's options, already parsed by the probe's own schema. */
  readonly options: unknown;
  /** What must hold of what was seen, beside what the probe's own options expect. */
  readonly assertions: readonly Assertion[];
  readonly schedule: Schedule;
  readonly retries: Retries;
  readonly thresholds: Thresholds;
  readonly tags: readonly string[];
  /** How bad it is when it fails, in the project's own words. */
  readonly severity?: string | undefined;
  /** Where it is run from; everywhere when empty. */
  readonly places: readonly string[];
  /** Where it stands what to do about it. */
  readonly runbook?: string | undefined;
  readonly maintenance: readonly MaintenanceWindow[];
}

/** How an attempt is followed by another one before the outcome counts. */
export interface Retries {
  /** 0: the first attempt counts. */
  readonly times: number;
  readonly afterMs: number;
  readonly on: readonly Exclude<Outcome['status'], 'pass'>[];
}

/** How many outcomes in a row change what is believed of a target. */
export interface Thresholds {
  readonly failAfter: number;
  readonly recoverAfter: number;
}

/** The terms of a check that says nothing of its own. */
export const onDemand = {
  assertions: [],
  schedule: { type: 'on-demand' },
  retries: { times: 0, afterMs: 0, on: [] },
  thresholds: { failAfter: 1, recoverAfter: 1 },
  tags: [],
  places: [],
  maintenance: [],
} as const satisfies Partial<Check>;
