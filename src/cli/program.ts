import { Command, Option } from 'commander';
import type { CleanCommandOptions } from './commands/clean.ts';
import type { BoardsCommandOptions } from './commands/boards.ts';
import type { DrillCommandOptions } from './commands/drill.ts';
import type { GateCommandOptions } from './commands/gate.ts';
import type { KeysNewOptions } from './commands/keys.ts';
import type { SignCommandOptions } from './commands/sign.ts';
import type { VerifyCommandOptions } from './commands/verify.ts';
import { addGenerate } from './generate-program.ts';
import { about, afterHelp, drillHelp, gateHelp, signHelp, verifyHelp } from './help.ts';
import type { Io } from './io.ts';

export interface ProgramOptions {
  readonly io: Io;
  readonly version: string;
}

/** The whole command line. `run` resolves to the exit code; `root` is its definition, for what has to keep up with it. */
export function program({ io, version }: ProgramOptions): { readonly root: Command; run(args: readonly string[]): Promise<number> } {
  let exitCode = 0;
  const becomes = (work: Promise<number>): Promise<void> => work.then((code) => void (exitCode = code));

  // Loaded when asked for: what one command stands on must not slow down `--help` and the others.
  const runGateCommand = async (options: GateCommandOptions): Promise<number> => {
    if (options.plan === true) return (await import('./commands/plan.ts')).planCommand(options, io);
    const { gateCommand } = await import('./commands/gate.ts');
    return gateCommand(options, io, version);
  };
  const runCleanCommand = async (options: CleanCommandOptions): Promise<number> => {
    const { cleanCommand } = await import('./commands/clean.ts');
    return cleanCommand(options, io);
  };
  const loadVerifyParts = async () => {
    const [{ proofs }, { reporters }] = await Promise.all([import('../proofs/index.ts'), import('../reporters/index.ts')]);
    return { proofs, reporters, toolVersion: version };
  };
  const runVerifyCommand = async (options: VerifyCommandOptions): Promise<number> => {
    const { verifyCommand } = await import('./commands/verify.ts');
    return verifyCommand(options, io, await loadVerifyParts());
  };
  const runSignCommand = async (options: SignCommandOptions): Promise<number> => {
    const { signCommand } = await import('./commands/sign.ts');
    return signCommand(options, io, await loadVerifyParts());
  };
  const runDrillCommand = async (options: DrillCommandOptions): Promise<number> => {
    const { drillCommand } = await import('./commands/drill.ts');
    return drillCommand(options, io, await loadVerifyParts());
  };
  const runKeysNewCommand = async (options: KeysNewOptions): Promise<number> => {
    const { keysNewCommand } = await import('./commands/keys.ts');
    return keysNewCommand(options, io);
  };

  const runBoardsCommand = async (options: BoardsCommandOptions): Promise<number> => {
    const { boardsCommand } = await import('./commands/boards.ts');
    return boardsCommand(options, io, version);
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
    .option('--plan', 'only say what would be touched and who would be woken; sends nothing')
    .option('--allow-paging', 'let it wake people; items that could are not tried without it')
    .option('--report-dir <dir>', 'where reports go', 'reports')
    .option('--key <file>', 'private key to sign the report with (liveproof keys new)')
    .option('--operator <name>', 'who answers for this run; goes into the report')
    .option('--only <ids>', 'try only these items, and what they rest on: a,b (never enough to proceed)')
    .option('--resume', 'keep what the last report has proven and is still fresh; items named with --only are tried')
    .option('--no-pdf', 'do not print report.html to report.pdf')
    .option('--json', 'print report.json, and progress to standard error')
    .addOption(
      new Option('--clean', 'run nothing: undo what a killed run has left behind').conflicts(['key', 'only', 'resume', 'json', 'plan']),
    )
    .addHelpText('after', gateHelp)
    .action((file: string, { clean, ...options }: Omit<GateCommandOptions, 'file'> & { readonly clean?: true }) =>
      becomes(clean === true ? runCleanCommand({ file, ...options }) : runGateCommand({ file, ...options })),
    );

  root
    .command('verify')
    .description('check a report: signature, digests, age, and judge its evidence again')
    .argument('<folder>', 'the report’s folder')
    .option('--key <file>', 'public key of whoever you trust to run the gate')
    .option('--max-age <duration>', 'refuse reports older than this (default: what the gate says, else 24h)')
    .option('--policy <file>', 'refuse what this policy does not accept: keys, approvals, ages, grades, waivers')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', verifyHelp)
    .action((folder: string, options: Omit<VerifyCommandOptions, 'folder'>) => becomes(runVerifyCommand({ folder, ...options })));

  root
    .command('sign')
    .description('approve a report that holds: adds your signature beside it')
    .argument('<folder>', 'the report’s folder')
    .requiredOption('--key <file>', 'your private key (liveproof keys new)')
    .requiredOption('--as <name>', 'your name, as it will stand in the approval')
    .option('--gate-key <file>', 'public key of whoever you trust to run the gate')
    .option('--json', 'print the result as JSON')
    .addHelpText('after', signHelp)
    .action((folder: string, options: Omit<SignCommandOptions, 'folder'>) => becomes(runSignCommand({ folder, ...options })));

  root
    .command('drill')
    .description('make a report’s evidence worse and judge it again: which items cannot fail?')
    .argument('<folder>', 'the report’s folder')
    .option('--at-least <percent>', 'the share of changes that must be noticed (default: 95)')
    .option('--attach', 'write drill.json into the folder, where verify checks it')
    .option('--json', 'print drill.json')
    .addHelpText('after', drillHelp)
    .action((folder: string, options: Omit<DrillCommandOptions, 'folder'>) => becomes(runDrillCommand({ folder, ...options })));

  root
    .command('kinds')
    .description('what a gate can be written with: proofs, channels, probes, and their keys')
    .argument('[name]', 'only this kind, with all of its keys')
    .action((name: string | undefined) => becomes(import('./commands/kinds.ts').then(({ kindsCommand }) => kindsCommand(name, io))));

  root
    .command('boards')
    .description('serve the boards of a gate, read-only, to those who may see them')
    .argument('<file>', 'the gate file')
    .option('--env <name>', 'use environments/<name>.yaml beside the gate file')
    .option('--listen <address>', 'where to listen', '127.0.0.1:9096')
    .option('--exposed', 'allow an address that other machines can reach')
    .action((file: string, options: Omit<BoardsCommandOptions, 'file'>) => becomes(runBoardsCommand({ file, ...options })));

  addGenerate(root, io, becomes);

  root
    .command('keys')
    .description('signing keys')
    .command('new')
    .description('make a key pair: the private key signs reports, the public one checks them')
    .option('--out <dir>', 'where to write them', '.')
    .action((options: KeysNewOptions) => becomes(runKeysNewCommand(options)));

  return {
    root,
    run: async (args) => {
      await root.parseAsync(args, { from: 'user' });
      return exitCode;
    },
  };
}
