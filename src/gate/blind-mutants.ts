import type { Json } from '../base/canonical-json.ts';
import type { FactsMutant } from './mutant.ts';

/** More would only say the same again. */
const most = 200;

/**
 * Changes for facts of which nobody has said what they mean: every list shortened and emptied, every yes and no turned,
 * every number and text taken to its end. Which of them matter is not known, so one that is noticed is enough.
 */
export function blindMutants(facts: unknown): readonly FactsMutant[] {
  return changesOf(facts as Json, '')
    .take(most)
    .map(([change, where, changed]) => ({ change, says: `${where === '' ? 'the facts' : where}: ${words[change]}`, facts: changed }))
    .toArray();
}

const words = {
  'list-emptied': 'the list is empty',
  'element-dropped': 'it is not in the list',
  'key-dropped': 'it is not told',
  'answer-turned': 'yes is no, or no is yes',
  'number-changed': 'it is another number',
  'text-changed': 'it is another text',
} as const;

type Change = readonly [change: keyof typeof words, where: string, changed: Json];

function* changesOf(value: Json, where: string): Generator<Change> {
  if (typeof value === 'boolean') yield ['answer-turned', where, !value];
  if (typeof value === 'number') for (const other of [0, -1, value * 1_000 + 1]) yield ['number-changed', where, other];
  if (typeof value === 'string') for (const other of ['', 'liveproof-drill']) yield ['text-changed', where, other];
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    const list: readonly Json[] = value;
    yield ['list-emptied', where, []];
    for (const [index, each] of list.entries()) {
      const place = `${where}[${String(index)}]`;
      yield ['element-dropped', place, list.toSpliced(index, 1)];
      for (const [change, deeper, changed] of changesOf(each, place)) yield [change, deeper, list.with(index, changed)];
    }
    return;
  }
  const object = value as Readonly<Record<string, Json>>;
  for (const [key, each] of Object.entries(object)) {
    const place = where === '' ? key : `${where}.${key}`;
    yield ['key-dropped', place, Object.fromEntries(Object.entries(object).filter(([other]) => other !== key))];
    for (const [change, deeper, changed] of changesOf(each, place)) yield [change, deeper, { ...object, [key]: changed }];
  }
}
