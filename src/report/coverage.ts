import type { State } from '../gate/verdict.ts';
import type { Report } from './report.ts';

/** One requirement, with the items and subjects that stand for it. */
export interface Covered {
  readonly ref: string;
  /** An item's id, or the subject of an item that covers it alone: `api-metrics: http_requests_total`. */
  readonly by: readonly string[];
  /** Proven only when everything that stands for it is. */
  readonly state: State;
  /** The grades that were reached, each once. */
  readonly grade: string;
}

/** From bad to good: a requirement is as good as the worst that stands for it. */
const worstFirst: readonly State[] = ['disproven', 'inconclusive', 'blocked', 'waived', 'proven'];

/** What became of each requirement that the gate's items name, in the order of their ids. */
export function coverage({ items }: Report): readonly Covered[] {
  const witnesses = items.flatMap((item) => [
    ...item.ref.map((ref) => ({ ref, by: item.id, state: item.state, grade: item.grade })),
    ...item.subjects.flatMap(({ subject, ref = [], state, grade }) =>
      ref.map((each) => ({ ref: each, by: `${item.id}: ${subject}`, state: waivedWith(item, state), grade })),
    ),
  ]);
  const byRef = Map.groupBy(witnesses, ({ ref }) => ref);
  return [...byRef]
    .toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
    .map(([ref, found]) => ({
      ref,
      by: found.map(({ by }) => by),
      state: worstFirst.find((state) => found.some((each) => each.state === state)) ?? 'inconclusive',
      grade: [...new Set(found.map(({ grade }) => grade))].join(', '),
    }));
}

/** Of a waived item everything is waived that is not proven. */
function waivedWith(item: Report['items'][number], state: State): State {
  return item.state === 'waived' && state !== 'proven' ? 'waived' : state;
}
