import { board, type Board } from '../board/board.ts';
import { openDocument, type Loading } from './loading.ts';
import { childOf, placeOfNode, textNode, type ConfigNode, type MapNode } from './node.ts';
import { duplicates, type PartRead } from './read-items.ts';
import { readNode } from './read-node.ts';
import { pathBeside } from './source-file.ts';
import type { Variables } from './variables.ts';

export type BoardsRead = Omit<PartRead<Board>, 'names'> & {
  /** Undefined when a file could not be read, so that nobody knows which boards it would have declared. */
  readonly names: readonly string[] | undefined;
};

/** Reads the board files that a gate names, with the gate's variables. */
export async function loadBoards(loading: Loading, gate: MapNode, variables: Variables): Promise<BoardsRead> {
  const list = childOf(gate, 'boards');
  const named = (list?.type === 'list' ? list.items : []).flatMap((node) => textNode(node) ?? []);
  const roots: ConfigNode[] = [];
  for (const node of named) {
    const written = await openDocument(loading, 'board', pathBeside(node.file, node.value), placeOfNode(node));
    if (written !== undefined) roots.push(variables.interpolate(written, loading.faults));
  }
  const readings = roots.map((root) => readNode(board, root));
  const names = roots.flatMap((root) => textNode(childOf(root, 'board')) ?? []);
  return {
    parts: readings.flatMap(({ value }) => value ?? []),
    names: names.length < named.length ? undefined : names.map(({ value }) => value),
    explanations: [...readings.flatMap(({ explanations }) => explanations), ...duplicates(names, 'board')],
    marked: readings.flatMap(({ marked }) => marked),
  };
}
