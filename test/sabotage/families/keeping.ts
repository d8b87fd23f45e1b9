import type { Family } from '../row.ts';

export const keeping: Family = {
  name: 'keeping',
  items: ['retention'],
  rows: [
    {
      says: 'metrics are kept for 15 days',
      sabotage: { prometheusFlags: [] },
      red: { retention: 'disproven' },
      because: /15d.*30d/,
    },
    {
      says: 'metrics are kept for 29 days',
      sabotage: { prometheusFlags: ['--storage.tsdb.retention.time=29d'] },
      red: { retention: 'disproven' },
      because: /29d|4w1d/,
    },
    {
      says: 'a size limit undercuts the time limit',
      sabotage: { prometheusFlags: ['--storage.tsdb.retention.time=30d', '--storage.tsdb.retention.size=1MB'] },
      red: { retention: 'disproven' },
      because: /1MB|1 ?MiB|1MiB/,
    },
  ],
};
