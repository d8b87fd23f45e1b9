import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { showFaults } from '../../src/cli/show-fault.ts';
import { defineCheck } from '../../src/config/define-check.ts';
import { loadGate } from '../../src/config/load-gate.ts';
import { loadProject } from '../../src/config/load-project.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { kinds } from './sample.ts';

const library = path.join(import.meta.dirname, '../../src/index.ts');
const imports = `import { defineCheck } from ${JSON.stringify(library)};\n`;

async function load(files: Readonly<Record<string, string>>) {
  await using folder = await createTempFolder('modules');
  for (const [name, text] of Object.entries({ 'liveproof.yaml': 'name: shop\n', ...files })) {
    await mkdir(path.dirname(path.join(folder.path, name)), { recursive: true });
    await writeFile(path.join(folder.path, name), text);
  }
  const env = { APP_URL: 'http://localhost:3000' };
  const loaded = await loadProject({ file: path.join(folder.path, 'liveproof.yaml'), env, probes: kinds.probes });
  if (loaded.ok) return { checks: loaded.project.checks, shown: 'loaded without a fault', declaredAt: loaded.placeOfCheck('health') };
  const shown = showFaults(loaded.faults, { color: false, width: 100, cwd: folder.path }).replaceAll(`${folder.path}/`, '');
  return { checks: [], shown, declaredAt: undefined };
}

const yaml = `check: health
probe: http
url: \${APP_URL}/health
interval: 30s
assert: [status is 200, total < 1s]
retries: { times: 2 }
maintenance: [{ because: backups, cron: '0 3 * * *', lasts: 20m }]
`;

const module = `${imports}
const once: string = 'status is 200';
export default defineCheck({
  check: 'health',
  probe: 'http',
  url: '\${APP_URL}/health',
  interval: '30s',
  assert: [once, 'total < 1s'],
  retries: { times: 2 },
  maintenance: [{ because: 'backups', cron: '0 3 * * *', lasts: '20m' }],
  statement: undefined,
});
`;

describe('a check in a TypeScript module', () => {
  it('is refused by the compiler where its common keys are wrong', () => {
    const definition = { check: 'a', probe: 'http', interval: '30s', retries: { times: 1 } } as const;
    expect(defineCheck(definition)).toBe(definition);
    // @ts-expect-error an interval is text
    defineCheck({ check: 'a', probe: 'http', interval: 30 });
    // @ts-expect-error a check has a name
    defineCheck({ probe: 'http' });
    // @ts-expect-error there is no such outcome
    defineCheck([{ check: 'a', probe: 'http', retries: { on: ['timeout'] } }]);
  });

  it('is the same check as in YAML', async () => {
    const inModule = await load({ 'checks/health.check.ts': module });
    expect(inModule.checks).toEqual((await load({ 'checks/health.yaml': yaml })).checks);
    expect(inModule.checks.map(({ name, options }) => [name, options])).toEqual([['health', { url: 'http://localhost:3000/health' }]]);
    expect(inModule.declaredAt).toMatchObject({ line: 5, source: "  check: 'health'," });
  });

  it('may be one of a list, which the module works out', async () => {
    const list = `${imports}
export default defineCheck(['a', 'b', 'c'].map((name) => ({ check: name, probe: 'http', url: \`http://\${name}.example\`, interval: '1m' })));
`;
    const { checks } = await load({ 'checks/many.check.ts': list });
    expect(checks.map(({ name, options }) => [name, options])).toEqual([
      ['a', { url: 'http://a.example' }],
      ['b', { url: 'http://b.example' }],
      ['c', { url: 'http://c.example' }],
    ]);
  });

  it('that is wrong is told with its file and the path of its keys, all at once', async () => {
    const { shown } = await load({
      'checks/a.check.ts': `export default [
        { check: 'a', probe: 'http', url: 'http://a', intervall: '30s', retries: { times: -1 }, assert: ['status is 200', 'status == 200'] },
        { check: 'b', probe: 'http', url: 'http://b', timeout: 5, when: new Date(0), then: () => 1 },
      ];\n`,
      'checks/b.check.ts': 'export const check = 1;\n',
      'checks/c.check.ts': 'export default null;\n',
      'checks/d.check.ts': "import './missing.ts';\nexport default {};\n",
      'checks/e.check.ts': "export default { check: 'a', probe: 'http', url: 'http://a' };\n",
    });
    expect(shown).toMatchInlineSnapshot(`
      "error: checks/a.check.ts: [1].when is a Date, which cannot stand in a check: only text, numbers, true and false, null, lists and plain objects can (config/bad-value)

      error: checks/a.check.ts: [1].then is a function, which cannot stand in a check: only text, numbers, true and false, null, lists and plain objects can (config/bad-value)

      error: checks/b.check.ts: this module exports no check (config/bad-value)
        export default defineCheck({ … })

      error: checks/d.check.ts: this module cannot be loaded: Cannot find module 'checks/missing.ts' imported from checks/d.check.ts (config/bad-value)

      error: checks/a.check.ts, [0].assert[1]: "assert[1]": "==" is no comparison (config/bad-value)
        did you mean "is"?

      error: checks/a.check.ts, [0].retries.times: "times" must be at least 0, not -1 (config/bad-value)

      error: checks/a.check.ts, [0].intervall: unknown key "intervall" (config/unknown-key)
        did you mean "interval"?

      error: checks/a.check.ts, [1].timeout: "timeout" must be a duration such as 15s, not 5 (config/wrong-type)

      error: checks/c.check.ts: this file must be a map, but has no value (config/wrong-type)

      error: checks/e.check.ts, check: the check "a" is given twice (config/duplicate-id)
        the other one is at checks/a.check.ts:1:1

      10 errors"
    `);
  });

  it('is read by gates as well, and refused by them in the same words', async () => {
    await using folder = await createTempFolder('modules');
    const file = path.join(folder.path, 'gate.yaml');
    const gate = 'gate: g\nchecks: [two.check.ts]\nitems:\n  - { id: a, proof: alert, rule: R, stimulus: { check: second } }\n';
    await writeFile(file, gate);
    await writeFile(
      path.join(folder.path, 'two.check.ts'),
      "export default ['first', 'second'].map((check) => ({ check, probe: 'http', url: 'http://a', interval: '1m' }));\n",
    );
    const loaded = await loadGate({ file, env: {}, kinds });
    expect(loaded).toMatchObject({ ok: true, gate: { checks: [{ name: 'first' }, { name: 'second' }] } });

    await writeFile(file, gate.replace('two', 'wrong'));
    await writeFile(path.join(folder.path, 'wrong.check.ts'), "export default { check: 'first', probe: 'http', urll: '${NOWHERE}' };\n");
    const refused = await loadGate({ file, env: {}, kinds });
    const told = refused.ok ? [] : refused.faults.map(({ message }) => message.replaceAll(`${folder.path}/`, ''));
    expect(told).toEqual([
      'wrong.check.ts, urll: the variable "NOWHERE" is not set',
      'wrong.check.ts, urll: unknown key "urll"',
      'there is no check "second"',
    ]);
  });
});
