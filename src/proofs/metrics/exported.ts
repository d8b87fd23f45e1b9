import { findingsOn, type Finding } from '../../gate/finding.ts';
import { similarName } from '../../stack/similar-name.ts';
import type { MetricsFacts, Page } from './facts.ts';
import type { MetricsRequirement, RequiredMetric } from './requirement.ts';
import { boundOf, bucketsWrong, countSeries, groupsOf, labelsMissing, seriesCount, withLabels } from './shape.ts';

type Family = Page['families'][number];

/** Judges the pages themselves: Prometheus gives up a whole scrape for one malformed line. */
export function judgePages(pages: readonly Page[]): readonly Finding[] {
  return pages.flatMap(({ url, malformed: [first], malformedLines }) => {
    if (first === undefined) return [];
    const others = malformedLines === 1 ? '' : ` (the first of ${String(malformedLines)} such lines)`;
    const says = `line ${String(first.line)} of ${url} is malformed: ${first.says}: ${JSON.stringify(first.text)}${others}`;
    return [findingsOn(url, 'exported').no(says, 'correct what writes this line: Prometheus may give up the whole page because of it')];
  });
}

/** Judges one metric on the app's own pages; it must be on every one of them, and on at least one with samples. */
export function judgeExported(metric: RequiredMetric, { job }: MetricsRequirement, { pages }: MetricsFacts): readonly Finding[] {
  const about = findingsOn(metric.name, 'exported');
  if (pages.length === 0) {
    const says = `Prometheus has no target with the job "${job}", so it is not known which page ${metric.name} should be on`;
    return [about.unknown(says, 'add the job to scrape_configs, or name the page in the gate: exposition: http://…')];
  }
  const against = pages.flatMap((page) => judgeOnPage(metric, page));
  if (against.length > 0) return against;
  const found = pages.flatMap(({ url, families }) =>
    families.filter(({ name }) => name === metric.name).map((family) => ({ url, family })),
  );
  const samples = found.flatMap(({ family }) => family.samples);
  const where = found.map(({ url }) => url).join(', ');
  if (samples.length === 0) {
    const says = `${metric.name} is announced at ${where}, but has no sample, so its labels${metric.type === 'histogram' ? ' and buckets' : ''} cannot be seen`;
    return [
      about.unknown(
        says,
        'nothing has happened yet that it counts: let the app begin with 0 for the label values it knows, or let a stimulus make it happen',
      ),
    ];
  }
  const buckets = metric.buckets === undefined ? '' : `, buckets ${metric.buckets.join(', ')} and +Inf`;
  const suffix = metric.type === 'counter' && !metric.name.endsWith('_total') ? ' (by custom the name of a counter ends in _total)' : '';
  return [about.yes(`${metric.type} at ${where}${withLabels(metric)}${buckets}: ${seriesCount(countSeries(samples))}${suffix}`)];
}

function judgeOnPage(metric: RequiredMetric, page: Page): readonly Finding[] {
  const about = findingsOn(metric.name, 'exported');
  const { url, status, contentType = '' } = page;
  if (status === undefined) {
    const says = `the metrics page ${url} could not be fetched: ${page.failure ?? 'no reason is known'}`;
    return [
      about.unknown(
        says,
        'where only Prometheus can reach that address, give the gate one that can be reached from here: exposition: http://…',
      ),
    ];
  }
  if (status === 401 || status === 403) {
    return [about.unknown(`the metrics page ${url} refused us with HTTP ${String(status)}`, 'let the machine that runs the gate read it')];
  }
  if (status < 200 || status > 299)
    return [about.no(`the metrics page ${url} answered with HTTP ${String(status)}`, 'see the log of the app, and metrics_path')];
  const family = page.families.find(({ name }) => name === metric.name);
  if (family !== undefined) return judgeFamily(metric, family, url);
  if (page.names.length === 0)
    return [
      about.no(
        `${url} shows no metric at all${contentType === '' ? '' : `; it answered with ${contentType}`}`,
        'see metrics_path: is this the metrics page?',
      ),
    ];
  const similar = similarName(
    metric.name,
    page.names.map(({ name }) => name),
  );
  const type = page.names.find(({ name }) => name === similar)?.type ?? '';
  const hint =
    similar === undefined
      ? 'register it with the registry that this page shows'
      : `there is a ${type} "${similar}": did you mean that one?`;
  return [about.no(`${metric.name} is not among the ${String(page.names.length)} metrics at ${url}`, hint)];
}

function judgeFamily(metric: RequiredMetric, family: Family, url: string): readonly Finding[] {
  const about = findingsOn(metric.name, 'exported');
  const found: Finding[] = [];
  if (family.type !== metric.type) {
    found.push(
      about.no(
        `${metric.name} ${family.type === 'untyped' ? 'has no type' : `is a ${family.type}`} at ${url}; ${metric.type} required`,
        `create it as a ${metric.type}, and announce it with # TYPE`,
      ),
    );
  }
  if (metric.help !== undefined && metric.help !== family.help) {
    const says = `the help of ${metric.name} is ${family.help === undefined ? 'missing' : JSON.stringify(family.help)}; ${JSON.stringify(metric.help)} required`;
    found.push(about.no(says, 'correct the help text in the app or in the gate'));
  }
  const series = countSeries(family.samples);
  for (const { label, on } of labelsMissing(metric, family.samples)) {
    const empty = family.samples.some(({ labels }) => labels[label] === '') ? ' or empty' : '';
    const says = `the label ${label} is missing${empty} on ${String(on)} of ${String(family.samples.length)} samples of ${metric.name} at ${url}`;
    found.push(
      about.no(says, `declare the label in the app and give it a value with every count; labels required: ${metric.labels.join(', ')}`),
    );
  }
  if (metric.type !== 'histogram' || family.type !== 'histogram' || series === 0) return found;
  const wrong = bucketsWrong(metric, family.samples);
  if (wrong !== undefined)
    found.push(about.no(`${metric.name} at ${url} has the buckets ${wrong}`, 'set the buckets in the app as the gate requires them'));
  const broken = groupsOf(family.samples)
    .map((group) => inconsistency(metric.name, group))
    .find((says) => says !== undefined);
  if (broken !== undefined)
    found.push(
      about.no(
        `${metric.name} at ${url} is no sound histogram: ${broken}`,
        'quantiles of it would be wrong: use a client library to write it',
      ),
    );
  return found;
}

/** What makes one histogram contradict itself; undefined when nothing does. */
function inconsistency(name: string, group: Family['samples']): string | undefined {
  const buckets = group
    .filter((sample) => sample.name === `${name}_bucket`)
    .map(({ labels, value }) => ({ bound: boundOf(labels['le'] ?? ''), le: labels['le'] ?? '', value: Number(value) }))
    .toSorted((a, b) => a.bound - b.bound);
  const falling = buckets.find(({ value }, index) => value < (buckets[index - 1]?.value ?? 0));
  if (falling !== undefined) return `its bucket le="${falling.le}" holds less than the one below`;
  const count = group.find((sample) => sample.name === `${name}_count`)?.value;
  if (count === undefined || !group.some((sample) => sample.name === `${name}_sum`))
    return `its ${name}_${count === undefined ? 'count' : 'sum'} is missing`;
  const all = buckets.at(-1)?.value;
  return all === count ? undefined : `its last bucket holds ${String(all ?? 'nothing')}, its ${name}_count is ${String(count)}`;
}
