import { join } from 'node:path';
import { Fault } from '../../../base/fault.ts';
import { grafanaDashboard } from '../../../board/grafana.ts';
import type { Io } from '../../io.ts';
import { loadForCommand } from '../load.ts';
import { needBoards } from '../need-boards.ts';
import { writeFileOnce } from './write-generated.ts';

export interface GenerateGrafanaOptions {
  readonly file: string;
  readonly env?: string | undefined;
  /** Only this board, to standard output. */
  readonly board?: string | undefined;
  readonly out: string;
  readonly force?: boolean | undefined;
  readonly datasource: string;
}

/** Writes a gate's boards as Grafana dashboards. Resolves with the exit code. */
export async function generateGrafanaCommand(options: GenerateGrafanaOptions, io: Io): Promise<number> {
  const loaded = await loadForCommand(options.file, options.env, io);
  if (typeof loaded === 'number') return loaded;
  const { boards } = loaded.gate;
  const text = (board: (typeof boards)[number]): string => `${JSON.stringify(grafanaDashboard(board, options.datasource), null, 2)}\n`;
  if (options.board !== undefined) {
    const board = boards.find((each) => each.board === options.board);
    if (board === undefined) {
      const known = boards.map((each) => each.board).join(', ');
      throw new Fault('usage/bad-argument', `the gate has no board "${options.board}"`, {
        hint: known === '' ? 'it has none' : `its boards are ${known}`,
      });
    }
    io.stdout.write(text(board));
    return 0;
  }
  needBoards(loaded.gate);
  for (const board of boards) {
    await writeFileOnce(text(board), join(options.out, `${board.board}.json`), { force: options.force }, io);
  }
  return 0;
}
