import { resolve } from 'node:path';
import { Command, Option } from 'commander';
import { checkReporters } from './check-reporters.ts';
import type { CheckCommandOptions } from './commands/check.ts';
import type { CleanCommandOptions } from './commands/clean.ts';
import type { BoardsCommandOptions } from './commands/boards.ts';
import type { DrillCommandOptions } from './commands/drill.ts';
import type { ExportCommandOptions } from './commands/export.ts';
import type { GateCommandOptions } from './commands/gate.ts';
import type { InitCommandOptions } from './commands/init.ts';
import type { KeysNewOptions } from './commands/keys.ts';
import type { SignCommandOptions } from './commands/sign.ts';
import type { VerifyCommandOptions, VerifyParts } from './commands/verify.ts';
import type { WatchCommandOptions } from './commands/watch.ts';
import { addGenerate } from './generate-program.ts';
import { about, afterHelp, checkHelp, drillHelp, exportHelp, gateHelp, signHelp, verifyHelp, watchHelp } from './help.ts';
import type { Io } from './io.ts';
import { becomeSmall } from './small-process.ts';

export interface ProgramOptions {
  readonly io: Io;
  readonly version: string;
}

/** For options that are given again and again; commander gives what was collected so far. */
function addTag(tag: string, tags: readonly string[] | undefined): readonly string[] {
  return [...(tags ?? []), tag];
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
  const runCheckCommand = async (options: CheckCommandOptions): Promise<number> => {
    const { checkCommand } = await import('./commands/check.ts');
    return checkCommand(options, io, version);
  };
  const runWatchCommand = async (options: WatchCommandOptions): Promise<number> => {
    // Before anything is loaded for nothing.
    becomeSmall();
    const { watchCommand } = await import('./commands/watch.ts');
    return watchCommand(options, io, version);
  };
  // The judges come first: they load on their threads while everything else loads here.
  const withJudges = async (folder: string, use: (parts: VerifyParts) => Promise<number>): Promise<number> => {
    const { startThreads, threadsWorth } = await import('../app/judging/threads.ts');
    await using judging = startThreads({ count: threadsWorth(resolve(io.cwd, folder, 'report.json')) });
    const [{ judgeOn }, { reporters }] = await Promise.all([import('../app/judging/judge-on.ts'), import('../reporters/index.ts')]);
    const loadProofs = async () => (await import('../proofs/index.ts')).proofs;
    return await use({ judgeItems: judgeOn(judging.threads), loadProofs, reporters, toolVersion: version });
  };
  const runVerifyCommand = (options: VerifyCommandOptions): Promise<number> =>
    withJudges(options.folder, async (parts) => (await import('./commands/verify.ts')).verifyCommand(options, io, parts));
  const runSignCommand = (options: SignCommandOptions): Promise<number> =>
    withJudges(options.folder, async (parts) => (await import('./commands/sign.ts')).signCommand(options, io, parts));
  const runDrillCommand = (options: DrillCommandOptions): Promise<number> =>
    withJudges(options.folder, async (parts) => (await import('./commands/drill.ts')).drillCommand(options, io, parts));
  const runKeysNewCommand = async (options: KeysNewOptions): Promise<number> => {
    const { keysNewCommand } = await import('./commands/keys.ts');
    return keysNewCommand(options, io);
  };

  const runInitCommand = async (options: InitCommandOptions): Promise<number> => {
    const { initCommand } = await import('./commands/init.ts');
    return initCommand(options, io);
  };
  const runBoardsCommand = async (options: BoardsCommandOptions): Promise<number> => {
    const { boardsCommand } = await import('./commands/boards.ts');
    return boardsCommand(options, io, version);
  };

  const runExportCommand = async (options: ExportCommandOptions): Promise<number> => {
    const { exportCommand } = await import('./commands/export.ts');
    return exportCommand(options, io);
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
    .command('init')
    .description('make a new project that runs as it stands: a check, a gate, and something to try them on')
    .argument('[folder]', 'where to make it', '.')
    .action((folder: string) => becomes(runInitCommand({ folder })));

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
    .command('check')
    .description('run checks once, for CI and while one is written')
    .argument('[names...]', 'only these checks')
    .option('--tag <tag>', 'only checks that carry this tag; give it again for others', addTag)
    .option('--project <file>', 'the project file', 'liveproof.yaml')
    .addOption(new Option('--reporter <name>', 'how results are written').choices(checkReporters).default('pretty'))
    .option('--output <file>', 'where the report goes (default: standard output)')
    .option('--evidence <dir>', 'keep screenshots and traces of what did not pass here')
    .addHelpText('after', checkHelp)
    .action((names: readonly string[], options: Omit<CheckCommandOptions, 'names'>) => becomes(runCheckCommand({ names, ...options })));

  root
    .command('watch')
    .description('run the checks of a project on their schedules, for ever')
    .option('--project <file>', 'the project file', 'liveproof.yaml')
    .option('--exposed', 'allow an address that other machines can reach')
    .addHelpText('after', watchHelp)
    .action((options: WatchCommandOptions) => becomes(runWatchCommand(options)));

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

  root
    .command('export')
    .description('write down the results that a store keeps, in the order of time')
    .option('--project <file>', 'the project file', 'liveproof.yaml')
    .option('--store <file>', 'the file of a store (default: that of the project)')
    .option('--from <time>', 'from when on: 2026-02-01T09:00:00Z, 2026-02-01, or 7d (ago)')
    .option('--to <time>', 'until when; this time is not within (default: now)')
    .option('--check <name>', 'only this check')
    .option('--format <format>', 'jsonl or csv', 'jsonl')
    .addHelpText('after', exportHelp)
    .action((options: ExportCommandOptions) => becomes(runExportCommand(options)));

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
