import { writeSync } from 'node:fs';
import { stores } from '../../../src/stores/index.ts';
import { startMs } from './counted.ts';

/**
 * Adds results without end, some of them side by side, and prints the number of each when it is acknowledged. Begins with the number given: a
 * result's number is its time, in seconds.
 */
const [file, first] = process.argv.slice(2);
const kind = stores.get('sqlite');
if (kind === undefined) throw new Error('no store kind sqlite');
const store = await kind.open(kind.options.parse({ file }));
let next = Number(first);

async function add(count: number): Promise<void> {
  const numbers = Array.from({ length: count }, () => next++);
  await store.add(
    numbers.map((number) => ({
      check: 'counted',
      place: 'here',
      dueAtMs: startMs + number * 1000,
      lateMs: 0,
      durationMs: number % 1000,
      status: 'pass',
      reasons: [],
      attempts: 1,
      observation: number.toString(16).padStart(64, '0'),
    })),
  );
  // One call of the system for each line: a line that stands in the pipe was acknowledged, whatever happens to this process.
  writeSync(1, numbers.map((number) => `${String(number)}\n`).join(''));
}

for (;;) await Promise.all([add(1), add(3), add(40)]);
