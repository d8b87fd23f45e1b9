import { dirname } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { abortable } from '../../../base/abortable.ts';
import { Fault } from '../../../base/fault.ts';
import { killAll, processTree } from '../../../browser/process-tree.ts';
import { oneLine } from '../../../browser/one-line.ts';
import { commandWords, jsonIn, type SpecPlan } from './plan.ts';
import type { SpecRecord } from './record.ts';

const said = z.object({ message: z.string().optional() });
const step = z.object({
  title: z.string(),
  duration: z.number(),
  error: said.optional(),
  get steps() {
    return z.array(step).optional();
  },
});
type Step = z.infer<typeof step>;
const result = z.object({
  status: z.enum(['passed', 'failed', 'timedOut', 'skipped', 'interrupted']),
  duration: z.number(),
  errors: z.array(said),
  startTime: z.string(),
  steps: z.array(step).optional(),
  attachments: z.array(z.object({ name: z.string(), path: z.string().optional(), body: z.string().optional() })),
});
const suite = z.object({
  specs: z.array(z.object({ id: z.string(), tests: z.array(z.object({ expectedStatus: z.string(), results: z.array(result) })) })),
  get suites() {
    return z.array(suite).optional();
  },
});
type Suite = z.infer<typeof suite>;
const report = z.object({ suites: z.array(suite), errors: z.array(said) });

export interface CommandOptions {
  readonly environment: Readonly<Record<string, string>>;
  readonly preload: string;
  readonly outputFolder: string;
  readonly trace: 'off' | 'retain-on-failure';
  readonly signal: AbortSignal;
}

/** Runs the plan by Playwright's public command: a new runner, a new worker and a new browser each time. */
export async function runByCommand(plan: SpecPlan, record: SpecRecord, options: CommandOptions): Promise<void> {
  const { environment, preload, outputFolder, trace, signal } = options;
  const nodeOptions = [process.env['NODE_OPTIONS'], `--import=${preload}`].filter((each) => each !== undefined).join(' ');
  const words = ['--workers', '1', '--retries', '0', '--max-failures', '1', '--trace', trace, '--output', outputFolder];
  const running = execa(process.execPath, [...commandWords(plan), ...words], {
    cwd: dirname(plan.config),
    env: { ...environment, NODE_OPTIONS: nodeOptions, FORCE_COLOR: '0' },
    // The channel ends with this process, and the command with it.
    ipc: true,
    serialization: 'json',
    stdin: 'ignore',
    reject: false,
    maxBuffer: 50_000_000,
  });
  const { stdout, stderr } = await abortable(running, signal).catch(async (error: unknown) => {
    if (running.pid !== undefined) await killAll(await processTree(running.pid));
    throw error;
  });
  const read = report.safeParse(jsonIn(stdout));
  if (!read.success) {
    throw new Fault('probe/cannot-run', `playwright test gave no report: ${oneLine(stderr || stdout || 'no output')}`);
  }
  for (const each of read.data.suites) takeSuite(each, record);
  const [first] = read.data.errors;
  if (first !== undefined && record.tests().every(({ status }) => status === 'not-run')) {
    throw new Fault('probe/cannot-run', `the script ${plan.script} cannot be loaded: ${oneLine(first.message ?? 'no reason was given')}`);
  }
}

function takeSuite({ specs, suites = [] }: Suite, record: SpecRecord): void {
  for (const { id, tests } of specs) {
    for (const { expectedStatus, results } of tests) {
      for (const { status, duration, errors, startTime, steps = [], attachments } of results) {
        const says = errors.map(({ message }) => message ?? 'no reason was given');
        const ended = says.find((text) => text.includes('worker process exited unexpectedly'));
        if (ended !== undefined) throw new Fault('probe/cannot-run', `Playwright's ${oneLine(ended).replace(/^Error: /, '')}`);
        takeSteps(id, steps, Date.parse(startTime), record);
        record.testEnded(id, { status, expectedStatus, durationMs: duration, errors: says });
        for (const { name, path, body } of attachments) {
          record.attached({ name, path, body: body === undefined ? undefined : Buffer.from(body, 'base64') });
        }
      }
    }
  }
  for (const inner of suites) takeSuite(inner, record);
}

/** The report has durations alone: each is taken to begin when the one before it has ended, and to end before the one around it. */
function takeSteps(test: string, steps: readonly Step[], fromMs: number, record: SpecRecord, above = test): void {
  let atMs = fromMs;
  for (const [index, { title, duration, error, steps: inner = [] }] of steps.entries()) {
    const id = `${above}/${String(index)}`;
    record.stepBegan(id, { test, name: title, atMs });
    takeSteps(test, inner, atMs, record, id);
    record.stepEnded(id, { atMs: atMs + duration, ...(error === undefined ? {} : { error: error.message ?? '' }) });
    atMs += duration;
  }
}
