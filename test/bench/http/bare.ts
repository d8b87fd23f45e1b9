import { Client } from 'undici';

/** What the HTTP client alone manages: a new connection for every request, the whole answer read, nothing judged and nothing stored. Prints JSON. */
const [target = '', atOnce = '1', forMs = '0'] = process.argv.slice(2);
let next = 0;

async function measure(lastsMs: number): Promise<{ asked: number; tookMs: number }> {
  let asked = 0;
  const startedMs = performance.now();
  const slot = async (): Promise<void> => {
    while (performance.now() - startedMs < lastsMs) {
      const client = new Client(target, { pipelining: 1 });
      const { body } = await client.request({ path: `/${String(next++ % 1_000)}`, method: 'GET' });
      await body.text();
      await client.destroy();
      asked += 1;
    }
  };
  await Promise.all(Array.from({ length: Number(atOnce) }, slot));
  return { asked, tookMs: performance.now() - startedMs };
}

await measure(Math.min(1_500, Number(forMs)));
process.stdout.write(`${JSON.stringify(await measure(Number(forMs)))}\n`);
