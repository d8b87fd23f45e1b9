import type { Result } from '../../check/result.ts';
import type { Span } from '../../store/store.ts';
import { resultOf, type Row } from './row.ts';
import type { Series } from './series.ts';

/** Rows of a series that are in the order of time. */
export interface Source {
  readonly of: Series;
  readonly rows: Iterator<Row>;
}

/** Merges sources: a heap of what each has next. Of one moment, those of the first source come first. */
export function* rowsInOrder(sources: readonly Source[], { fromMs, toMs }: Span): Generator<Result> {
  const heap: { readonly row: Row; readonly rank: number }[] = [];
  const earlier = (a: number, b: number): boolean => {
    const [one, other] = [heap[a], heap[b]];
    if (one === undefined || other === undefined) return one !== undefined;
    return one.row.dueMs === other.row.dueMs ? one.rank < other.rank : one.row.dueMs < other.row.dueMs;
  };
  const swap = (a: number, b: number): void => {
    const [one, other] = [heap[a], heap[b]];
    if (one !== undefined && other !== undefined) [heap[a], heap[b]] = [other, one];
  };
  const sink = (): void => {
    for (let at = 0; ;) {
      const child = earlier(2 * at + 2, 2 * at + 1) ? 2 * at + 2 : 2 * at + 1;
      if (child >= heap.length || !earlier(child, at)) return;
      swap(at, child);
      at = child;
    }
  };
  const next = (rank: number): Row | undefined => {
    for (;;) {
      const row = sources[rank]?.rows.next();
      if (row === undefined || row.done === true || row.value.dueMs >= toMs) return undefined;
      if (row.value.dueMs >= fromMs) return row.value;
    }
  };
  for (const rank of sources.keys()) {
    const row = next(rank);
    if (row === undefined) continue;
    heap.push({ row, rank });
    for (let at = heap.length - 1; at > 0 && earlier(at, (at - 1) >> 1); at = (at - 1) >> 1) swap(at, (at - 1) >> 1);
  }
  for (let first = heap[0]; first !== undefined; first = heap[0]) {
    const of = sources[first.rank]?.of;
    if (of !== undefined) yield resultOf(first.row, of.check, of.place);
    const row = next(first.rank);
    if (row === undefined) {
      swap(0, heap.length - 1);
      heap.pop();
    } else heap[0] = { row, rank: first.rank };
    sink();
  }
}
