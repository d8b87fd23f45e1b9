/** What goes wrong in a Grafana; dashboards, permissions and public links are changed for themselves. */
export type GrafanaBehaviour =
  | { readonly kind: 'well' }
  /** Its API answers everything with this status. */
  | { readonly kind: 'status'; readonly status: 500 | 502 | 503 }
  /** Data comes this much later. */
  | { readonly kind: 'slow'; readonly ms: number }
  /** Data is what it was at that time: a cache that is never renewed, or a replica that has stopped. */
  | { readonly kind: 'frozen'; readonly atMs: number }
  /** The queries of one panel, by its title, give nothing. */
  | { readonly kind: 'empty'; readonly panel: string }
  /** The data source refuses the queries of one panel. */
  | { readonly kind: 'failing'; readonly panel: string; readonly says: string }
  /** A panel's plug-in fails on the page, although its queries are answered. */
  | { readonly kind: 'broken'; readonly panel: string }
  /** The page does not refresh itself, whatever the dashboard says. */
  | { readonly kind: 'stuck' };
