import { channels } from '../../channels/index.ts';
import { closest } from '../../base/closest.ts';
import { describeKeys } from '../../config/describe-keys.ts';
import { Fault } from '../../base/fault.ts';
import { probes } from '../../probes/index.ts';
import { proofs } from '../../proofs/index.ts';
import type { Io } from '../io.ts';
import { paint, wrap } from '../style.ts';

const rooms = [
  { title: 'Proofs', written: 'proof', kinds: [...proofs.values()].map((each) => ({ ...each, options: each.requirement })) },
  { title: 'Channels', written: 'kind', kinds: [...channels.values()] },
  { title: 'Probes of checks', written: 'probe', kinds: [...probes.values()] },
];

/** Names the kinds of proof, channel and probe; with a name, the keys of that one. Resolves with the exit code; throws Faults for names that it does not know. */
export function kindsCommand(name: string | undefined, io: Io): 0 {
  io.stdout.write(`${name === undefined ? allKinds(io) : keysOf(name, io)}\n`);
  return 0;
}

function allKinds({ color }: Io): string {
  const width = Math.max(...rooms.flatMap(({ kinds }) => kinds.map(({ kind }) => kind.length)));
  const lines = rooms.flatMap(({ title, written, kinds }) => [
    paint(color, 'bold', `${title} (${written}: …)`),
    ...kinds.map(({ kind, summary }) => `  ${kind.padEnd(width)}  ${summary}`),
    '',
  ]);
  return [...lines, 'liveproof kinds NAME shows the keys of one.'].join('\n');
}

function keysOf(name: string, { color, columns = Infinity }: Io): string {
  const found = rooms.flatMap(({ written, kinds }) => kinds.filter(({ kind }) => kind === name).map((kind) => ({ written, kind })));
  if (found.length === 0) {
    const known = rooms.flatMap(({ kinds }) => kinds.map(({ kind }) => kind));
    const near = closest(name, known);
    throw new Fault('usage/bad-argument', `there is no kind "${name}"`, {
      hint: near === undefined ? `there are ${known.join(', ')}` : `did you mean "${near}"?`,
    });
  }
  return found.map(({ written, kind }) => [...head(written, kind, color), ...keys(kind.options, color, columns)].join('\n')).join('\n\n');
}

type Kind = (typeof rooms)[number]['kinds'][number];

function head(written: string, kind: Kind, color: boolean): readonly string[] {
  const ladder = 'ladder' in kind ? [`Grades: ${kind.ladder.join(' < ')} (${kind.defaultGrade} when none is named)`] : [];
  return [`${paint(color, 'bold', `${written}: ${kind.kind}`)}  ${kind.summary}`, ...ladder, ''];
}

function keys(options: Kind['options'], color: boolean, columns: number): readonly string[] {
  return describeKeys(options).flatMap(({ path, takes, required, otherwise, says }) => {
    const need = required ? ', required' : otherwise === undefined ? '' : `, otherwise ${otherwise}`;
    return [`  ${paint(color, 'bold', path)}: ${takes}${need}`, ...(says === undefined ? [] : [wrap(says, columns, '      ')])];
  });
}
