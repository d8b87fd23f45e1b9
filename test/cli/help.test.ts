import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { program } from '../../src/cli/program.ts';

let said = '';
const out = { write: (text: string) => ((said += text), true) };
const io = { stdout: out, stderr: out, cwd: '/', env: {}, now: () => new Date(0), color: false };

function commandsOf(command: Command, path: readonly string[] = []): readonly (readonly string[])[] {
  return [path, ...command.commands.flatMap((each) => commandsOf(each, [...path, each.name()]))];
}

it.each(commandsOf(program({ io, version: '0' }).root).map((path) => [path.join(' '), path] as const))(
  'the help of "liveproof %s" fits on a terminal of 80 columns',
  async (_name, path) => {
    said = '';
    await expect(program({ io, version: '0' }).run([...path, '--help'])).rejects.toMatchObject({ exitCode: 0 });
    expect(said).toContain('Usage: liveproof');
    expect(said.split('\n').filter((line) => line.length > 80)).toEqual([]);
  },
);

it('the help of "liveproof check" says with which exit code it ends when it is stopped', async () => {
  said = '';
  await expect(program({ io, version: '0' }).run(['check', '--help'])).rejects.toMatchObject({ exitCode: 0 });
  expect(said.replaceAll(/\s+/g, ' ')).toContain('3 nothing failed, but something could not be told, or it was stopped (Ctrl-C)');
});
