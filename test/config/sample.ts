import { posix } from 'node:path';
import { z } from 'zod';
import { defineChannel } from '../../src/alert/channel.ts';
import { duration } from '../../src/base/duration.ts';
import { secret } from '../../src/base/secret.ts';
import { defineProbe } from '../../src/check/probe.ts';
import type { Files } from '../../src/config/files.ts';
import { loadGate, type Kinds, type LoadedGate, type LoadGateOptions, type RefusedGate } from '../../src/config/load-gate.ts';
import { ladders } from '../../src/gate/grade.ts';
import { defineProof } from '../../src/gate/proof.ts';
import { channelName, checkName } from '../../src/gate/reference.ts';
import { showFaults } from '../../src/cli/show-fault.ts';

const facts = z.null();
const idle = { facts, observe: () => Promise.resolve(null), judge: () => [] };

const scrape = defineProof({
  kind: 'scrape',
  summary: 'a job is scraped',
  ladder: ladders.target,
  defaultGrade: 'on-time',
  requirement: z.strictObject({ job: z.string().describe('the job as Prometheus names it'), interval: duration, port: z.int().optional() }),
  ...idle,
});

const alert = defineProof({
  kind: 'alert',
  summary: 'an alert reaches people',
  ladder: ladders.alert,
  defaultGrade: 'delivered',
  requirement: z.strictObject({
    rule: z.string(),
    level: z.enum(['critical', 'warning']).optional(),
    channels: z.array(channelName()).default([]),
    stimulus: z.strictObject({ check: checkName(), times: z.int().min(1).default(1) }).optional(),
    moves: z.array(z.strictObject({ by: z.union([z.number(), z.strictObject({ atLeast: z.number() })]) })).optional(),
    fires: z
      .array(
        z.union([
          z.strictObject({ series: z.string(), rate: z.number() }),
          z.strictObject({ series: z.string(), observe: z.number(), buckets: z.array(z.number()) }),
        ]),
      )
      .optional(),
  }),
  ...idle,
});

const email = defineChannel({
  kind: 'email',
  summary: 'e-mail',
  options: z.strictObject({ to: z.email(), password: secret(), port: z.int().default(25), secure: z.boolean().default(true) }),
  reach: ({ to }) => ({ wakes: 'nobody', to, integrations: ['email'], addresses: [to] }),
  open: () => Promise.reject(new Error('not opened here')),
});

const http = defineProbe({
  kind: 'http',
  summary: 'HTTP requests',
  options: z.strictObject({ url: z.url(), headers: z.record(z.string(), z.string()).optional() }),
  observation: z.null(),
  observe: () => Promise.resolve(null),
  judge: () => ({ status: 'pass' as const, reasons: [] }),
});

const browser = defineProbe({
  kind: 'browser',
  summary: 'a browser flow',
  options: z.strictObject({ script: z.string().min(1).meta({ path: true }) }),
  observation: z.null(),
  observe: () => Promise.resolve(null),
  judge: () => ({ status: 'pass' as const, reasons: [] }),
});

/** Tiny kinds that have one of everything a schema can say. */
export const kinds: Kinds = {
  proofs: new Map([scrape, alert].map((proof) => [proof.kind, proof])),
  channels: new Map([email].map((channel) => [channel.kind, channel])),
  probes: new Map([http, browser].map((probe) => [probe.kind, probe])),
};

/** A file system in memory; paths are as the loader asks for them. */
export function filesFrom(contents: Readonly<Record<string, string>>): Files {
  const paths = Object.keys(contents).map((path) => posix.normalize(path));
  const read = (path: string): Promise<string> => {
    const relative = posix.relative(process.cwd(), posix.resolve(path));
    const text = contents[relative];
    return text === undefined ? Promise.reject(Object.assign(new Error(`no ${path}`), { code: 'ENOENT' })) : Promise.resolve(text);
  };
  const list = (folder: string): Promise<readonly string[]> => {
    const prefix = folder === '.' ? '' : `${posix.relative(process.cwd(), posix.resolve(folder))}/`;
    const names = paths.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length).split('/')[0] ?? '');
    return names.length === 0
      ? Promise.reject(Object.assign(new Error(`no ${folder}`), { code: 'ENOENT' }))
      : Promise.resolve([...new Set(names)]);
  };
  const match = (folder: string, pattern: string): Promise<readonly string[]> => {
    const inside = paths.map((path) => posix.relative(folder, path)).filter((path) => !path.startsWith('../'));
    return Promise.resolve(inside.filter((path) => posix.matchesGlob(path, pattern)));
  };
  return { read, find: read, list, match };
}

/** Loads `gate.yaml` (or another file) out of texts. */
export function load(
  contents: Readonly<Record<string, string>> | string,
  options: Partial<LoadGateOptions> = {},
): Promise<LoadedGate | RefusedGate> {
  const files = filesFrom(typeof contents === 'string' ? { 'gate.yaml': contents } : contents);
  return loadGate({ file: 'gate.yaml', env: {}, kinds, files, ...options });
}

/** What a terminal would show of a gate that is refused. */
export async function refusal(
  contents: Readonly<Record<string, string>> | string,
  options: Partial<LoadGateOptions> = {},
): Promise<string> {
  const loaded = await load(contents, options);
  return loaded.ok ? 'loaded without a fault' : showFaults(loaded.faults, { color: false, width: 100 });
}

export async function accepted(
  contents: Readonly<Record<string, string>> | string,
  options: Partial<LoadGateOptions> = {},
): Promise<LoadedGate> {
  const loaded = await load(contents, options);
  if (!loaded.ok) throw new Error(showFaults(loaded.faults, { color: false, width: 100 }));
  return loaded;
}
