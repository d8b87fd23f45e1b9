import { z } from 'zod';
import { Fault } from '../../base/fault.ts';

const request = z.strictObject({
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()).optional(),
  json: z.json().optional(),
  text: z.string().optional(),
});

export const undoSchema = z.union([request, z.strictObject({ mentioning: z.string().min(1), list: request, end: request })]);

/** An undo without its secrets: in place of each text that holds one stand its parts, references to texts of the gate among them. */
const sealedUndo = z.strictObject({
  undo: undoSchema,
  secrets: z.array(z.strictObject({ at: z.array(z.string()), parts: z.array(z.union([z.string(), z.array(z.string())])) })),
});
export type SealedUndo = Readonly<z.infer<typeof sealedUndo>>;

const id = z.int().positive();
const time = z.iso.datetime();

const effectLine = z.strictObject({
  type: z.literal('effect'),
  id,
  at: time,
  /** When it has ended by itself. */
  expiresAt: time,
  says: z.string(),
  /** Absent when it holds a secret that the gate does not name. */
  undo: sealedUndo.optional(),
});

const journalLine = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('run'), version: z.literal(1), gate: z.string(), environment: z.string(), startedAt: time }),
  effectLine,
  z.strictObject({ type: z.literal('made'), id }),
  z.strictObject({ type: z.literal('over'), id }),
]);
export type JournalLine = Readonly<z.infer<typeof journalLine>>;

/** An effect that was written down and not yet said to be over. */
export interface OpenEntry extends Readonly<z.infer<typeof effectLine>> {
  /** Whether it is known to have been made; otherwise the run may have ended just before. */
  readonly made: boolean;
}

export interface ReadJournal {
  readonly environment: string | undefined;
  readonly open: readonly OpenEntry[];
  /** Up to the end of the last whole line, in bytes. */
  readonly wholeBytes: number;
}

export function lineText(line: JournalLine): string {
  return `${JSON.stringify(line)}\n`;
}

/** Reads a journal's text. What follows the last line's end was being written when the run was ended: nothing was done about it yet. Throws the Fault `journal/unreadable`. */
export function readJournal(text: string, file: string): ReadJournal {
  const end = text.lastIndexOf('\n') + 1;
  const open = new Map<number, OpenEntry>();
  let environment: string | undefined;
  const lines = text.slice(0, end).split('\n').slice(0, -1);
  for (const [index, source] of lines.entries()) {
    const line = parseLine(source, file, index + 1);
    if (line.type === 'run') ({ environment } = line);
    else if (line.type === 'effect') open.set(line.id, { ...line, made: false });
    else if (line.type === 'over') open.delete(line.id);
    else {
      const known = open.get(line.id);
      if (known !== undefined) open.set(line.id, { ...known, made: true });
    }
  }
  return { environment, open: [...open.values()], wholeBytes: Buffer.byteLength(text.slice(0, end)) };
}

const shownColumns = 120;

function parseLine(source: string, file: string, line: number): JournalLine {
  try {
    return journalLine.parse(JSON.parse(source));
  } catch (error) {
    const shown = source.slice(0, shownColumns);
    throw new Fault('journal/unreadable', 'this is not an entry of a journal: the file was changed or damaged', {
      place: { file, line, column: 1, length: Math.max(1, shown.length), source: shown },
      hint: 'what it named may still be in force: see what is active in the stack, end it, then delete the file',
      cause: error,
    });
  }
}
