import { ladders } from '../gate/grade.ts';
import { defineProof } from '../gate/proof.ts';
import { scrapeFacts } from './scrape/facts.ts';
import { judgeScrape } from './scrape/judge.ts';
import { scrapeMutants } from './scrape/mutants.ts';
import { scrapeRequirement } from './scrape/requirement.ts';

export default defineProof({
  kind: 'scrape',
  summary: 'Prometheus scrapes a job: its targets are up, and the real gaps between their samples are the interval.',
  ladder: ladders.target,
  defaultGrade: 'on-time',
  requirement: scrapeRequirement,
  facts: scrapeFacts,
  observe: async (...given) => (await import('./scrape/observe.ts')).observeScrape(...given),
  judge: judgeScrape,
  restsOn: async (...given) => (await import('./scrape/rests-on.ts')).restsOnScrape(...given),
  mutants: scrapeMutants,
  wants: ({ job, interval, targets }) => ({
    // A count says nothing of where they are, and neither does a pattern.
    scrape: { job, everyMs: interval, targets: Array.isArray(targets) ? targets.filter((target) => !target.includes('*')) : [] },
  }),
});
