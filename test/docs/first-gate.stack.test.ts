import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { reservePort } from '../sandbox/free-port.ts';
import { startProcess } from '../sandbox/process.ts';
import { createTempFolder } from '../sandbox/temp-folder.ts';
import { blocksOf, root } from './blocks.ts';

const main = path.join(root, 'src/cli/main.ts');

it('the guide to a first gate comes to what it says, followed step by step', async () => {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(await createTempFolder('first-gate')).path;
  const ports = new Map<string, string>();
  for (const port of ['9090', '9093', '9095']) ports.set(port, String(stack.use(await reservePort()).port));
  let output = '';
  for (const { language, text: written, line } of await blocksOf('docs/first-gate.md')) {
    const text = [...ports]
      .reduce((now, [from, to]) => now.replaceAll(from, to), written)
      .replaceAll('npm run -s liveproof --', `${process.execPath} ${main}`);
    const [, file] = /^# (first-gate\/\S+)\n/.exec(text) ?? [];
    if (language === 'yaml' && file !== undefined) {
      await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
      await writeFile(path.join(folder, file), text);
    } else if (language === 'bash' && text.startsWith('# a terminal of its own\n')) {
      const [command = '', ...args] = text.split('\n')[1]?.split(' ') ?? [];
      const ready = async (): Promise<boolean> => (await fetch(`http://${args.at(-1)?.split('=')[1] ?? ''}/-/ready`)).ok;
      stack.use(await startProcess({ name: command, command, args, folder, ready }));
    } else if (language === 'bash') {
      // Every command has to be tried, also after one that is meant to be refused.
      const ran = await execa('bash', ['-uc', text], { cwd: folder, all: true, reject: false, timeout: 120_000 });
      output = ran.all;
      expect(ran.exitCode, `line ${String(line)}: ${output}`).toBe(0);
    } else if (language === 'text') {
      for (const expected of text.split('\n').filter((each) => each !== '')) {
        expect(output, `line ${String(line)}`).toMatch(new RegExp(expected.split('…').map(RegExp.escape).join('.*')));
      }
    } else {
      expect.fail(`line ${String(line)} is neither a file, nor a command, nor its output`);
    }
  }
});
