import { readdirSync } from 'node:fs';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { promtoolVersion, ruleFileOf, testRules, type RuleTest } from '../../src/stack/promtool.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';

const options = { signal: AbortSignal.timeout(60_000), withinMs: 30_000 };

function fires(name: string, { expression = 'up == 0', value = 0, samples = 20, step = '15s' } = {}): RuleTest {
  return {
    name,
    rules: JSON.stringify({ groups: [{ name: 'g', rules: [{ alert: 'Down', expr: expression, for: '1m' }] }] }),
    test: JSON.stringify({
      rule_files: [ruleFileOf(name)],
      evaluation_interval: step,
      tests: [
        {
          interval: step,
          input_series: [{ series: 'up{job="a"}', values: `${String(value)}+0x${String(samples)}` }],
          promql_expr_test: [{ expr: 'count(ALERTS{alertstate="firing"})', eval_time: '3m', exp_samples: [{ labels: '{}', value: 1 }] }],
        },
      ],
    }),
  };
}

afterEach(() => void vi.unstubAllEnvs());

describe('promtool', () => {
  it('tells of each of many tests whether it passed, and in its own words why not', async () => {
    const results = await testRules([fires('t1'), fires('t2', { value: 1 }), fires('t3', { expression: 'up ==' }), fires('t4')], options);
    expect([...results].map(([name, { passed }]) => [name, passed])).toEqual([
      ['t1', true],
      ['t2', false],
      ['t3', false],
      ['t4', true],
    ]);
    expect(results.get('t2')?.words).toMatch(/exp:.*\n.*got:/);
    expect(results.get('t3')?.words).toContain('could not parse expression');
  });

  it('has a version, and nothing to say about no tests', async () => {
    expect(await promtoolVersion(options)).toMatch(/^\d+\.\d+/);
    expect(await testRules([], options)).toEqual(new Map());
  });

  it('is ended when its time is up or the run is stopped, and leaves nothing behind', async () => {
    await using folder = await createTempFolder('promtool-test');
    vi.stubEnv('TMPDIR', folder.path);
    const long = fires('t1', { samples: 5_000_000, step: '1ms', expression: 'count_over_time(up[1h]) < 0' });
    await expect(testRules([long], { ...options, withinMs: 100 })).rejects.toMatchObject({ code: 'tool/failed' });
    const stop = new AbortController();
    const running = testRules([long], { ...options, signal: stop.signal });
    stop.abort(new Error('stopped'));
    await expect(running).rejects.toThrow('stopped');
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it('is missed with a word on how to get it', async () => {
    vi.stubEnv('PATH', '/nowhere');
    await expect(testRules([fires('t1')], options)).rejects.toMatchObject({
      code: 'tool/missing',
      hint: expect.stringContaining('apt-get install prometheus'),
    });
  });
});
