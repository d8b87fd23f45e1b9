import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { execa } from 'execa';
import { newKeyPair } from '../../src/attest/keys.ts';
import { shortDurations, startAccubooksStack } from '../sandbox/accubooks-stack.ts';

/**
 * The product's story on a real stack: monitoring set up as the guide writes it is refused, with reasons;
 * it is repaired; what was not proven is proven; the signed report is verified.
 */
const root = join(import.meta.dirname, '../..');
/** Somewhere else only when a test says so. */
const reports = process.argv[2] ?? join(root, 'reports');
const gate = 'gates/accubooks/gate.yaml';
const reportDir = process.argv[2] === undefined ? [] : ['--report-dir', reports];
const publicKey = join(reports, 'demo-key.pub.pem');

function say(text = ''): void {
  process.stdout.write(`${text}\n`);
}

function headline(text: string): void {
  say(`\n━━ ${text} ${'━'.repeat(Math.max(0, 76 - text.length))}\n`);
}

/** The newest report of the gate. */
async function newestReport(): Promise<string> {
  const folder = join(reports, 'accubooks');
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted();
  return relative(root, join(folder, names.at(-1) ?? ''));
}

/** Runs liveproof as a person would, and insists on the exit code that the story needs. */
async function liveproof(args: readonly string[], expected: number, env: Readonly<Record<string, string>> = {}): Promise<void> {
  const shown = args.map((arg) => (arg.startsWith(tmpdir()) ? 'demo-key.pem' : arg));
  say(`$ liveproof ${shown.join(' ')}\n`);
  const { exitCode } = await execa(process.execPath, [join(root, 'src/cli/main.ts'), ...args], {
    cwd: root,
    env,
    stdio: 'inherit',
    reject: false,
  });
  say(`exit ${String(exitCode)}`);
  if (exitCode !== expected)
    throw new Error(`liveproof ended with exit code ${String(exitCode)}; in this story it has to be ${String(expected)}`);
}

async function newKeys(): Promise<{ file: string; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'liveproof-demo-'));
  const file = join(folder, 'demo-key.pem');
  const { privatePem, publicPem } = newKeyPair();
  await writeFile(file, privatePem, { mode: 0o600 });
  await mkdir(reports, { recursive: true });
  await writeFile(publicKey, publicPem);
  return { file, remove: () => rm(folder, { recursive: true }) };
}

say('liveproof demo: is the monitoring of AccuBooks alive? Two minutes.');
say('AccuBooks, two Prometheus, two Alertmanagers, a mail server and a browser');
say('are real; Slack, PagerDuty, Twilio and Healthchecks are played by stand-ins,');
say('and so is the person on call. All of it runs on this machine.');

const started = performance.now();
const keys = await newKeys();
await using stack = await startAccubooksStack({ monitoring: 'as-written', durations: shortDurations, redundant: true });

headline('1. The monitoring as the launch guide writes it');
await liveproof(
  ['gate', gate, '--env', 'demo', '--allow-paging', ...reportDir, '--key', keys.file, '--operator', 'demo'],
  1,
  stack.variables,
);
const refused = await newestReport();

headline('2. Repaired: two rules rewritten, seven added, retention set to 30 days');
say('HighErrorRate is now a share of all requests, HighLatency reads the buckets');
say('of the histogram, the six alerts that stood in the text alone are rules, a');
say('seventh always fires so that silence is noticed outside, and Prometheus keeps');
say('its data for 30 days. Loading…');
await stack.load('repaired');

headline('3. Only what was not proven, or changed since, runs again');
await liveproof(
  ['gate', gate, '--env', 'demo', '--allow-paging', ...reportDir, '--key', keys.file, '--operator', 'demo', '--resume'],
  0,
  stack.variables,
);
const accepted = await newestReport();
await keys.remove();

headline('4. The release manager checks the report, with the public key alone');
await liveproof(['verify', accepted, '--key', relative(root, publicKey)], 0);

headline(`Done in ${String(Math.round((performance.now() - started) / 1000))} s`);
say(`DO NOT PROCEED   ${refused}`);
say(`PROCEED          ${accepted}`);
say('\nOpen report.html in either. Check one yourself:');
say(`  npm run -s liveproof -- verify ${accepted} --key ${relative(root, publicKey)}`);
