import { dirname, resolve } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';
import { Fault } from '../../../base/fault.ts';
import { oneLine } from '../../../browser/one-line.ts';
import type { BrowserOptions } from '../options.ts';
import { configOf } from './config.ts';
import type { Installation } from './installation.ts';

/** What of a spec file is to be run, and whether a kept worker can do it. */
export interface SpecPlan {
  readonly installation: Installation;
  readonly script: string;
  /** The configuration file, or the folder of the spec when there is none. */
  readonly config: string;
  readonly hasConfig: boolean;
  readonly grep?: string | undefined;
  readonly project?: string | undefined;
  readonly projectId: string;
  /** Titles by test id. */
  readonly tests: ReadonlyMap<string, string>;
  /** Why only the public command can run it. */
  readonly needsCommand?: string | undefined;
}

const test = z.object({ projectId: z.string(), projectName: z.string() });
const spec = z.object({ title: z.string(), id: z.string(), file: z.string(), tests: z.array(test) });
const suite = z.object({
  title: z.string(),
  specs: z.array(spec),
  get suites() {
    return z.array(suite).optional();
  },
});
type Suite = z.infer<typeof suite>;
const listed = z.object({
  config: z.object({
    rootDir: z.string(),
    globalSetup: z.unknown().optional(),
    globalTeardown: z.unknown().optional(),
    webServer: z.unknown().optional(),
  }),
  suites: z.array(suite),
  errors: z.array(z.object({ message: z.string().optional() })),
});

/** The words that the public command is given, in any case. */
export function commandWords(plan: Pick<SpecPlan, 'installation' | 'config' | 'script' | 'grep' | 'project'>): string[] {
  return [
    plan.installation.command,
    'test',
    '--config',
    plan.config,
    // Playwright takes it for a pattern.
    `${RegExp.escape(plan.script)}$`,
    '--reporter',
    'json',
    ...(plan.grep === undefined ? [] : ['--grep', plan.grep]),
    ...(plan.project === undefined ? [] : ['--project', plan.project]),
  ];
}

/** Asks Playwright's own command what the file holds. */
export async function planSpec(
  installation: Installation,
  { script, config: named, grep, project }: BrowserOptions,
  environment: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<SpecPlan> {
  const found = await configOf(script, named);
  const base = { installation, script, config: found ?? dirname(script), hasConfig: found !== undefined, grep, project };
  const listing = await execa(process.execPath, [...commandWords(base), '--list'], {
    cwd: dirname(base.config),
    env: { ...environment, FORCE_COLOR: '0' },
    reject: false,
    cancelSignal: signal,
    forceKillAfterDelay: 200,
    maxBuffer: 20_000_000,
  });
  signal.throwIfAborted();
  const parsed = listed.safeParse(jsonIn(listing.stdout));
  if (!parsed.success) throw new Fault('probe/cannot-run', `${script} cannot be listed: ${oneLine(listing.stderr || listing.stdout)}`);
  const { config, suites, errors } = parsed.data;
  const specs = suites.flatMap((each) => specsOf(each, []));
  const [first] = errors;
  if (first !== undefined && specs.length === 0 && !/no tests found/i.test(first.message ?? '')) {
    throw new Fault(
      'probe/cannot-run',
      `the script ${script} cannot be loaded: ${oneLine(first.message ?? 'Playwright does not say why')}`,
    );
  }
  const own = specs.filter(({ file }) => resolve(config.rootDir, file) === script);
  const projects = new Map(own.flatMap(({ tests }) => tests.map(({ projectId, projectName }) => [projectId, projectName] as const)));
  if (projects.size > 1) {
    throw new Fault('probe/cannot-run', `${script} belongs to the projects ${[...projects.values()].join(', ')}`, {
      hint: 'choose one of them with `project`',
    });
  }
  const set = (['globalSetup', 'globalTeardown', 'webServer'] as const).find((name) => (config[name] ?? null) !== null);
  const others = own.length < specs.length ? 'its project depends on others' : undefined;
  return {
    ...base,
    projectId: [...projects.keys()][0] ?? '',
    tests: new Map(own.map(({ id, title }) => [id, title])),
    needsCommand: set === undefined ? others : `the configuration has a ${set}`,
  };
}

function specsOf(
  { specs, suites = [] }: Suite,
  above: readonly string[],
): { id: string; title: string; file: string; tests: z.infer<typeof test>[] }[] {
  return [
    ...specs.map((each) => ({ ...each, title: [...above, each.title].join(' › ') })),
    // The outermost suite is the file.
    ...suites.flatMap((inner) => specsOf(inner, [...above, inner.title])),
  ];
}

/** A configuration that prints something does so before the report. */
export function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text.slice(Math.max(0, text.search(/^\{/m))));
  } catch {
    return undefined;
  }
}
