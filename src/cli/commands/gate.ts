import { relative, resolve } from 'node:path';
import { userInfo } from 'node:os';
import { proveGate, type ProvenGate } from '../../app/prove-gate.ts';
import { readSigningKey } from '../../attest/keys.ts';
import { systemClock } from '../../base/clock.ts';
import { channels } from '../../channels/index.ts';
import { exitCodeOf } from '../../gate/decide.ts';
import { stateAt } from '../../gate/apply-waiver.ts';
import { probes } from '../../probes/index.ts';
import { proofs } from '../../proofs/index.ts';
import { reportText } from '../../report/report.ts';
import { reporters } from '../../reporters/index.ts';
import { exitCodes } from '../exit-code.ts';
import { tellGithub } from '../github.ts';
import type { Io } from '../io.ts';
import { showProgress } from '../progress.ts';
import { followEffects } from '../stopped.ts';
import { showDecision, showGate } from '../show-gate.ts';
import { leftoverLine } from '../show-leftover.ts';
import { stopOnSignals } from '../stop-on-signals.ts';
import { loadForCommand } from './load.ts';

export interface GateCommandOptions {
  readonly file: string;
  readonly env?: string | undefined;
  readonly reportDir: string;
  /** The file of the private key. */
  readonly key?: string | undefined;
  readonly operator?: string | undefined;
  readonly resume?: boolean | undefined;
  readonly allowPaging?: boolean | undefined;
  readonly plan?: boolean | undefined;
  /** `scrape,email` */
  readonly only?: string | undefined;
  readonly json?: boolean | undefined;
  /** False with --no-pdf. */
  readonly pdf?: boolean | undefined;
}

/** Runs a gate and says what came out. Resolves with the exit code; throws Faults for usage and unreadable keys. */
export async function gateCommand(options: GateCommandOptions, io: Io, toolVersion: string): Promise<number> {
  const kinds = { proofs, channels, probes };
  const key = options.key === undefined ? undefined : await readSigningKey(resolve(io.cwd, options.key));
  const loaded = await loadForCommand(options.file, options.env, io);
  if (typeof loaded === 'number') return loaded;
  // With --json, standard output belongs to the report alone.
  const out = options.json === true ? io.stderr : io.stdout;
  out.write(showGate(loaded.gate, io));
  const progress = showProgress(loaded.gate, io, out);
  const effects = followEffects();
  const stop = stopOnSignals();
  try {
    const proven = await proveGate({
      loaded,
      kinds,
      reporters,
      reportRoot: resolve(io.cwd, options.reportDir),
      key,
      resume: options.resume === true,
      allowPaging: options.allowPaging === true,
      only: options.only?.split(',').map((id) => id.trim()),
      pdf: options.pdf !== false,
      operator: options.operator ?? operatorOf(io),
      toolVersion,
      clock: systemClock,
      signal: stop.signal,
      tell: (event) => {
        effects.tell(event);
        progress.tell(event);
      },
      tellLeftover: (event) => out.write(`${leftoverLine(event, io.color)}\n`),
      // For the tools that a run starts too: what a killed browser leaves in it is removed by the next run.
      useTemporary: (folder) => void (process.env['TMPDIR'] = folder),
      tellCarried: (says) => out.write(`  ${says.replaceAll('\n', '\n  ')}\n\n`),
    });
    progress.end();
    const code = conclude(proven, options, io);
    const markdown = reporters.find(({ kind }) => kind === 'markdown')?.render(proven.report) ?? '';
    await tellGithub({ report: proven.report, markdown, placeOf: (index) => loaded.placeOf(['items', index]) }, io, out);
    return code;
  } catch (error) {
    progress.end();
    if (!stop.signal.aborted) throw error;
    out.write(`\n${effects.whenStopped()}\n`);
    return exitCodes.unknown;
  } finally {
    stop.release();
  }
}

function conclude({ report, folder, notPrinted }: ProvenGate, options: GateCommandOptions, io: Io): number {
  const shown = relative(io.cwd, folder);
  if (notPrinted !== undefined) io.stderr.write(`report.pdf was not printed: ${notPrinted}\n`);
  if (options.json === true) io.stdout.write(reportText(report));
  else io.stdout.write(showDecision(report, shown.startsWith('..') ? folder : shown, io));
  return exitCodeOf(report.items.map((item) => stateAt(item, Date.parse(report.finishedAt))));
}

/** Who answers for the run when nobody says so: whoever the machine says we are. */
function operatorOf(io: Io): string {
  return io.env['GITHUB_ACTOR'] ?? io.env['GITLAB_USER_LOGIN'] ?? io.env['USER'] ?? userInfo().username;
}
