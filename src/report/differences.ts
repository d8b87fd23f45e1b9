import type { State } from '../gate/verdict.ts';
import type { Report } from './report.ts';

/** Where an item stood in a run. */
interface Standing {
  readonly state: State;
  readonly grade: string;
}

/** An item that does not stand where it stood in the run before. */
export interface Difference {
  readonly id: string;
  readonly direction: 'better' | 'worse' | 'other' | 'new' | 'gone';
  /** Absent for a new item. */
  readonly was?: Standing;
  /** Absent for one that is gone. */
  readonly is?: Standing;
}

/** Worst first, as a person reads it. */
const directions = ['worse', 'gone', 'other', 'new', 'better'] as const;

/** What changed since the run before, by state and grade; undefined when the report names no such run. */
export function differences({ items, previous }: Report): readonly Difference[] | undefined {
  if (previous === undefined) return undefined;
  const before = new Map(previous.items.map(({ id, state, grade }) => [id, { state, grade }]));
  const ids = new Set(items.map(({ id }) => id));
  const found = [
    ...items.flatMap(({ id, state, grade }): Difference[] => {
      const was = before.get(id);
      if (was === undefined) return [{ id, direction: 'new', is: { state, grade } }];
      return was.state === state && was.grade === grade
        ? []
        : [{ id, direction: directionOf(was.state, state), was, is: { state, grade } }];
    }),
    ...[...before].flatMap(([id, was]): Difference[] => (ids.has(id) ? [] : [{ id, direction: 'gone', was }])),
  ];
  return directions.flatMap((direction) => found.filter((each) => each.direction === direction));
}

function directionOf(was: State, is: State): Difference['direction'] {
  if (was === is) return 'other';
  if (is === 'proven') return 'better';
  return was === 'proven' ? 'worse' : 'other';
}
