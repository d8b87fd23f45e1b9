import { families } from './families/index.ts';
import type { Family } from './row.ts';
import { startStackFor, tryRow, type Tried } from './try-row.ts';

/** Tries every sabotage, or those of the families named, and prints who caught it and by which words. */
const stacksAtOnce = 3;
const named = process.argv.slice(2);
const unknown = named.filter((name) => !families.some((family) => family.name === name));
if (unknown.length > 0) {
  say(`there is no family ${unknown.join(', ')}; there are ${families.map(({ name }) => name).join('; ')}`);
  process.exit(2);
}
const waiting = families.filter(({ name }) => named.length === 0 || named.includes(name));

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

function show({ name }: Family, { says, by, reason, wrong, tookMs }: Tried): void {
  say(`${wrong.length === 0 ? '✓' : '✗'} ${name}: ${says}  (${(tookMs / 1000).toFixed(1)} s)`);
  say(`    ${by.join(', ')}: ${(reason ?? 'for no reason that names the cause').slice(0, 200)}`);
  for (const each of wrong) say(`    ! ${each.slice(0, 600)}`);
}

async function tryFamily(family: Family): Promise<readonly Tried[]> {
  await using stack = await startStackFor(family);
  const tried: Tried[] = [];
  for (const row of family.rows) {
    const result = await tryRow(stack, family, row);
    show(family, result);
    tried.push(result);
  }
  return tried;
}

const all: Tried[] = [];
await Promise.all(
  Array.from({ length: stacksAtOnce }, async () => {
    for (let family = waiting.shift(); family !== undefined; family = waiting.shift()) all.push(...(await tryFamily(family)));
  }),
);
const caught = all.filter(({ wrong }) => wrong.length === 0).length;
say(`\n${String(caught)} of ${String(all.length)} sabotages caught by the right item, with the cause named`);
process.exitCode = caught === all.length ? 0 : 1;
