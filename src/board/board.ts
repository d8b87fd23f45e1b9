import { z } from 'zod';
import { duration } from '../base/duration.ts';

const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/);

/** How a panel shows its queries. `alerts` lists the newest alerts and needs no query. */
const shows = ['status', 'stat', 'lines', 'bars', 'pie', 'alerts'] as const;
const units = ['none', 'count', 'percent', 'ratio', 'milliseconds', 'seconds', 'bytes', 'per-second', 'bytes-per-second'] as const;

const query = z.strictObject({
  query: z.string().min(1).describe('PromQL.'),
  legend: z.string().optional().describe('What its values are called; {{label}} stands for the value of a label.'),
});

export const panel = z.strictObject({
  panel: name.describe('a short name for the panel'),
  title: z.string().min(1),
  section: z.string().optional().describe('the heading under which it stands'),
  show: z.enum(shows),
  unit: z.enum(units).default('none'),
  queries: z.array(query).default([]),
  over: duration.prefault('1h').describe('the stretch of time that lines and bars show'),
  warning: z.number().optional().describe('from here on a value is yellow'),
  critical: z.number().optional().describe('from here on a value is red'),
  last: z.int().positive().optional().describe('how many alerts are listed'),
});
export type Panel = Readonly<z.output<typeof panel>>;

/** A board file. */
export const board = z
  .strictObject({
    board: name.describe('a short name for the board: its address and, in Grafana, its uid'),
    ref: z.array(z.string()).default([]),
    title: z.string().min(1),
    purpose: z.string().optional(),
    refresh: duration.describe('how often it renews itself'),
    access: z
      .union([z.literal('public'), z.strictObject({ roles: z.array(z.string()).min(1) })])
      .describe('who may read it: everybody, or people with one of these roles'),
    panels: z.array(panel).min(1),
  })
  .refine(({ panels }) => new Set(panels.map((each) => each.panel)).size === panels.length, {
    path: ['panels'],
    error: 'two panels have the same name',
  });
/** A dashboard as it is declared once, for liveproof's own server and for Grafana. Durations in ms. */
export type Board = Readonly<z.output<typeof board>>;
