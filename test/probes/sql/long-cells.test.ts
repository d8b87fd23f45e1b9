import { describe, expect, it } from 'vitest';
import sql from '../../../src/probes/sql.ts';
import type { Task } from '../../../src/probes/sql/session.ts';
import { gatherRows } from '../../../src/probes/sql/session.ts';

const task = { mostRows: 1_000, mostRowsKept: 20 } as Task;

const answerOf = (...texts: readonly string[]) => {
  const gathered = gatherRows(task);
  for (const text of texts) gathered.add([text]);
  return gathered.answer(['note']);
};
const judged = (expected: object, ...texts: readonly string[]) => {
  const options = sql.options.parse({ url: 'postgresql://u@localhost/d', query: 'select 1', expect: expected });
  return sql.judge(options, { server: 'PostgreSQL', connectMs: 1, queryMs: 1, answer: answerOf(...texts) });
};

describe('a long cell', () => {
  const longest = 'x'.repeat(1_000);

  it('is compared as far as the longest text that can be expected', () => {
    expect(judged({ values: { note: longest } }, longest).status).toBe('pass');
    expect(judged({ rows: [{ note: 'a' }, { note: longest }] }, 'a', longest).status).toBe('pass');
    expect(judged({ values: { note: longest } }, `${longest}y`).status).toBe('fail');
    expect(judged({ rows: [{ note: 'a' }, { note: longest }] }, 'a', `${longest}y`).status).toBe('fail');
  });

  it('is cut only where it is shown', () => {
    expect(judged({ values: { note: 'a' } }, longest).reasons).toEqual([`note is "${'x'.repeat(500)}…", expected "a"`]);
  });

  it('of the first row is kept as far as assertions look, and of the others as far as can be expected', () => {
    const [first, second] = answerOf('x'.repeat(100_001), 'x'.repeat(100_001)).rows;
    expect([String(first).length, String(second).length]).toEqual([100_001, 1_001]);
    expect(String(first).endsWith('…')).toBe(true);
  });
});

describe('the certificates that it trusts', () => {
  it('are what its outcome rests on', async () => {
    const options = { url: 'postgresql://u@localhost/d', query: 'select 1', ca: import.meta.filename };
    expect(await sql.restsOn?.(sql.options.parse(options))).toEqual([
      { what: `the certificates ${import.meta.filename}`, value: expect.any(String) as unknown },
    ]);
  });
});
