import { Pool } from 'undici';

/** Asks a blackbox exporter for probes, so many at once and as fast as it goes, and prints how many succeeded as JSON. */
const [exporter = '', target = '', atOnce = '1', forMs = '0'] = process.argv.slice(2);
const pool = new Pool(exporter, { connections: Number(atOnce) });
let next = 0;

async function measure(lastsMs: number): Promise<{ probed: number; succeeded: number; tookMs: number }> {
  let probed = 0;
  let succeeded = 0;
  const startedMs = performance.now();
  const slot = async (): Promise<void> => {
    while (performance.now() - startedMs < lastsMs) {
      const path = `/probe?module=bench&target=${encodeURIComponent(`${target}/${String(next++ % 1_000)}`)}`;
      const { body } = await pool.request({ path, method: 'GET' });
      probed += 1;
      if ((await body.text()).includes('\nprobe_success 1')) succeeded += 1;
    }
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, slot));
  return { probed, succeeded, tookMs: performance.now() - startedMs };
}

await measure(Math.min(1_500, Number(forMs)));
process.stdout.write(`${JSON.stringify(await measure(Number(forMs)))}\n`);
await pool.close();
