import type { Family } from '../row.ts';
import { prometheus } from '../sabotages.ts';

export const scraping: Family = {
  name: 'scraping',
  items: ['scrape'],
  rows: [
    {
      says: 'the scrape interval is 2 s instead of 1 s',
      sabotage: prometheus(/(job_name: accubooks\n {4}scrape_interval:) 1s/, '$1 2s'),
      red: { scrape: 'disproven' },
      because: /2s.*1s/,
    },
    {
      says: 'the target is down',
      sabotage: prometheus(/(job_name: accubooks\n[\s\S]*?targets: )\[.*\]/, "$1['127.0.0.1:9']"),
      red: { scrape: 'disproven' },
      because: /connection refused/,
    },
    {
      says: 'the job has another name',
      sabotage: prometheus('job_name: accubooks\n', 'job_name: accubook\n'),
      red: { scrape: 'disproven' },
      because: /accubook"?.*accubooks|accubooks.*accubook"?/,
    },
    {
      says: 'the metrics are asked for at the wrong path',
      sabotage: prometheus('/api/metrics', '/metrics'),
      red: { scrape: 'disproven' },
      because: /404/,
    },
    {
      says: 'the application answers scrapes with 500',
      act: async (stack) => {
        stack.appProxy.behave({ kind: 'status', status: 500, path: '/api/metrics' });
        await stack.prometheus.waitForScrapes(2);
      },
      red: { scrape: 'disproven' },
      because: /500/,
    },
    {
      says: 'Prometheus cannot be reached',
      act: (stack) => Promise.resolve(stack.prometheusProxy.behave({ kind: 'drop' })),
      red: { scrape: 'inconclusive' },
      because: /cannot be reached/,
    },
  ],
};
