import type { Sha256 } from '../../base/digest.ts';
import type { ShownPanel } from './panels.ts';
import type { Unresolved } from './variables.ts';

/** Under whose name something is asked; `gate` is the token that the gate has for the server, where it has one. */
export type AskedAs = { readonly email: string; readonly password: string } | 'nobody' | 'gate';

/** A dashboard as the server has it, everything in it resolved. Source: Grafana's `GET /api/dashboards/uid/:uid`. */
export interface ShownDashboard {
  readonly title: string;
  /** The digest of all that was saved of it; saving it unchanged does not change it. */
  readonly model: Sha256;
  /** As Grafana writes it: `30s`; empty when it does not refresh itself. */
  readonly refresh: string;
  /** The intervals that its page offers, where it names them itself. */
  readonly intervals?: readonly string[] | undefined;
  /** The server's min_refresh_interval, where it tells. */
  readonly minimumRefresh?: string | undefined;
  /** Rows are left out, and what is folded into them is not. */
  readonly panels: readonly ShownPanel[];
  readonly unresolved: readonly Unresolved[];
  /** Whether it may be opened without credentials by whoever has its link; undefined when the server does not tell. */
  readonly isPublic?: boolean | undefined;
  /** Where its page is. */
  readonly path: string;
  readonly heightPx: number;
  /** The stretch of time that it opens with. */
  readonly from: string;
  readonly to: string;
  /** By whose right its parts can be read. */
  readonly reader: AskedAs;
  /** Of its public link, when it is opened by that. */
  readonly accessToken?: string | undefined;
}
