import { z } from 'zod';
import { trouble } from '../../base/trouble.ts';

const asked = z.strictObject({
  expression: z.string(),
  /** The name of its data source; absent when the server has none such. */
  dataSource: z.string().optional(),
  /** As the dashboard names it. */
  dataSourceRef: z.string(),
  /** Variables in it that have no value. */
  unresolved: z.array(z.string()),
  values: z.number().optional(),
  newestMs: z.number().optional(),
  stepMs: z.number().optional(),
  /** Of what it asks for, the series that ended first, by its selector, and when. */
  oldest: z.strictObject({ selector: z.string(), newestMs: z.number() }).optional(),
  error: z.string().optional(),
  refused: z.number().optional(),
  /** Whether the gate's own Prometheus has an answer to it; asked only where the board has none. */
  elsewhere: z.boolean().optional(),
});
export type AskedFacts = Readonly<z.infer<typeof asked>>;

const panel = z.strictObject({
  id: z.string(),
  title: z.string(),
  /** `missing` when the page has no such panel. */
  state: z.enum(['ok', 'empty', 'error', 'loading', 'missing']),
  /** Its numbers, as they stand there; else its text. */
  shown: z.array(z.string()),
  error: z.string().optional(),
});

const moved = z.strictObject({
  panel: z.string(),
  outcome: z.string(),
  before: z.array(z.string()),
  after: z.array(z.string()),
  waitedMs: z.number(),
});

/** A page as it was when it was looked at. */
const page = z.strictObject({
  status: z.number(),
  openedAfterMs: z.number(),
  panels: z.array(panel),
  /** When the page was given data, from its opening. Grafana names the panel, and for which data source; our own page asks for all at once. */
  data: z.array(z.strictObject({ panel: z.string(), afterMs: z.number(), status: z.number(), error: z.string().optional() })),
  /** How long it was watched for that. */
  watchedMs: z.number(),
  complaints: z.array(z.string()),
  moved: moved.optional(),
  screenshot: z.string().optional(),
});
export type PageFacts = Readonly<z.infer<typeof page>>;
export type PanelFacts = PageFacts['panels'][number];

const shown = z.strictObject({
  title: z.string(),
  refresh: z.string(),
  /** The intervals that its page offers, and the least that the server allows, where they are told. */
  intervals: z.array(z.string()).optional(),
  minimumRefresh: z.string().optional(),
  unresolved: z.array(z.strictObject({ variable: z.string(), says: z.string() })),
  panels: z.array(
    z.strictObject({
      id: z.string(),
      title: z.string(),
      /** As they stand there, and with variables put in. */
      queries: z.array(z.strictObject({ written: z.string(), expression: z.string() })),
      /** Why its library panel could not be read. */
      trouble: z.string().optional(),
    }),
  ),
});
export type ShownFacts = Readonly<z.infer<typeof shown>>;

export const dashboardFacts = z.strictObject({
  flavour: z.enum(['grafana', 'liveproof']),
  /** As the gate declares it. */
  declared: z.strictObject({
    title: z.string(),
    refreshMs: z.number(),
    panels: z.array(z.strictObject({ id: z.string(), title: z.string(), queries: z.array(z.string()) })),
  }),
  shown: z.union([shown, z.strictObject({ refused: z.number() })]),
  answers: z
    .strictObject({
      /** By our clock. */
      askedMs: z.number(),
      panels: z.array(z.strictObject({ panel: z.string(), queries: z.array(asked) })),
    })
    .optional(),
  page: page.optional(),
  /** Why the page could not be looked at. */
  trouble: trouble.optional(),
});
export type DashboardFacts = Readonly<z.infer<typeof dashboardFacts>>;
