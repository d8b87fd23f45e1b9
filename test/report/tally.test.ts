import { expect, it } from 'vitest';
import type { State } from '../../src/gate/verdict.ts';
import { tallySentence } from '../../src/report/tally.ts';
import { healthy, sampleReport, sampleRun } from './sample.ts';

const [item] = sampleReport(sampleRun(healthy)).items;

it.each<readonly [readonly State[], string]>([
  [[], 'The gate has no items, and nothing is proven by asking for nothing.'],
  [['proven'], 'Its one item is proven.'],
  [['proven', 'proven'], 'All 2 items are proven.'],
  [['disproven'], 'Of 1 item, 1 is disproven.'],
  [['proven', 'waived', 'waived'], 'Of 3 items, 1 is proven and 2 are waived.'],
  [
    ['disproven', 'blocked', 'proven', 'inconclusive', 'blocked'],
    'Of 5 items, 1 is proven, 1 is disproven, 1 could not be told and 2 were not tried, because what they rest on is not proven.',
  ],
])('counts %j in one sentence', (states, sentence) => {
  if (item === undefined) throw new Error('the sample has no items');
  expect(tallySentence({ items: states.map((state) => ({ ...item, state })) })).toBe(sentence);
});
