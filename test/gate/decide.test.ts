import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decide, exitCodeOf } from '../../src/gate/decide.ts';
import { states } from '../../src/gate/verdict.ts';

it('proceeds when every item is proven', () => {
  expect(decide(['proven', 'proven'])).toBe('proceed');
  expect(exitCodeOf(['proven', 'proven'])).toBe(0);
});

it('does not proceed on an empty checklist', () => {
  expect(decide([])).toBe('do-not-proceed');
  expect(exitCodeOf([])).toBe(3);
});

it('says so when it proceeds on a waiver', () => {
  expect(decide(['proven', 'waived'])).toBe('proceed-with-waivers');
});

it('does not proceed as soon as one item is anything but proven or waived', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...states)), fc.constantFrom('disproven', 'inconclusive', 'blocked'), (found, bad) => {
      expect(decide([...found, bad])).toBe('do-not-proceed');
    }),
  );
});

it('tells refuted (1) from not told (3)', () => {
  expect(exitCodeOf(['proven', 'disproven', 'inconclusive'])).toBe(1);
  expect(exitCodeOf(['proven', 'inconclusive', 'blocked'])).toBe(3);
});
