import { z } from 'zod';

/** What is read of Grafana's answers; everything else in them is let pass. */
export const health = z.looseObject({ liveproof: z.string().optional(), database: z.string().optional() });

/** A data source is named by its uid, by its name (in old dashboards), or not at all: then it is the panel's, or the default one. */
const dataSourceRef = z
  .union([z.string(), z.looseObject({ uid: z.string().nullish(), type: z.string().nullish() })])
  .nullish()
  .transform((ref) => (typeof ref === 'string' ? ref : (ref?.uid ?? '')));

const target = z.looseObject({
  refId: z.string().default(''),
  expr: z.string().optional(),
  hide: z.boolean().nullish(),
  range: z.boolean().nullish(),
  instant: z.boolean().nullish(),
  datasource: dataSourceRef,
});
const panel = z.looseObject({
  id: z.union([z.number(), z.string()]).default(0),
  title: z.string().default(''),
  type: z.string().default(''),
  datasource: dataSourceRef,
  targets: z.array(target).nullish(),
  libraryPanel: z.looseObject({ uid: z.string(), name: z.string().optional() }).nullish(),
  gridPos: z.looseObject({ y: z.number(), h: z.number() }).nullish(),
});
export type PanelAnswer = z.output<typeof panel>;
const topPanel = panel.extend({ panels: z.array(panel).nullish() });

export const variable = z.looseObject({
  name: z.string(),
  type: z.string(),
  query: z.unknown().optional(),
  current: z.looseObject({ value: z.unknown().optional() }).nullish(),
  multi: z.boolean().nullish(),
  includeAll: z.boolean().nullish(),
  allValue: z.string().nullish(),
  regex: z.string().nullish(),
  datasource: dataSourceRef,
});
export type VariableAnswer = z.output<typeof variable>;

export const dashboardAnswer = z.looseObject({
  meta: z.looseObject({ publicDashboardEnabled: z.boolean().optional() }).optional(),
  dashboard: z.looseObject({
    title: z.string(),
    refresh: z.union([z.string(), z.boolean()]).nullish(),
    time: z.looseObject({ from: z.string(), to: z.string() }).nullish(),
    timepicker: z.looseObject({ refresh_intervals: z.array(z.string()).nullish() }).nullish(),
    templating: z.looseObject({ list: z.array(variable).nullish() }).nullish(),
    panels: z.array(topPanel).nullish(),
  }),
});
export type DashboardAnswer = z.output<typeof dashboardAnswer>;

export const publicDashboard = z.looseObject({ accessToken: z.string(), isEnabled: z.boolean() });
export const libraryElement = z.looseObject({ result: z.looseObject({ model: panel }) });
export const labelValues = z.looseObject({ data: z.array(z.string()) });

/** What Grafana tells its own pages: the only list of data sources that people without rights over them may read. */
export const frontendSettings = z.looseObject({
  defaultDatasource: z.string().default(''),
  datasources: z.record(
    z.string(),
    z.looseObject({ uid: z.string().default(''), name: z.string().default(''), type: z.string().default('') }),
  ),
  minRefreshInterval: z.string().default(''),
});

const field = z.looseObject({ type: z.string().default(''), config: z.looseObject({ interval: z.number().nullish() }).nullish() });
const frame = z.looseObject({
  schema: z.looseObject({ fields: z.array(field).default([]) }).optional(),
  data: z.looseObject({ values: z.array(z.array(z.unknown())).default([]) }),
});
export type FrameAnswer = z.output<typeof frame>;
/** One that fails makes the whole 400 or 207, and still stands beside the others. */
export const queryAnswer = z.looseObject({
  results: z.record(
    z.string(),
    z.looseObject({ error: z.string().optional(), status: z.number().optional(), frames: z.array(frame).nullish() }),
  ),
});
