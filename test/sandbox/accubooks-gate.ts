import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import type { Report } from '../../src/report/report.ts';
import type { AccubooksStack } from './accubooks-stack.ts';

const root = path.join(import.meta.dirname, '../..');

export interface RunGateOptions {
  readonly environment: string;
  /** The folder of all reports. */
  readonly reports: string;
}

export interface GateRan {
  readonly exitCode: number | undefined;
  /** All that a terminal would have shown. */
  readonly said: string;
  readonly durationMs: number;
}

/** Runs the AccuBooks gate as a pipeline does, by its command: in a process of its own, so that what it does keeps nobody else waiting. */
export async function runAccubooksGate(stack: AccubooksStack, { environment, reports }: RunGateOptions): Promise<GateRan> {
  const gate = 'gates/accubooks/gate.yaml';
  const args = ['src/cli/liveproof.js', 'gate', gate, '--env', environment, '--allow-paging', '--report-dir', reports];
  const { durationMs, exitCode, all } = await execa(process.execPath, args, { cwd: root, env: stack.variables, all: true, reject: false });
  return { exitCode, said: all, durationMs };
}

export async function newestReport(reports: string): Promise<{ folder: string; report: Report }> {
  const names = (await readdir(path.join(reports, 'accubooks'))).filter((name) => !name.startsWith('.')).toSorted();
  const folder = path.join(reports, 'accubooks', names.at(-1) ?? '');
  return { folder, report: JSON.parse(await readFile(path.join(folder, 'report.json'), 'utf8')) as Report };
}
