import { once } from 'node:events';
import { openSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { systemClock } from '../../../src/base/clock.ts';
import { createMachineObserver } from '../../../src/app/machine/observer.ts';
import { watchMachine } from '../../../src/app/machine/watch.ts';

/** A process of its own that looks at its machine once, and prints what it makes of it. */
const { values } = parseArgs({ options: { disk: { type: 'string' }, open: { type: 'string' }, 'on-line': { type: 'boolean' } } });

const disks = values.disk === undefined ? [] : [{ holds: 'the store', path: values.disk }];
using observer = createMachineObserver({ clock: systemClock, disks });
const watch = watchMachine(observer, systemClock);
const fromMs = systemClock.monotonicMs();
if (values['on-line'] === true) {
  await systemClock.sleep(100);
  process.stdout.write('ready\n');
  await once(process.stdin, 'data');
}
if (values.open !== undefined) {
  try {
    for (;;) openSync('/dev/null', 'r');
  } catch {
    // Now there is none left.
  }
}
process.stdout.write(`${JSON.stringify(await watch.since(fromMs, new AbortController().signal))}\n`);
