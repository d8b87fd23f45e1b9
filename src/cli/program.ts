import { Command } from 'commander';
import type { BoardsCommandOptions } from './commands/boards.ts';
import type { GateCommandOptions } from './commands/gate.ts';
import type { GenerateGrafanaOptions } from './commands/generate.ts';
import type { KeysNewOptions } from './commands/keys.ts';
import type { VerifyCommandOptions } from './commands/verify.ts';
import type { Io } from './io.ts';

export interface ProgramOptions {
  readonly io: Io;
  readonly version: string;
}

const about = `Proves that your monitoring works before you launch: nothing counts as monitored
until it has been seen to work.`;

const afterHelp = `
Begin here:
  liveproof gate gates/accubooks/gate.yaml --env demo    run a launch checklist
  liveproof keys new                                     make a key to sign reports with
  liveproof verify reports/accubooks/… --key FILE        check a report that somebody gave you

Exit codes: 0 proceed, 1 something is disproven, 2 wrong usage or configuration,
            3 something could not be told, 70 a bug in liveproof`;

const gateHelp = `
Examples:
  liveproof gate gates/accubooks/gate.yaml
  liveproof gate gates/accubooks/gate.yaml --env staging --key gate.pem
  liveproof gate gates/accubooks/gate.yaml --resume      only what is not proven yet

Every item is observed on the live stack, judged, and decided upon: PROCEED (exit 0) only when
all of them are proven. A real fault may be made in the system under test, and test signals
marked [TEST] are sent through your channels; all of it is undone at the end and on Ctrl-C.
The report is written to DIR/<gate>/<time>/. Sign it with --key to make it worth forwarding.`;

const verifyHelp = `
Examples:
  liveproof verify reports/accubooks/2026-02-01T09-00-00Z --key gate.pub.pem
  liveproof verify reports/accubooks/2026-02-01T09-00-00Z --key gate.pub.pem --max-age 2h

Checks the signature, the digests of every file, the age, and judges the recorded evidence
again: needs nothing but the folder and the public key. Exit 0 only for an authentic, fresh
report that says PROCEED.`;

/** The whole command line. `run` resolves to the exit code. */
export function program({ io, version }: ProgramOptions): { run(args: readonly string[]): Promise<number> } {
  let exitCode = 0;
  const becomes = (work: Promise<number>): Promise<void> => work.then((code) => void (exitCode = code));

  // Loaded when asked for: what one command stands on must not slow down `--help` and the others.
  const runGateCommand = async (options: GateCommandOptions): Promise<number> => {
    const { gateCommand } = await import('./commands/gate.ts');
    return gateCommand(options, io, version);
  };
  const runVerifyCommand = async (options: VerifyCommandOptions): Promise<number> => {
    const [{ verifyCommand }, { proofs }, { reporters }] = await Promise.all([
      import('./commands/verify.ts'),
      import('../proofs/index.ts'),
      import('../reporters/index.ts'),
    ]);
    return verifyCommand(options, io, { proofs, reporters, toolVersion: version });
  };
  const runKeysNewCommand = async (options: KeysNewOptions): Promise<number> => {
    const { keysNewCommand } = await import('./commands/keys.ts');
    return keysNewCommand(options, io);
  };

  const runBoardsCommand = async (options: BoardsCommandOptions): Promise<number> => {
    const { boardsCommand } = await import('./commands/boards.ts');
    return boardsCommand(options, io, version);
  };
  const runGenerateGrafanaCommand = async (options: GenerateGrafanaOptions): Promise<number> => {
    const { generateGrafanaCommand } = await import('./commands/generate.ts');
    return generateGrafanaCommand(options, io);
  };

  const root = new Command('liveproof')
    .description(about)
    .version(version, '-V, --version')
    .addHelpText('after', afterHelp)
    .showHelpAfterError('(liveproof --help shows what there is)')
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.columns ?? 80,
      getErrHelpWidth: () => io.columns ?? 80,
    })
    .exitOverride();

  root
    .command('gate')
    .description('run a launch checklist against the live stack')
    .argument('<file>', 'the gate file')
    .option('--env <name>', 'use environments/<name>.yaml beside the gate file')
    .option('--report-dir <dir>', 'where reports go', 'reports')
    .option('--key <file>', 'private key to sign the report with (liveproof keys new)')
    .option('--operator <name>', 'who answers for this run; goes into the report')
    .option('--only <ids>', 'try only these items, and what they rest on: a,b (never enough to proceed)')
    .option('--resume', 'keep what the last report has proven and is still fresh; items named with --only are tried')
    .option('--json', 'print report.json, and progress to standard error')
    .addHelpText('after', gateHelp)
    .action((file: string, options: Omit<GateCommandOptions, 'file'>) => becomes(runGateCommand({ file, ...options })));

  root
    .command('verify')
    .description('check a report: signature, digests, age, and judge its evidence again')
    .argument('<folder>', 'the report’s folder')
    .option('--key <file>', 'public key of whoever you trust to run the gate')
    .option('--max-age <duration>', 'refuse reports older than this (default: what the gate says, else 24h)')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', verifyHelp)
    .action((folder: string, options: Omit<VerifyCommandOptions, 'folder'>) => becomes(runVerifyCommand({ folder, ...options })));

  root
    .command('boards')
    .description('serve the boards of a gate, read-only, to those who may see them')
    .argument('<file>', 'the gate file')
    .option('--env <name>', 'use environments/<name>.yaml beside the gate file')
    .option('--listen <address>', 'where to listen', '127.0.0.1:9096')
    .option('--exposed', 'allow an address that other machines can reach')
    .action((file: string, options: Omit<BoardsCommandOptions, 'file'>) => becomes(runBoardsCommand({ file, ...options })));

  root
    .command('generate')
    .description('configuration that makes the gate’s requirements real')
    .command('grafana')
    .description('write the boards of a gate as Grafana dashboards')
    .argument('<file>', 'the gate file')
    .option('--env <name>', 'use environments/<name>.yaml beside the gate file')
    .option('--out <dir>', 'where to write them', 'dashboards')
    .option('--datasource <uid>', 'uid of the Prometheus data source in Grafana', 'prometheus')
    .option('--board <name>', 'only this board, to standard output')
    .action((file: string, options: Omit<GenerateGrafanaOptions, 'file'>) => becomes(runGenerateGrafanaCommand({ file, ...options })));

  root
    .command('keys')
    .description('signing keys')
    .command('new')
    .description('make a key pair: the private key signs reports, the public one checks them')
    .option('--out <dir>', 'where to write them', '.')
    .action((options: KeysNewOptions) => becomes(runKeysNewCommand(options)));

  return {
    run: async (args) => {
      await root.parseAsync(args, { from: 'user' });
      return exitCode;
    },
  };
}
