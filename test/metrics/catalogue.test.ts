import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { catalogue } from '../../src/metrics/catalogue.ts';
import type { Metric } from '../../src/metrics/metric.ts';
import { everyMetric, seriesOf } from './sample.ts';

const listed: readonly Metric[] = Object.values(catalogue);

it('docs/metrics.md lists every metric with its type, labels and meaning, and no other', async () => {
  const page = await readFile(path.join(import.meta.dirname, '../../docs/metrics.md'), 'utf8');
  const rows = page
    .split('\n')
    .filter((line) => /^\| `(probe|liveproof|process)_/.test(line))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  expect(rows).toEqual(
    listed.map(({ name, type, labels, help }) => [
      `\`${name}\``,
      type,
      labels.length === 0 ? 'none' : labels.map((label) => `\`${label}\``).join(', '),
      help,
    ]),
  );
});

it('/metrics serves every metric of the catalogue, and no other, with the labels that it lists', async () => {
  using metrics = everyMetric();
  const text = await metrics.text();
  const heads = [...text.matchAll(/^# HELP (\S+) (.*)\n# TYPE \S+ (\S+)$/gm)].map(([, name, help, type]) => ({ name, help, type }));
  expect(heads).toEqual(listed.map(({ name, help, type }) => ({ name, help, type })));
  for (const { name, type, labels } of listed) {
    const series = ['', ...(type === 'histogram' ? ['_bucket', '_sum', '_count'] : [])].flatMap((end) => seriesOf(text, `${name}${end}`));
    const found = new Set(series.flatMap((line) => [...line.matchAll(/[{,](\w+)="/g)].map(([, label = '']) => label)));
    found.delete('le');
    expect([...found].toSorted(), name).toEqual(labels.toSorted());
    expect(series, name).not.toEqual([]);
  }
});

it('the names follow the rules of Prometheus for counters, and no name comes twice', () => {
  expect(new Set(listed.map(({ name }) => name)).size).toBe(listed.length);
  for (const { name, type } of listed) expect(name.endsWith('_total'), name).toBe(type === 'counter');
});
