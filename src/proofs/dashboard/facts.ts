import { z } from 'zod';

const query = z.strictObject({
  expression: z.string(),
  values: z.number().optional(),
  error: z.string().optional(),
  refused: z.number().optional(),
});
const panel = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** `missing` when the page has no such panel. */
  state: z.enum(['ok', 'empty', 'error', 'loading', 'missing']),
  shown: z.array(z.string()),
  error: z.string().optional(),
});

/** A page as it was when it was looked at. */
const page = z.strictObject({
  status: z.number(),
  openedAfterMs: z.number(),
  panels: z.array(panel),
  /** When the page was given its data, from its opening. */
  answeredAfterMs: z.array(z.number()),
  /** How long it was watched for that. */
  watchedMs: z.number(),
  complaints: z.array(z.string()),
  moved: z
    .strictObject({
      panel: z.string(),
      outcome: z.string(),
      before: z.number().optional(),
      after: z.number().optional(),
      waitedMs: z.number(),
    })
    .optional(),
  screenshot: z.string().optional(),
});
export type PageFacts = Readonly<z.infer<typeof page>>;
export type PanelFacts = PageFacts['panels'][number];

export const dashboardFacts = z.strictObject({
  flavour: z.enum(['grafana', 'liveproof']),
  /** As the gate declares it. */
  declared: z.strictObject({
    title: z.string(),
    refreshMs: z.number(),
    panels: z.array(z.strictObject({ id: z.string(), title: z.string(), queries: z.array(z.string()) })),
  }),
  shown: z.union([
    z.strictObject({
      title: z.string(),
      refresh: z.string(),
      panels: z.array(z.strictObject({ title: z.string(), queries: z.array(z.string()) })),
    }),
    z.strictObject({ refused: z.number() }),
  ]),
  answers: z.array(z.strictObject({ panel: z.string(), queries: z.array(query) })).optional(),
  page: page.optional(),
  /** Why the page could not be looked at. */
  trouble: z.strictObject({ code: z.string(), says: z.string(), hint: z.string().optional() }).optional(),
});
export type DashboardFacts = Readonly<z.infer<typeof dashboardFacts>>;
