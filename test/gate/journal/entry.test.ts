import { expect, it, test } from 'vitest';
import { lineText, readJournal, type JournalLine } from '../../../src/gate/journal/entry.ts';

const at = '2026-03-01T09:00:00.000Z';
const run: JournalLine = { type: 'run', version: 1, gate: 'lamps', environment: 'staging', startedAt: at };
const effect = (id: number): JournalLine => ({
  type: 'effect',
  id,
  at,
  expiresAt: at,
  says: `effect ${String(id)}`,
  undo: { undo: { method: 'DELETE', url: 'http://app/faults' }, secrets: [] },
});
const text = [run, effect(1), effect(2), { type: 'made', id: 2 } as const, effect(3), { type: 'over', id: 1 } as const]
  .map(lineText)
  .join('');

it('tells what is open, and of what it is known that it was made', () => {
  const { environment, open, wholeBytes } = readJournal(text, 'j');
  expect(environment).toBe('staging');
  expect(open.map(({ id, made }) => ({ id, made }))).toEqual([
    { id: 2, made: true },
    { id: 3, made: false },
  ]);
  expect(wholeBytes).toBe(text.length);
});

it('takes a last line that was cut off anywhere for one that was never written', () => {
  const last = lineText({ ...effect(4), says: 'lämp' } as JournalLine);
  for (let length = 0; length < last.length; length++) {
    const read = readJournal(text + last.slice(0, length), 'j');
    expect(read.open.map(({ id }) => id)).toEqual([2, 3]);
    expect(read.wholeBytes).toBe(text.length);
  }
  expect(readJournal(text + last, 'j').open.map(({ id }) => id)).toEqual([2, 3, 4]);
});

it('is empty when its run was ended before the first line was whole', () => {
  expect(readJournal('', 'j').open).toEqual([]);
  expect(readJournal('{"type":"ru', 'j').open).toEqual([]);
});

test.each([
  ['no JSON', 'garbage'],
  ['an unknown kind of line', '{"type":"boom"}'],
  ['an unknown key', '{"type":"over","id":1,"why":"not"}'],
  ['an effect without an end', '{"type":"effect","id":9,"at":"2026-03-01T09:00:00.000Z","says":"x"}'],
  ['nothing', ''],
])('names the place of %s in the middle', (_, line) => {
  const damaged = `${lineText(run)}${line}\n${lineText(effect(1))}`;
  expect(() => readJournal(damaged, 'reports/lamps/.journal/j')).toThrow(
    expect.objectContaining({ code: 'journal/unreadable', place: expect.objectContaining({ file: 'reports/lamps/.journal/j', line: 2 }) }),
  );
});
