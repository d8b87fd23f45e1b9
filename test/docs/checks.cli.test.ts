import { chmod, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { judgeAssertions } from '../../src/check/assertion/judge.ts';
import { parseAssertion } from '../../src/check/assertion/parse.ts';
import type { Reading } from '../../src/check/reading.ts';
import { loadProject } from '../../src/config/load-project.ts';
import { probes } from '../../src/probes/index.ts';
import { reservePort } from '../sandbox/free-port.ts';
import { startProcess } from '../sandbox/process.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { blocksOf, root } from './blocks.ts';

const page = 'docs/checks.md';
const blocks = await blocksOf(page);

/** A file of the page, by its first line. */
const named = /^(?:#|\/\/) (shop\/\S+)\n/;

/** The output of a command that the page shows; the others show what a reason looks like. */
const isOutput = (text: string): boolean => /^(?:✓|error:)/.test(text);

describe('the guide to checks', () => {
  it('comes to what it says, followed step by step', async () => {
    await using stack = new AsyncDisposableStack();
    const folder = stack.use(await createTempFolder('checks')).path;
    const port = String(stack.use(await reservePort()).port);
    await installLibrary(folder);
    const environment = {
      PATH: `${folder}/bin:${path.dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
      PORT: port,
      APP_URL: `http://127.0.0.1:${port}`,
    };
    let output = '';
    for (const { language, text: written, line } of blocks) {
      const text = written.replaceAll('8787', port);
      const [, file] = named.exec(text) ?? [];
      if (file !== undefined) {
        await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
        await writeFile(path.join(folder, file), text);
      } else if (language === 'bash' && text.startsWith('# a terminal of its own, in shop\n')) {
        const [command = '', ...args] = text.split('\n')[1]?.split(' ') ?? [];
        const ready = async (): Promise<boolean> => (await fetch(`${environment.APP_URL}/health`)).ok;
        stack.use(await startProcess({ name: command, command, args, folder: path.join(folder, 'shop'), environment, ready }));
      } else if (language === 'bash') {
        const ran = await execa('bash', ['-uc', text], { cwd: folder, env: environment, all: true, reject: false, timeout: 120_000 });
        output = ran.all;
        expect(ran.exitCode, `line ${String(line)}: ${output}`).toBe(0);
      } else if (language === 'text' && isOutput(text)) {
        for (const expected of text.split('\n').filter((each) => each !== '')) {
          expect(output, `line ${String(line)}`).toMatch(new RegExp(expected.split(/ ?… ?/).map(RegExp.escape).join('.*')));
        }
      }
    }
    expect(output).toContain('project.schema.json');
  }, 240_000);

  it('shows parts of checks that are all loaded', async () => {
    const parts = blocks.filter(({ language, text }) => language === 'yaml' && !named.test(text));
    expect(parts.length).toBeGreaterThan(7);
    await using folder = await createTempFolder('parts');
    for (const { text, line } of parts) {
      const check = { check: 'part', probe: 'http', steps: [{ url: 'http://localhost' }], ...(parse(text) as object) };
      await writeFile(path.join(folder.path, 'liveproof.yaml'), 'name: parts\nchecks: [part.yaml]\n');
      await writeFile(path.join(folder.path, 'part.yaml'), stringify(check));
      const loaded = await loadProject({ file: path.join(folder.path, 'liveproof.yaml'), env: {}, probes });
      expect(loaded.ok ? [] : loaded.faults.map(({ message }) => message), `line ${String(line)}`).toEqual([]);
    }
  });

  it('shows reasons as they are', () => {
    const shown = blocks.find(({ language, text }) => language === 'text' && !isOutput(text));
    const texts = ['status is 200', 'total < 500ms', 'json user.tier is "pro"'];
    const assertions = texts.map(parseAssertion).flatMap((parsed) => (parsed.ok ? [parsed.assertion] : []));
    const readings = new Map<string, Reading>([
      ['status', { value: 503 }],
      ['total', { value: 812, unit: 'ms' }],
      ['json user.tier', { value: 'free' }],
    ]);
    expect(`${judgeAssertions(assertions, readings).failed.join('\n')}\n`).toBe(shown?.text);
  });
});

/** What `npm install liveproof` would bring: the command, and the library that modules import. */
async function installLibrary(folder: string): Promise<void> {
  const library = path.join(folder, 'node_modules/liveproof');
  await mkdir(library, { recursive: true });
  await writeFile(path.join(library, 'package.json'), JSON.stringify({ name: 'liveproof', type: 'module', exports: './index.js' }));
  await writeFile(path.join(library, 'index.js'), `export * from ${JSON.stringify(path.join(root, 'src/index.ts'))};\n`);
  const command = path.join(folder, 'bin/liveproof');
  await mkdir(path.dirname(command));
  await writeFile(command, `#!/bin/sh\nexec '${process.execPath}' '${path.join(root, 'src/cli/main.ts')}' "$@"\n`);
  await chmod(command, 0o755);
}
