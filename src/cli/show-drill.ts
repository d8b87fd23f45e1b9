import type { DrilledItem } from '../report/drill-item.ts';
import type { Drill, DrillConclusion } from '../report/drill.ts';
import { drillFile } from '../report/drill.ts';
import { visible } from '../report/visible.ts';
import type { Io } from './io.ts';
import { cut, paint, wrap } from './style.ts';

export interface ShownDrill {
  readonly folder: string;
  readonly found: Drill;
  readonly conclusion: DrillConclusion;
  /** The percentage of changes that must be noticed. */
  readonly percent: number;
  readonly attached: boolean;
}

/** A drill for people: what cannot fail first, then every item, then what was not noticed and why that is harmless. */
export function showDrill({ folder, found, conclusion, percent, attached }: ShownDrill, io: Io): string {
  const { color } = io;
  const { cannotFail, unexplained, exitCode } = conclusion;
  const verdict =
    exitCode === 0 ? 'This gate can fail.' : exitCode === 1 ? 'This gate does not notice enough.' : 'Not everything could be drilled.';
  return [
    `Drilling ${visible(folder)}`,
    '',
    ...cannotFail.map(({ id }) => paint(color, 'red', `  ✗ ${visible(id)} cannot fail: whatever its evidence says, it is proven`)),
    ...(cannotFail.length > 0 ? [''] : []),
    ...table(found.items, io),
    ...notDrilled(found, io),
    ...survivors(found.items, io),
    ...figures(found, conclusion, percent),
    ...(unexplained.length === 0
      ? []
      : [`${count(unexplained.length, 'change')} that went unnoticed ${unexplained.length === 1 ? 'is' : 'are'} not explained.`]),
    ...(attached ? [`${drillFile} is attached: liveproof verify drills again and compares.`] : []),
    'The signature was not checked: liveproof verify does that.',
    '',
    paint(color, ['bold', exitCode === 0 ? 'green' : exitCode === 1 ? 'red' : 'yellow'], verdict),
    '',
  ].join('\n');
}

function table(items: readonly DrilledItem[], { color, columns = 80 }: Io): readonly string[] {
  if (items.length === 0) return [];
  const width = Math.min(40, Math.max(4, ...items.map(({ id }) => visible(id).length)));
  const rows = items
    .toSorted((a, b) => Number(a.canFail) - Number(b.canFail))
    .map(({ id, proof, canFail, informed, changes }) => {
      const [tried, noticed] = (['tried', 'noticed'] as const).map((key) => changes.reduce((sum, each) => sum + each[key], 0));
      const sign = canFail ? paint(color, 'green', '  ✓') : paint(color, 'red', '  ✗');
      const name = cut(visible(id), width).padEnd(width);
      const how = informed ? '' : '  (changed blindly)';
      return `${sign} ${name}  ${String(noticed).padStart(7)} of ${String(tried).padStart(4)}  ${visible(proof)}${how}`;
    });
  return [`    ${'item'.padEnd(width)}  noticed of tried  proof`, ...rows, ''].map((line) => (color ? line : cut(line, columns)));
}

function notDrilled({ notDrilled: left }: Drill, { columns = 80 }: Io): readonly string[] {
  if (left.length === 0) return [];
  return ['  Not drilled', ...left.map(({ id, says }) => wrap(visible(`${id}: ${says}`), columns, '    ')), ''];
}

/** What is harmless for the same reason stands together. */
function survivors(items: readonly DrilledItem[], { columns = 80 }: Io): readonly string[] {
  const all = items.flatMap(({ id, survivors: own }) =>
    own.map(({ says, harmless }) => ({ line: wrap(visible(`${id}: ${says}`), columns, '    '), harmless })),
  );
  const byReason = Map.groupBy(all, ({ harmless }) => harmless);
  const unexplained = byReason.get(undefined) ?? [];
  byReason.delete(undefined);
  const harmless = [...byReason].flatMap(([reason = '', own]) => [
    ...own.map(({ line }) => line),
    wrap(visible(`because ${reason}`), columns, '      '),
  ]);
  return [
    ...(unexplained.length === 0
      ? []
      : ['  Not noticed, and nothing says that it is harmless', ...unexplained.map(({ line }) => line), '']),
    ...(harmless.length === 0 ? [] : ['  Not noticed, and harmless', ...harmless, '']),
  ];
}

function figures({ items, changes }: Drill, { cannotFail, share }: DrillConclusion, percent: number): readonly string[] {
  const can = items.length - cannotFail.length;
  const noticed = `${String(changes.noticed)} of ${count(changes.tried, 'change')} of the evidence flip the decision`;
  return [
    items.length === 0 ? 'No item is proven: there is nothing to drill.' : `${String(can)} of ${count(items.length, 'item')} can fail.`,
    ...(share === undefined ? [] : [`${noticed}: ${(Math.floor(share * 1_000) / 10).toFixed(1)}%, ${String(percent)}% required.`]),
  ];
}

function count(number: number, one: string): string {
  return `${String(number)} ${one}${number === 1 ? '' : 's'}`;
}
