import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { circles, loadedWith, objection, type House } from './architecture/house.ts';
import { importsOf, type Import } from './architecture/imports.ts';

/** The import directions of the whole source: this is the one place where they stand. */
const house: House = {
  floors: [
    ['base'],
    ['browser', 'wire'],
    ['check', 'attest', 'format'],
    ['schedule', 'alert', 'kpi', 'stack', 'board', 'metrics'],
    ['gate', 'store', 'queue'],
    ['report', 'generate'],
    ['results'],
    ['probes', 'channels', 'proofs', 'reporters', 'stores'],
    ['config'],
    ['app'],
    ['web'],
    ['cli', 'index'],
  ],
  kinds: { probes: 'check', channels: 'alert', proofs: 'gate', reporters: 'report', stores: 'store' },
  homes: {
    playwright: ['src/browser', 'src/probes/browser', 'src/proofs/dashboard'],
    'playwright-core': [],
    '@playwright/test': [],
    imapflow: ['src/channels/email'],
    nodemailer: ['src/channels/email'],
    ajv: ['src/probes/http'],
    '@grpc/grpc-js': ['src/probes/grpc'],
    '@grpc/proto-loader': ['src/probes/grpc'],
    'eventsource-parser': ['src/probes/sse'],
    pg: ['src/probes/sql'],
    mariadb: ['src/probes/sql'],
    '@sigstore/bundle': ['src/attest'],
    '@sigstore/sign': ['src/attest'],
    '@sigstore/verify': ['src/attest'],
    '@opentelemetry/api': ['src/metrics/otlp'],
    '@opentelemetry/exporter-metrics-otlp-http': ['src/metrics/otlp'],
    '@opentelemetry/resources': ['src/metrics/otlp'],
    '@opentelemetry/sdk-metrics': ['src/metrics/otlp'],
    'fast-xml-builder': ['src/format'],
  },
};

/** Each takes a tenth of a second or more to load: only whoever uses it should wait for it. */
const slowToLoad = [
  'playwright',
  'ajv',
  'imapflow',
  'nodemailer',
  '@sigstore/sign',
  '@opentelemetry/exporter-metrics-otlp-http',
  '@opentelemetry/resources',
  '@opentelemetry/sdk-metrics',
  '@grpc/grpc-js',
  '@grpc/proto-loader',
  'pg',
  'mariadb',
];

/** What must be there at once, and without what. */
const quickToLoad = {
  'src/cli/main.ts': ['zod', 'yaml', 'undici', 'execa'],
  'src/app/judging/threads.ts': ['zod', 'src/report/report.ts'],
  // A thread that judges observes nothing.
  'src/app/judging/thread.ts': ['yaml', 'undici', 'execa', '@sigstore/verify', 'src/stack/http.ts'],
};

const longestFile = 300;

describe('the source', () => {
  let sources: ReadonlyMap<string, string>;
  let imports: readonly Import[];

  beforeAll(async () => {
    const root = join(import.meta.dirname, '..');
    const files = await Array.fromAsync(glob('src/**/*.{ts,js}', { cwd: root }));
    sources = new Map(await Promise.all(files.toSorted().map(async (file) => [file, await readFile(join(root, file), 'utf8')] as const)));
    imports = [...sources].flatMap(([file, source]) => importsOf(file, source));
  });

  test('is seen by these tests, with the imports between its rooms', () => {
    expect(sources.size).toBeGreaterThan(20);
    expect(imports.filter((each) => each.ours).length).toBeGreaterThan(20);
    expect(imports.map((each) => each.file)).toContain('src/cli/main.ts');
  });

  test('imports only in the directions of the house', () => {
    expect(violations(house, imports)).toEqual([]);
  });

  test('loads nothing slow before it is needed', () => {
    expect(loadedWith('src/cli/main.ts', slowToLoad, imports)).toEqual([]);
  });

  test.each(Object.entries(quickToLoad))('%s loads at once, and without what others need', (file, without) => {
    expect(sources.keys().toArray()).toContain(file);
    expect(loadedWith(file, [...slowToLoad, ...without], imports)).toEqual([]);
  });

  test('has no import circles', () => {
    expect(circles(imports)).toEqual([]);
  });

  test('makes folders only with makeFolder', () => {
    const others = [...sources].filter(([, source]) =>
      source.split('\n').some((line) => line.includes('mkdir(') && line.includes('recursive')),
    );
    expect(others.map(([file]) => file)).toEqual([]);
  });

  test(`has no file of more than ${String(longestFile)} lines`, () => {
    const long = [...sources].filter(([, source]) => source.trimEnd().split('\n').length > longestFile);
    expect(long.map(([file]) => file)).toEqual([]);
  });
});

