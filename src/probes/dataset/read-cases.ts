import { open } from 'node:fs/promises';
import { parseJson } from '../../base/parse-json.ts';
import { shortened } from '../../base/shortened.ts';
import { Fault } from '../../base/fault.ts';

/** One labelled case: its columns, and the line of the file on which it begins. */
export interface Case {
  readonly line: number;
  readonly values: Readonly<Record<string, unknown>>;
}

const largestFileBytes = 64 * 1024 * 1024;
const mostCases = 100_000;

export async function readCases(file: string, label: string): Promise<readonly Case[]> {
  const text = await readText(file);
  const cases = /\.csv$/i.test(file) ? fromCsv(file, text) : fromJsonLines(file, text);
  if (cases.length === 0) throw new Fault('probe/cannot-run', `${file} holds no cases`);
  if (cases.length > mostCases) throw new Fault('probe/cannot-run', `${file} holds more than ${String(mostCases)} cases`);
  const bare = cases.find(({ values }) => !Object.hasOwn(values, label) || values[label] === null || values[label] === '');
  if (bare !== undefined) throw new Fault('probe/cannot-run', `${file}:${String(bare.line)} has no label in "${label}"`);
  return cases;
}

async function readText(file: string): Promise<string> {
  try {
    await using handle = await open(file);
    if ((await handle.stat()).size > largestFileBytes) throw new Fault('probe/cannot-run', `${file} is larger than 64 MiB`);
    return (await handle.readFile('utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('probe/cannot-run', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function fromJsonLines(file: string, text: string): Case[] {
  return text.split('\n').flatMap((each, index) => {
    if (each.trim() === '') return [];
    const values = parseJson(each);
    if (values === null || typeof values !== 'object' || Array.isArray(values)) {
      throw new Fault('probe/cannot-run', `${file}:${String(index + 1)} is no JSON object`);
    }
    return [{ line: index + 1, values: values as Record<string, unknown> }];
  });
}

function fromCsv(file: string, text: string): Case[] {
  const [head, ...records] = parseCsv(text).filter(({ fields }) => fields.length > 1 || fields[0] !== '');
  return records.map(({ line, fields }) => {
    const names = head?.fields ?? [];
    if (fields.length !== names.length) {
      throw new Fault(
        'probe/cannot-run',
        `${file}:${String(line)} has ${String(fields.length)} fields, and the first line names ${String(names.length)}`,
      );
    }
    return { line, values: Object.fromEntries(names.map((name, index) => [name, fields[index]])) };
  });
}

interface CsvRecord {
  readonly line: number;
  readonly fields: string[];
}

const field = /(?:"((?:[^"]|"")*)"|([^",\r\n][^,\r\n]*|))(,|\r\n|\n|\r|$)/y;

/** By RFC 4180: quotes around what holds commas, quotes or line ends; a quote within is written twice. */
export function parseCsv(text: string): CsvRecord[] {
  const records: CsvRecord[] = [];
  let fields: string[] = [];
  let line = 1;
  let begins = 1;
  field.lastIndex = 0;
  while (field.lastIndex < text.length || fields.length > 0) {
    const at = field.lastIndex;
    const match = field.exec(text);
    if (match === null)
      throw new Fault('probe/cannot-run', `line ${String(line)} is no CSV: ${JSON.stringify(shortened(text.slice(at), 40))}`);
    const [whole, quoted, plain = '', end] = match;
    fields.push(quoted?.replaceAll('""', '"') ?? plain);
    line += whole.match(/\r\n|\n|\r/g)?.length ?? 0;
    if (end === ',') continue;
    records.push({ line: begins, fields });
    fields = [];
    begins = line;
  }
  return records;
}
