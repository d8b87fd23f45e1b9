import { expect, it } from 'vitest';
import type { PlannedWay } from '../../../src/gate/plan.ts';
import { summaryOf } from '../../../src/gate/plan/summary.ts';

function item(id: string, way: Partial<PlannedWay>) {
  const ways = [{ channels: [], wakes: 'nobody', isCertain: true, heldBackBy: [], people: [], ...way } as PlannedWay];
  return { id, statement: id, untold: [], touches: [{ does: 'test-message', says: 'a message', alerts: [], ways }] } as const;
}

it('lists everybody once, with every way on which they are woken and every item that takes it', () => {
  const ada = { channels: ['duty'], wakes: 'on-call', people: ['Ada'], to: 'PagerDuty' } as const;
  const summary = summaryOf({
    items: [
      item('one', ada),
      item('two', { ...ada, isCertain: false }),
      item('three', { channels: ['room'] }),
      item('four', { ...ada, people: [], heldBackBy: ['silence s1'] }),
    ],
  });
  expect(summary).toEqual({
    wakes: [{ who: 'Ada', by: [{ way: 'duty', to: 'PagerDuty', items: ['one'], perhaps: ['two'] }] }],
    tells: [{ way: 'room', items: ['three'], perhaps: [] }],
    heldBack: [{ item: 'four', way: 'duty', by: ['silence s1'] }],
  });
});
