import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { AccubooksStack } from '../../sandbox/accubooks-stack.ts';
import { askJson } from '../../sandbox/ask.ts';

/** What a killed run may leave, by kind; each a list of what is there now. */
export interface Left {
  readonly testAlerts: readonly string[];
  readonly silences: readonly string[];
  readonly faults: readonly string[];
  readonly processes: readonly string[];
  readonly temporary: readonly string[];
  /** In the folder of reports, whatever is no report. */
  readonly unfinished: readonly string[];
}

export const nothing: Left = { testAlerts: [], silences: [], faults: [], processes: [], temporary: [], unfinished: [] };

interface Silence {
  readonly createdBy: string;
  readonly comment: string;
  readonly status: { readonly state: string };
}

/** Looks at the stack, the processes and the folders. */
export async function lookForLeft(stack: AccubooksStack, reports: string, temporary: string): Promise<Left> {
  const { alertmanager, app } = stack;
  const alerts = await askJson<{ labels: Record<string, string> }[]>(
    'GET',
    `${alertmanager.url}/api/v2/alerts?filter=${encodeURIComponent('liveproof_test="true"')}`,
  );
  const silences = await askJson<Silence[]>('GET', `${alertmanager.url}/api/v2/silences`);
  const { running } = await askJson<{ running: { fault: string }[] }>('GET', `${app.url}/api/test/faults`);
  const names = await readdir(reports).catch(() => []);
  return {
    testAlerts: alerts.map(({ labels }) => labels['alertname'] ?? ''),
    silences: silences
      .filter(({ createdBy, status }) => createdBy === 'liveproof' && status.state !== 'expired')
      .map((each) => each.comment),
    faults: running.map(({ fault }) => fault),
    processes: await processesIn(temporary),
    temporary: await readdir(temporary),
    unfinished: names.filter((name) => name.startsWith('.')),
  };
}

/** The command lines of the processes that keep their files there. */
async function processesIn(temporary: string): Promise<readonly string[]> {
  const found: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const [environment, command, status] = await Promise.all(
      ['environ', 'cmdline', 'stat'].map((file) => readFile(path.join('/proc', pid, file), 'utf8').catch(() => '')),
    );
    const isGone = status === '' || /\) [ZX] /.test(status ?? '');
    if (!isGone && (environment?.includes(temporary) === true || command?.includes(temporary) === true)) found.push(command ?? '');
  }
  return found;
}
