import type { Check } from '../check/check.ts';
import type { Grade } from './grade.ts';

/** One line of a launch checklist. */
export interface Item {
  readonly id: string;
  /** Requirement ids that this item covers. */
  readonly ref: readonly string[];
  readonly statement: string;
  readonly severity?: string | undefined;
  /** The proof kind. */
  readonly proof: string;
  /** How far it must be proven. */
  readonly grade: Grade;
  /** Items that must be proven first; when one is not, this item is blocked. */
  readonly needs: readonly string[];
  readonly timeoutMs: number;
  /** The proof kind's own keys, already parsed by its schema. */
  readonly requirement: Readonly<Record<string, unknown>>;
}

export interface ChannelDeclaration {
  readonly name: string;
  readonly kind: string;
  readonly options: unknown;
}

export interface ServerDeclaration {
  readonly url: string;
  /** Sent as a bearer token. */
  readonly token?: string | undefined;
}

/** A key that the environment changed, so that the report can show what a shortened run really proved. */
export interface Override {
  /** `items.high-error-rate.for` */
  readonly path: string;
  readonly from: unknown;
  readonly to: unknown;
}

/** A launch gate, loaded, resolved for one environment and checked. */
export interface Gate {
  readonly name: string;
  readonly title: string;
  readonly ref: readonly string[];
  readonly environment: string;
  /** Why the environment differs from the gate as written; shown on the report. */
  readonly because?: string | undefined;
  readonly overrides: readonly Override[];
  readonly stack: {
    readonly prometheus?: ServerDeclaration | undefined;
    readonly alertmanager?: ServerDeclaration | undefined;
  };
  readonly channels: readonly ChannelDeclaration[];
  readonly checks: readonly Check[];
  readonly policy: { readonly maxAgeMs: number };
  readonly items: readonly Item[];
}
