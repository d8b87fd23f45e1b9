import type { Result } from '../../check/result.ts';
import type { Retention, Span, Summary } from '../../store/store.ts';
import type { FaultCode } from '../../base/fault.ts';
import type { Batch } from './batch.ts';
import type { Taken } from './retain.ts';

/** What the thread of a store is told when it begins. */
export interface ThreadData {
  readonly file: string;
  readonly readOnly: boolean;
  readonly maxBytes?: number | undefined;
}

/** What it is asked for, by name, and what it answers. */
export interface Calls {
  open(): void;
  add(batch: Batch): void;
  /** The number of a reading that has begun. */
  begin(query: Span & { readonly check?: string | undefined; readonly place?: string | undefined }): number;
  /** Its next results; none when it is over. */
  page(reading: number): readonly Result[];
  end(reading: number): void;
  latest(check: string, count: number): readonly Result[];
  summaries(span: Span, check: string | undefined): readonly Summary[];
  retain(retention: Retention, nowMs: number): Taken;
  close(): void;
}

export interface Question {
  readonly id: number;
  readonly call: keyof Calls;
  readonly values: readonly unknown[];
}

export type Answer = { readonly id: number } & (
  | { readonly value: unknown }
  | { readonly fault: { readonly code: FaultCode; readonly message: string; readonly hint: string | undefined } }
  /** Something that nobody foresaw. */
  | { readonly bug: unknown }
);
