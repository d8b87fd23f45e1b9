import { resolve } from 'node:path';
import { z } from 'zod';
import { mustBeKnown } from '../../app/choose-checks.ts';
import { parseDuration } from '../../base/duration.ts';
import { Fault } from '../../base/fault.ts';
import type { Result } from '../../check/result.ts';
import type { Store } from '../../store/store.ts';
import { stores } from '../../stores/index.ts';
import type { Io } from '../io.ts';
import { loadProjectForCommand } from './load-project.ts';

export interface ExportCommandOptions {
  /** The file of the project, whose store it is unless one is named. */
  readonly project: string;
  /** The file of the store. */
  readonly store?: string | undefined;
  /** ISO 8601, or a duration ago. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly check?: string | undefined;
  readonly format?: string | undefined;
}

interface Format {
  readonly head: string;
  line(result: Result): string;
}

const columns = ['check', 'place', 'dueAt', 'lateMs', 'durationMs', 'status', 'attempts', 'reasons', 'observation'] as const;

const formats: Readonly<Record<string, Format>> = {
  jsonl: { head: '', line: (result) => `${JSON.stringify(recordOf(result))}\n` },
  csv: { head: `${columns.join(',')}\r\n`, line: (result) => `${cellsOf(result).join(',')}\r\n` },
};

/** About so many characters are held before they are written. */
const pieceLength = 65_536;

/** Writes results down in the order of time, few at once however many there are. Resolves with the exit code; throws Faults for usage and for a store that cannot be read. */
export async function exportCommand(options: ExportCommandOptions, io: Io): Promise<number> {
  const name = options.format ?? 'jsonl';
  const format = Object.hasOwn(formats, name) ? formats[name] : undefined;
  if (format === undefined) {
    throw new Fault('usage/bad-argument', `there is no format "${name}"`, {
      hint: `there are ${Object.keys(formats).join(', ')}`,
    });
  }
  const span = { fromMs: timeOf('--from', options.from, io) ?? 0, toMs: timeOf('--to', options.to, io) ?? io.now().getTime() + 1 };
  if (span.fromMs >= span.toMs) throw new Fault('usage/bad-argument', '--from must be before --to');
  const source = options.store === undefined ? await sourceOf(options.project, io) : { file: resolve(io.cwd, options.store), checks: [] };
  if (typeof source === 'number') return source;
  const kind = stores.get('sqlite');
  if (kind === undefined) throw new Error('no store kind sqlite');
  await using store = await kind.open(kind.options.parse({ file: source.file }), { readOnly: true });
  if (options.check !== undefined) await mustHave(options.check, source.checks, store, io);
  let piece = format.head;
  for await (const result of store.results({ ...span, check: options.check })) {
    piece += format.line(result);
    if (piece.length < pieceLength) continue;
    io.stdout.write(piece);
    piece = '';
    if ((await io.written?.()) === false) return 0;
  }
  if (piece !== '') io.stdout.write(piece);
  return 0;
}

/** Where results are, and the checks that are known besides those that have some. */
interface Source {
  readonly file: string;
  readonly checks: readonly string[];
}

async function sourceOf(project: string, io: Io): Promise<Source | number> {
  const loaded = await loadProjectForCommand(project, io);
  if (typeof loaded === 'number') return loaded;
  return { file: loaded.project.store.path, checks: loaded.project.checks.map(({ name }) => name) };
}

/** A name with a slip in it would end well, with nothing: as if there had been no results. */
async function mustHave(check: string, known: readonly string[], store: Store, io: Io): Promise<void> {
  if (known.includes(check) || (await store.latest(check, 1)).length > 0) return;
  const stored = await store.summaries({ fromMs: 0, toMs: io.now().getTime() + 1 });
  mustBeKnown('check', [check], [...new Set([...known, ...stored.map((each) => each.check)])]);
}

function timeOf(option: string, text: string | undefined, io: Io): number | undefined {
  if (text === undefined) return undefined;
  const agoMs = parseDuration(text);
  if (agoMs !== undefined) return io.now().getTime() - agoMs;
  const ms = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d))?$/.test(text) ? Date.parse(text) : Number.NaN;
  // JavaScript takes February 31 for March 3.
  const isDay = z.iso.date().safeParse(text.slice(0, 10)).success;
  if (!Number.isNaN(ms) && isDay) return ms;
  throw new Fault('usage/bad-argument', `${option} "${text}" ${Number.isNaN(ms) ? 'is no time' : 'names a day that does not exist'}`, {
    hint: 'write 2026-02-01, 2026-02-01T09:00:00Z, or how long ago: 7d',
  });
}

function recordOf({ dueAtMs, check, place, ...rest }: Result) {
  const { lateMs, durationMs, status, attempts, reasons, observation } = rest;
  return { check, place, dueAt: new Date(dueAtMs).toISOString(), lateMs, durationMs, status, attempts, reasons, observation };
}

function cellsOf(result: Result): readonly string[] {
  const record = { ...recordOf(result), reasons: result.reasons.join('; ') };
  return columns.map((column) => cell(record[column] ?? ''));
}

/** RFC 4180. A spreadsheet takes what begins with = + - @ for a formula, and reasons quote what targets say: an apostrophe makes it text. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
