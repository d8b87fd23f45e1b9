import { say } from './figures.ts';

/** `npm run bench` prints all parts, `npm run bench -- report` one of them. Fails when one is over its limit. */
const parts: Readonly<Record<string, () => Promise<boolean>>> = {
  report: async () => (await import('./report.ts')).benchReport(),
  http: async () => (await import('./http.ts')).benchHttp(),
  browser: async () => (await import('./browser.ts')).benchBrowser(),
  gate: async () => (await import('./gate.ts')).benchGate(),
  memory: async () => (await import('./memory.ts')).benchMemory(),
  schedule: async () => (await import('./schedule.ts')).benchSchedule(),
  store: async () => (await import('./store.ts')).benchStore(),
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in parts));
if (unknown.length > 0) {
  say(`there is no part ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}`);
  process.exitCode = 2;
} else {
  for (const [name, bench] of Object.entries(parts)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    if (!(await bench())) process.exitCode = 1;
    say();
  }
}
