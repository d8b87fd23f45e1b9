import { readFileSync } from 'node:fs';
import { CommanderError } from 'commander';
import { Fault } from '../base/fault.ts';
import { exitCodes } from './exit-code.ts';
import { processIo } from './io.ts';
import { program } from './program.ts';
import { showFault } from './show-fault.ts';

// `liveproof … | head` closes the pipe early, and a lost connection the terminal; a run must still undo what it made, so nobody reading is no reason to end.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

const io = processIo();
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string };

// What nobody has caught says nothing of the target: Node's own exit code would say "disproven".
process.on('uncaughtException', (error) => process.exit(report(error)));

try {
  process.exitCode = await program({ io, version }).run(process.argv.slice(2));
} catch (error) {
  process.exitCode = report(error);
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.pass : exitCodes.usage;
  if (error instanceof Fault) {
    io.stderr.write(`${showFault(error, { color: io.color, width: io.columns ?? 80 })}\n`);
    return exitCodes.usage;
  }
  io.stderr.write(`This is a bug in liveproof ${version}. Please report it with the lines below.\n`);
  io.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return exitCodes.bug;
}
