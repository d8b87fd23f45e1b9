import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/base/redact.ts';
import { changedSince, recordBasis } from '../../src/gate/basis.ts';

const none = createRedactor([]);
const wire = (value: unknown, what = 'the wire') => recordBasis([{ what, value }], none);

describe('what a verdict rests on', () => {
  it('is the same when it says the same, in whatever order', () => {
    expect(changedSince(wire({ a: 1, b: undefined }), wire({ a: 1 }))).toBeUndefined();
    expect(changedSince([...wire(1, 'a'), ...wire(2, 'b')], [...wire(2, 'b'), ...wire(1, 'a')])).toBeUndefined();
    expect(changedSince([...wire(1), ...wire(2)], [...wire(2), ...wire(1)])).toBeUndefined();
  });

  it('changed when something says otherwise, is gone, or is new, and that is named', () => {
    expect(changedSince(wire('copper'), wire('iron'))).toBe('the wire changed since');
    expect(changedSince(wire('copper'), [])).toBe('the wire changed since');
    expect(changedSince([...wire(1, 'a'), ...wire(1, 'b')], wire(1, 'a'))).toBe('b changed since');
    expect(changedSince(wire(1, 'a'), [...wire(2, 'a'), ...wire(1, 'b')])).toBe('a and b changed since');
    expect(changedSince(wire(1), [...wire(1), ...wire(2)])).toBe('the wire changed since');
  });

  it('is kept without its secrets: nobody can try which one has the digest', () => {
    const of = (password: string) => recordBasis([{ what: `the door of ${password}`, value: { password } }], createRedactor([password]));
    expect(of('hunter2hunter2')).toEqual(of('open-sesame'));
    expect(of('hunter2hunter2')[0]?.what).toBe('the door of [redacted]');
  });
});
