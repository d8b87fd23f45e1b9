import { includesRung, ladders, type Grade } from '../../gate/grade.ts';
import { worse, type FactsMutant } from '../../gate/mutant.ts';
import type { MetricsFacts, Page } from './facts.ts';
import { moveMutants } from './move-mutants.ts';
import type { MetricsRequirement, RequiredMetric } from './requirement.ts';
import { storedMutants } from './stored-mutants.ts';

type Mutants = readonly FactsMutant<MetricsFacts>[];

export function metricsMutants(requirement: MetricsRequirement, facts: MetricsFacts, grade: Grade): Mutants {
  const asks = (rung: Grade): boolean => includesRung(ladders.metric, grade, rung);
  return [
    ...facts.pages.flatMap((page, index) => pageMutants(facts, page, index)),
    ...requirement.metrics.flatMap((metric) =>
      // Every metric is judged by itself.
      [...exported(metric, facts), ...(asks('scraped') ? storedMutants(metric, requirement, facts) : [])].map((each) => ({
        ...each,
        requirement: { ...requirement, metrics: [metric] },
      })),
    ),
    ...(asks('responsive') ? moveMutants(requirement, facts) : []),
  ];
}

function pageMutants(facts: MetricsFacts, page: Page, index: number): Mutants {
  const { url } = page;
  const { status: _, ...unreached } = page;
  const other = (change: Page): MetricsFacts => ({ ...facts, pages: facts.pages.with(index, change) });
  return [
    worse('page-not-reached', `${url} cannot be fetched`, other({ ...unreached, failure: 'connection refused' })),
    worse('page-refused', `${url} asks for a login`, other({ ...page, status: 401 })),
    worse('page-fails', `${url} answers with an error`, other({ ...page, status: 500 })),
    worse(
      'page-malformed',
      `a line of ${url} is malformed`,
      other({ ...page, malformed: [{ line: 1, text: '{', says: 'no name' }], malformedLines: 1 }),
    ),
  ];
}

type Family = Page['families'][number];
type Sample = Family['samples'][number];

function exported(metric: RequiredMetric, facts: MetricsFacts): Mutants {
  const { name, type, labels, buckets, help } = metric;
  const families = (change: (family: Family) => readonly Family[]): MetricsFacts => ({
    ...facts,
    pages: facts.pages.map((page) => ({
      ...page,
      families: page.families.flatMap((family) => (family.name === name ? change(family) : [family])),
    })),
  });
  const samples = (change: (all: readonly Sample[]) => readonly Sample[]): MetricsFacts =>
    families((family) => [{ ...family, samples: change(family.samples) }]);
  const isBound = ({ labels: own }: Sample): boolean =>
    own['le'] !== undefined && (buckets === undefined ? own['le'] === '+Inf' : Number(own['le']) === buckets[0]);
  return [
    worse(
      'not-exported',
      `${name} is not on its page`,
      families(() => []),
    ),
    worse(
      'type-changed',
      `${name} is of another type`,
      families((family) => [{ ...family, type: type === 'gauge' ? 'counter' : 'gauge' }]),
    ),
    worse(
      'never-counted',
      `${name} is announced and has no sample`,
      samples(() => []),
    ),
    ...(help === undefined
      ? []
      : [
          worse(
            'help-changed',
            `the help of ${name} says something else`,
            families((family) => [{ ...family, help: 'something else' }]),
          ),
        ]),
    ...labels.map((label) =>
      worse(
        'label-lost',
        `one sample of ${name} lacks the label ${label}`,
        samples((all) => [...all.slice(0, 1).map((each) => without(each, label)), ...all.slice(1)]),
      ),
    ),
    ...(type === 'histogram'
      ? [
          worse(
            'bucket-lost',
            `${name} lacks a bucket`,
            samples((all) => all.filter((each) => !isBound(each))),
          ),
          worse(
            'count-wrong',
            `the buckets of ${name} and its count contradict each other`,
            samples((all) => all.map((each) => (each.name === `${name}_count` ? { ...each, value: Number(each.value) + 1 } : each))),
          ),
          worse(
            'sum-lost',
            `${name} has no sum`,
            samples((all) => all.filter((each) => each.name !== `${name}_sum`)),
          ),
        ]
      : []),
  ];
}

function without(sample: Sample, label: string): Sample {
  return { ...sample, labels: Object.fromEntries(Object.entries(sample.labels).filter(([name]) => name !== label)) };
}
