import { z } from 'zod';
import { recordedClocks } from '../../../stack/clocks.ts';
import { orTroubled } from '../../../base/trouble.ts';

const labels = z.record(z.string(), z.string());

/** A rule as the running Prometheus has it, without its active alerts. */
export const loadedRule = z.strictObject({
  group: z.string(),
  file: z.string(),
  groupIntervalMs: z.number(),
  name: z.string(),
  query: z.string(),
  forMs: z.number(),
  keepFiringForMs: z.number(),
  labels,
  annotations: labels,
  state: z.string(),
  health: z.string(),
  lastError: z.string(),
  lastEvaluation: z.string(),
});
export type Rule = Readonly<z.infer<typeof loadedRule>>;

export const loadedFacts = z.strictObject({
  /** Every loaded rule of the required name. */
  rules: z.array(loadedRule),
  /** The names of all loaded alerting rules. */
  names: z.array(z.string()),
  /** Evaluations are stamped by Prometheus' clock, and their age is counted on it. */
  clocks: recordedClocks,
  /** Alertmanagers that alerts are sent to; absent when nobody tells, as behind a VictoriaMetrics. */
  alertmanagers: z.array(z.string()).optional(),
  /** The one that the gate names. */
  alertmanager: z.string().optional(),
  /** The required expression in the server's own spelling. */
  expression: orTroubled(z.string()).optional(),
});
export type LoadedFacts = Readonly<z.infer<typeof loadedFacts>>;
