import { expect, test } from 'vitest';
import { createSaboteur, type Sabotage } from './sabotage.ts';

const honest = `# HELP requests_total Requests
# TYPE requests_total counter
requests_total{route="/a",code="200"} 7
requests_total{route="/b",code="200"} 2

# HELP requests_total_seen Another
# TYPE requests_total_seen gauge
requests_total_seen 1

# HELP wait_ms Waiting
# TYPE wait_ms histogram
wait_ms_bucket{le="1"} 1
wait_ms_bucket{le="5"} 2
wait_ms_bucket{le="10"} 3
wait_ms_bucket{le="+Inf"} 3
wait_ms_sum 9
wait_ms_count 3
`;
const sabotaged = (sabotage: Sabotage, nowMs?: number) => createSaboteur()(honest, sabotage, nowMs);

test('without sabotage the page goes out as it is', () => {
  expect(sabotaged({})).toBe(honest);
});

test('a hidden metric is gone, one with a longer name stays', () => {
  expect(sabotaged({ hideMetric: 'requests_total' })).toBe(honest.slice(honest.indexOf('# HELP requests_total_seen')));
});

test('a renamed metric has the new name everywhere', () => {
  const page = sabotaged({ renameMetric: { from: 'wait_ms', to: 'delay_ms' } });
  expect(page).not.toContain('wait_ms');
  expect(page).toContain('# TYPE delay_ms histogram\ndelay_ms_bucket{le="1"} 1\n');
  expect(sabotaged({ renameMetric: { from: 'requests_total', to: 'calls' } })).toContain('requests_total_seen 1\n');
});

test('a wrong type is announced', () => {
  expect(sabotaged({ wrongType: 'requests_total' })).toContain('# TYPE requests_total gauge\n');
  expect(sabotaged({ wrongType: 'wait_ms' })).toContain('# TYPE wait_ms counter\n');
});

test('a dropped label leaves no duplicates', () => {
  expect(sabotaged({ dropLabel: { metric: 'requests_total', label: 'route' } })).toContain(
    'counter\nrequests_total{code="200"} 9\n\n# HELP',
  );
});

test('a frozen metric keeps the values of the first scrape, others go on', () => {
  const saboteur = createSaboteur();
  saboteur(honest, { freezeMetric: 'requests_total' });
  const later = honest.replace('} 7', '} 8').replace('seen 1', 'seen 2');
  const page = saboteur(later, { freezeMetric: 'requests_total' });
  expect(page).toContain('requests_total{route="/a",code="200"} 7\n');
  expect(page).toContain('requests_total_seen 2\n');
});

test('stale samples carry a time of ten minutes ago', () => {
  expect(sabotaged({ staleMetric: 'requests_total_seen' }, 1_000_000)).toContain('requests_total_seen 1 400000\n');
});

test('wrong buckets are too few, and still end at infinity', () => {
  const page = sabotaged({ wrongBuckets: 'wait_ms' });
  expect([...page.matchAll(/le="([^"]+)"/g)].map(([, bound]) => bound)).toEqual(['1', '10', '+Inf']);
});

test('counting twice doubles every value', () => {
  const page = sabotaged({ countTwice: 'requests_total' });
  expect(page).toContain('requests_total{route="/a",code="200"} 14\nrequests_total{route="/b",code="200"} 4\n');
});
