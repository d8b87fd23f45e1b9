import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { projectFolder, startTarget } from '../cli/project.ts';
import { startProcess } from '../sandbox/process.ts';
import { waitUntil } from '../sandbox/wait-until.ts';
import { median, root, say } from './figures.ts';

const checks = 1_000;
const everyS = 10;
const limitMb = 150;
/** Minutes show what seconds do not; LIVEPROOF_BENCH_SECONDS shortens it for a first look. */
const seconds = Number(process.env['LIVEPROOF_BENCH_SECONDS'] ?? 150);

/** What a daemon with a thousand HTTP checks keeps of the machine's memory, as users run it: built, one whole process. */
export async function benchMemory(): Promise<boolean> {
  await execa('sh', ['-c', 'rm -rf dist && tsc -p src/tsconfig.build.json && cp -r src/web/pages dist/web/pages'], {
    cwd: root,
    preferLocal: true,
  });
  const target = await startTarget();
  const files = Object.fromEntries(
    Array.from({ length: checks }, (_, index) => [`checks/${String(index)}.yaml`, checkFile(`page-${String(index)}`, target.url)]),
  );
  await using folder = await projectFolder({ 'liveproof.yaml': 'name: bench\nlisten: 127.0.0.1:0\n', ...files });
  const daemon = await startProcess({
    name: 'liveproof watch',
    command: process.execPath,
    args: [path.join(root, 'dist/cli/main.js'), 'watch'],
    folder: folder.path,
    environment: { CI: '1' },
    ready: () => true,
  });
  const url = await waitUntil('it listens', () => /(http:\S+)\/metrics/.exec(daemon.log())?.[1], { withinMs: 60_000 });
  const resident: number[] = [];
  const answers: number[] = [];
  const startedMs = performance.now();
  while (performance.now() - startedMs < seconds * 1000) {
    // As a Prometheus that scrapes every five seconds.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    const askedMs = performance.now();
    await (await fetch(`${url}/metrics`)).text();
    answers.push(performance.now() - askedMs);
    resident.push(await residentMb(daemon.pid));
  }
  const text = await (await fetch(`${url}/metrics`)).text();
  const of = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1]);
  const stored = of('liveproof_store_results_total');
  await daemon.stop();
  await target.stop();

  const most = Math.max(...resident);
  const last = median(resident.slice(-5));
  const isWithin = most <= limitMb;
  say(
    `${String(checks)} HTTP checks every ${String(everyS)} s for ${String(seconds)} s, three assertions each: ${String(stored)} results stored`,
  );
  say(
    `${isWithin ? 'PASS' : 'OVER'}  resident ${most.toFixed(0)} MB at most of ${String(limitMb)} MB allowed (ratio ${(most / limitMb).toFixed(2)}; ${last.toFixed(0)} MB at the end)`,
  );
  say(
    `      /metrics of ${String(text.split('\n').length)} lines answered in ${median(answers).toFixed(0)} ms (median), ${Math.max(...answers).toFixed(0)} ms at most`,
  );
  return isWithin;
}

function checkFile(name: string, url: string): string {
  return `check: ${name}
probe: http
interval: ${String(everyS)}s
tags: [bench]
severity: warning
assert: [status is 200, total < 5s, size < 1MiB]
steps: [{ url: '${url}/${name}' }]
`;
}

async function residentMb(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return (Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024) / 1e6;
}
