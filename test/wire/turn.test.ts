import { expect, it } from 'vitest';
import { turnReadings } from '../../src/wire/turn.ts';
import { excerptOf } from '../../src/wire/excerpt.ts';

const turn = (text: string) => ({ end: 'matched' as const, count: 1, excerpt: excerptOf(text), durationMs: 3 });

it('an answer of which only the start was kept says so: what is not in it may still have come', () => {
  const readings = new Map(turnReadings([turn('220 ready'), turn(`220 ${'a'.repeat(600)} error`)]));
  expect(readings.get('turn 1')).toEqual({ value: 3, unit: 'ms' });
  expect(readings.get('answer 1')).toEqual({ value: '220 ready' });
  expect(readings.get('answer 2')).toEqual({ value: `220 ${'a'.repeat(496)}`, isStart: true });
});
