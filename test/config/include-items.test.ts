import { describe, expect, test } from 'vitest';
import { accepted, load, refusal } from './sample.ts';

const head = `
gate: sample
variables: { JOB: app }
include: [items/first.yaml, items/second.yaml]
`;
const item = (id: string, more = ''): string => `  - { id: ${id}, proof: scrape, job: '\${JOB}', interval: 15s${more} }\n`;
const files = {
  'gate.yaml': head,
  'items/first.yaml': `items:\n${item('a')}`,
  'items/second.yaml': `items:\n${item('b', ', needs: [a, own]')}`,
};

describe('a gate that includes files of items', () => {
  test('has its own items first and then theirs, which may need one another', async () => {
    const { gate, sources } = await accepted({ ...files, 'gate.yaml': `${head}items:\n${item('own')}` });
    expect(gate.items.map(({ id, requirement }) => [id, requirement['job']])).toEqual([
      ['own', 'app'],
      ['a', 'app'],
      ['b', 'app'],
    ]);
    expect(sources.map(({ role, path }) => [role, path])).toEqual([
      ['gate', 'gate.yaml'],
      ['items', 'items/first.yaml'],
      ['items', 'items/second.yaml'],
    ]);
  });

  test('needs no items of its own, and an environment changes theirs by id', async () => {
    const { gate } = await accepted(
      {
        ...files,
        'items/second.yaml': `items:\n${item('b')}`,
        'environments/demo.yaml': 'environment: demo\nitems: { b: { interval: 1s } }\n',
      },
      { environment: 'demo' },
    );
    expect(gate.items.map(({ requirement }) => requirement['interval'])).toEqual([15_000, 1_000]);
    expect(gate.overrides).toEqual([{ path: 'items.b.interval', from: '15s', to: '1s' }]);
  });

  test('is told where in which file something is wrong', async () => {
    const text = await refusal({ ...files, 'items/second.yaml': `items:\n${item('b', ', needs: [c]')}` });
    expect(text).toContain('there is no item "c"');
    expect(text).toContain('--> items/second.yaml:2:');
  });

  test('is told that an id stands in two files', async () => {
    const text = await refusal({ ...files, 'items/second.yaml': `items:\n${item('a')}` });
    expect(text).toContain('the id "a" is given twice');
    expect(text).toContain('the other one is at items/first.yaml:2:');
  });

  test('is not accused of what a missing file would have held', async () => {
    const loaded = await load({ ...files, 'items/first.yaml': undefined as unknown as string });
    expect(loaded.ok ? [] : loaded.faults.map(({ code, place }) => [code, place?.file, place?.line])).toEqual([
      ['config/not-found', 'gate.yaml', 4],
    ]);
  });

  test('finds fault with keys that belong into the gate file', async () => {
    const text = await refusal({ ...files, 'items/first.yaml': `channels: {}\nitems:\n${item('own')}${item('a')}` });
    expect(text).toContain('unknown key "channels"');
    expect(text).toContain('--> items/first.yaml:1:1');
  });
});
