import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { catalogue } from '../../src/metrics/catalogue.ts';
import type { Metric } from '../../src/metrics/metric.ts';
import { everyMetric } from './sample.ts';

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
  const served = await metrics.values();
  expect(served.map(({ name, type, help }) => ({ name, type, help }))).toEqual(
    listed.map(({ name, type, help }) => ({ name, type, help })),
  );
  for (const { name, values } of served) {
    const labels = new Set(values.flatMap((value) => Object.keys(value.labels)));
    labels.delete('le');
    expect([...labels].toSorted(), name).toEqual((listed.find((each) => each.name === name)?.labels ?? []).toSorted());
  }
});

it('the names follow the rules of Prometheus for counters, and no name comes twice', () => {
  expect(new Set(listed.map(({ name }) => name)).size).toBe(listed.length);
  for (const { name, type } of listed) expect(name.endsWith('_total'), name).toBe(type === 'counter');
});
