import type { Command } from 'commander';
import { program } from '../../src/cli/program.ts';
import { root } from './blocks.ts';

/** The real command line, of which nothing is carried out. */
export function definition(): Command {
  const quiet = { write: () => true };
  const io = { stdout: quiet, stderr: quiet, cwd: root, env: {}, now: () => new Date(), color: false };
  const { root: command } = program({ io, version: '0' });
  const disarm = (each: Command): void => {
    each.action(() => undefined);
    each.commands.forEach(disarm);
  };
  command.commands.forEach(disarm);
  return command;
}

/** Every command that does something itself, with the words that call it: `['generate', 'grafana']`. */
export function allCommands(command = definition(), before: readonly string[] = []): readonly (readonly [readonly string[], Command])[] {
  return command.commands.flatMap((each) => {
    const words = [...before, each.name()];
    return each.commands.length > 0 ? allCommands(each, words) : [[words, each] as const];
  });
}