describe('the checker', () => {
  const find = (file: string, source: string): readonly string[] => violations(house, importsOf(file, source));

  test.each([
    ['src/base/clock.ts', "import type { Check } from '../check/check.ts';", 'base may not see check'],
    ['src/alert/rule.ts', "import { ask } from '../stack/http.ts';", 'alert may not see stack'],
    ['src/gate/run.ts', "import { kinds } from '../proofs/index.ts';", 'gate may not see proofs'],
    ['src/gate/run.ts', "export * from '../proofs/alert.ts';", 'gate may not see proofs'],
    ['src/gate/run.ts', "const proofs = await import('../proofs/index.ts');", 'gate may not see proofs'],
    ['src/gate/run.ts', "export type A = import('../proofs/alert.ts').A;", 'gate may not see proofs'],
    ['src/probes/http.ts', "import { ask } from '../stack/http.ts';", 'probes may not see stack'],
    ['src/probes/http.ts', "import { tcp } from './tcp.ts';", 'the kind http may not see its sibling tcp'],
    ['src/probes/http/observe.ts', "import { dial } from '../tcp/dial.ts';", 'the kind http may not see its sibling tcp'],
    ['src/probes/http.ts', "import { probes } from './index.ts';", 'a kind may not see the list that it stands in'],
    ['src/probes/index.ts', "import { observe } from './http/observe.ts';", 'index.ts imports a kind by its main file, http.ts'],
    ['src/app/wire.ts', "import http from '../probes/http.ts';", 'the kinds in probes are reached through its index.ts'],
    ['src/web/server.ts', "import { main } from '../cli/main.ts';", 'web may not see cli'],
    ['src/util/retry.ts', "import { clock } from '../base/clock.ts';", '"util" is no room of the house'],
    ['src/app/wire.ts', "import { retry } from '../util/retry.ts';", '"util" is no room of the house'],
    ['src/app/wire.ts', "import { sandbox } from '../../test/sandbox/stack.ts';", 'src imports nothing from outside src'],
    ['src/cli/main.ts', "import manifest from '../../package.json' with { type: 'json' };", 'src imports nothing from outside src'],
    ['src/channels/slack.ts', "const { ImapFlow } = await import('imapflow');", 'imapflow may be imported only in src/channels/email'],
    ['src/report/sign.ts', "import { DSSEBundleBuilder } from '@sigstore/sign';", '@sigstore/sign may be imported only in src/attest'],
  ])('in %s finds fault with %s', (file, source, reason) => {
    expect(find(file, `// a first line\n${source}\n`)).toEqual([expect.stringMatching(`^${file}:2 → `)]);
    expect(find(file, source)).toEqual([expect.stringContaining(reason)]);
  });

  test.each([
    ['src/gate/run.ts', "import type { Channel } from '../alert/channel.ts';"],
    ['src/proofs/alert.ts', "import { mutants } from './alert/mutants.ts';"],
    ['src/proofs/alert/mutants.ts', "import type { Rule } from '../alert.ts';"],
    ['src/proofs/alert.ts', "import { connectPrometheus } from '../stack/prometheus.ts';"],
    ['src/proofs/index.ts', "import alert from './alert.ts';"],
    ['src/config/load.ts', "import { proofs } from '../proofs/index.ts';"],
    ['src/channels/email.ts', "const { ImapFlow } = await import('imapflow');"],
    ['src/channels/email/imap.ts', "import { ImapFlow } from 'imapflow';"],
    ['src/attest/sign.ts', "import { DSSEBundleBuilder } from '@sigstore/sign';"],
    ['src/base/clock.ts', "// import { gate } from '../gate/gate.ts';\nexport const text = \"from '../gate/gate.ts'\";"],
  ])('in %s accepts %s', (file, source) => {
    expect(find(file, source)).toEqual([]);
  });

  test('finds a circle of imports and says how it goes round', () => {
    const files = { a: "import './b.ts';", b: "export { c } from './c.ts';", c: "import type { A } from './a.ts';", d: "import './a.ts';" };
    const planted = Object.entries(files).flatMap(([name, source]) => importsOf(`src/base/${name}.ts`, source));
    expect(circles(planted)).toEqual(['src/base/a.ts → src/base/b.ts → src/base/c.ts → src/base/a.ts']);
    expect(circles(planted.filter((each) => each.file !== 'src/base/c.ts'))).toEqual([]);
  });

  test('finds a package that is loaded at the start, and by which way', () => {
    const load = (inner: string): readonly Import[] => [
      ...importsOf('src/cli/main.ts', "import { channels } from '../channels/index.ts'; import type { ImapFlow } from 'imapflow';"),
      ...importsOf('src/channels/index.ts', "import email from './email.ts';"),
      ...importsOf('src/channels/email.ts', inner),
      ...importsOf('src/channels/email/imap.ts', "import { ImapFlow } from 'imapflow';"),
    ];
    expect(loadedWith('src/cli/main.ts', slowToLoad, load("import { mailbox } from './email/imap.ts';"))).toEqual([
      'src/cli/main.ts → src/channels/index.ts → src/channels/email.ts → src/channels/email/imap.ts → imapflow',
    ]);
    expect(loadedWith('src/cli/main.ts', slowToLoad, load("const { mailbox } = await import('./email/imap.ts');"))).toEqual([]);
  });
});

function violations(plan: House, imports: readonly Import[]): readonly string[] {
  return imports.flatMap((each) => {
    const reason = objection(plan, each);
    return reason === undefined ? [] : [`${each.file}:${String(each.line)} → ${each.target}: ${reason}`];
  });
}
