import { execa } from 'execa';
import { expect, it } from 'vitest';
import { everyMetric } from './sample.ts';

it('promtool finds nothing to say against the exposition', async () => {
  using metrics = everyMetric();
  const { exitCode, stdout, stderr } = await execa('promtool', ['check', 'metrics'], { input: await metrics.text(), reject: false });
  expect({ exitCode, stdout, stderr }).toEqual({ exitCode: 0, stdout: '', stderr: '' });
});

it('promtool would find a fault', async () => {
  const { exitCode } = await execa('promtool', ['check', 'metrics'], { input: 'up{ 1\n', reject: false });
  expect(exitCode).not.toBe(0);
});
