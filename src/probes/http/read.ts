import { valueAt } from '../../base/value-at.ts';
import { parseJson } from '../../base/parse-json.ts';
import { redacted } from '../../base/redacted.ts';
import { shortened } from '../../base/shortened.ts';
import { longestMatched } from '../../check/assertion/pattern.ts';
import type { RawAnswer } from './exchange.ts';
import { partAt } from './json-path.ts';
import type { Answer } from './observation.ts';
import type { HttpStep } from './options.ts';
import { departures } from './schema.ts';
import { credentialsIn, mask, namesCredential, withoutCredentials, type Taken } from './taken.ts';
import type { Wanted } from './wanted.ts';

const longestExcerpt = 1_000;

/** Longer bodies are not kept for assertions: an observation has a bounded size. `contains` looks at all that is read. */
const longestBody = 256 * 1024;

/** What is said of an answer by its content. */
export type Content = Pick<
  Answer,
  'status' | 'headers' | 'bytes' | 'truncated' | 'isJson' | 'json' | 'contains' | 'schema' | 'body' | 'excerpt'
>;

export interface Reading {
  readonly content: Content;
  readonly values: Taken;
}

/** Reads an answer: what the step expects something of, what it takes, and what assertions want to know. */
export async function read(step: HttpStep, raw: RawAnswer, takenBefore: Taken, wanted: Wanted): Promise<Reading> {
  const { expect, take } = step;
  const text = raw.body.toString('utf8');
  const json = parseJson(text);
  const values = valuesAt(json, take);
  const known: Taken = values.size === 0 ? takenBefore : new Map([...takenBefore, ...values]);
  const headers: Answer['headers'] = {};
  for (const name of wanted.headers) headers[name] = headerIn(raw, name, undefined, known);
  for (const [name, value] of Object.entries(expect.headers ?? {})) headers[name] = headerIn(raw, name, value, known);
  const parts: Answer['json'] = {};
  for (const path of wanted.paths) parts[path] = maskedPart(json, path, undefined, known);
  for (const [path, value] of Object.entries(expect.json ?? {})) parts[path] = maskedPart(json, path, value, known);
  const contains: Answer['contains'] = {};
  for (const each of [expect.contains ?? []].flat()) contains[each] = text.includes(each);
  const content: Content = {
    status: raw.status,
    headers,
    bytes: raw.body.length,
    truncated: raw.truncated,
    isJson: json !== undefined,
    json: parts,
    contains,
    excerpt: shortened(mask(excerptOf(text, json), known), longestExcerpt),
    ...(expect.schema === undefined || json === undefined ? {} : { schema: await departures(expect.schema, json) }),
    ...(wanted.body && !raw.truncated && text.length <= longestBody ? { body: bodyOf(text, json, known) } : {}),
  };
  return { content, values };
}

function valuesAt(json: unknown, take: HttpStep['take']): Taken {
  return new Map(
    Object.entries(take ?? {}).flatMap(([name, path]) => {
      const value = valueAt(json, path);
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [[name, value] as const] : [];
    }),
  );
}

/** A value that the check file itself names is no secret; any other may be one that was taken, or is called a credential. */
function maskedPart(json: unknown, path: string, wanted: unknown, taken: Taken): Answer['json'][string] {
  const isCredential = wanted === undefined && namesCredential(path);
  return partAt(json, path, (text) => (text === wanted ? text : isCredential ? redacted : mask(text, taken)));
}

function headerIn(raw: RawAnswer, name: string, wanted: string | undefined, taken: Taken): string | null {
  const header = raw.headers[name.toLowerCase()];
  if (header === undefined) return null;
  const value = [header].flat().join(', ');
  if (wanted !== undefined && value.toLowerCase().includes(wanted.toLowerCase())) return shortened(value, longestMatched);
  // Of a cookie, the attributes may be asserted; its value is what somebody else could come in with.
  const shown = namesCredential(name) ? value.replace(/(^|, )([^=;,\s]+)=[^;,]*/g, `$1$2=${redacted}`) : value;
  return shortened(mask(shown, taken), longestMatched);
}

function excerptOf(text: string, json: unknown): string {
  const shown = json === undefined ? shortened(text, 4 * longestExcerpt) : JSON.stringify(withoutCredentials(json));
  // What a hostile or binary answer could do to a terminal is taken out.
  return shown.replace(/\p{Cc}/gu, ' ');
}

function bodyOf(text: string, json: unknown, taken: Taken): string {
  return mask(
    credentialsIn(json).reduce((masked, each) => masked.replaceAll(JSON.stringify(each).slice(1, -1), redacted), text),
    taken,
  );
}
