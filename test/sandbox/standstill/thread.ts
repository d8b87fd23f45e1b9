import { workerData } from 'node:worker_threads';

const everyMs = 50;
const windowMs = 20_000;

const most = new Float64Array(workerData as SharedArrayBuffer);
let ticks: { readonly atMs: number; readonly lostMs: number }[] = [];
let lastMs = performance.now();

setInterval(() => {
  const atMs = performance.now();
  ticks = [...ticks.filter((tick) => tick.atMs > atMs - windowMs), { atMs, lostMs: Math.max(0, atMs - lastMs - everyMs) }];
  lastMs = atMs;
  most[0] = Math.max(
    most[0] ?? 0,
    ticks.reduce((sum, { lostMs }) => sum + lostMs, 0),
  );
}, everyMs);
