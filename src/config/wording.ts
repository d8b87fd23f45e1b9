import type { z } from 'zod';
import { shortened } from '../base/shortened.ts';
import { maskLine } from './mask-line.ts';
import type { ConfigNode, Path } from './node.ts';
import { coreOf, definitionOf, literalsOf, metaOf, type Schema } from './schema-walk.ts';

/** A key as people see it in the file: `"interval"`, `"labels[1]"`; the root is the file itself. */
export function subjectOf(path: Path): string {
  const lastKey = path.findLastIndex((part) => typeof part === 'string');
  const indexes = path.slice(lastKey + 1).map((index) => `[${String(index)}]`);
  const key = path[lastKey];
  if (key === undefined) return indexes.length === 0 ? 'this file' : `entry ${indexes.join('')}`;
  return `"${String(key)}${indexes.join('')}"`;
}

/** `a, b or c` */
export function oneOf(words: readonly string[]): string {
  const unique = [...new Set(words)];
  return unique.length < 2 ? unique.join('') : `${unique.slice(0, -1).join(', ')} or ${unique.at(-1) ?? ''}`;
}

const formats: Readonly<Record<string, string>> = {
  url: 'a URL such as http://localhost:9090',
  email: 'an e-mail address',
  datetime: 'a time such as 2026-01-31T12:00:00Z',
  date: 'a date such as 2026-01-31',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  safeint: 'a whole number',
  int32: 'a whole number',
  uint32: 'a whole number',
};

const types: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'empty',
};

export function literal(value: z.core.util.Primitive): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}

const anything = 'something else';

/** What may stand where `schema` applies: a schema says it itself with `.meta({ expects: 'a duration such as 15s' })`. */
export function expectationOf(schema: Schema): string {
  const { expects } = metaOf(schema);
  if (typeof expects === 'string') return expects;
  const definition = definitionOf(coreOf(schema));
  if (definition.type === 'union') return oneOf(definition.options.map(expectationOf));
  const literals = literalsOf(schema);
  if (literals.length > 0) return oneOf(literals.map(literal));
  const { format } = definition as { readonly format?: string };
  return formats[format ?? ''] ?? types[definition.type] ?? anything;
}

/** What may stand where several schemas apply, of which some may accept anything. */
export function expectationOfAll(schemas: readonly Schema[]): string | undefined {
  const expectations = schemas.map(expectationOf).filter((expectation) => expectation !== anything);
  return expectations.length === 0 ? undefined : oneOf(expectations);
}

/** What an issue's own fields say is expected, where the schema cannot be asked. */
export function expectedType(expected: string): string {
  return types[expected] ?? expected;
}

export function formatName(issue: z.core.$ZodIssueInvalidStringFormat): string {
  if (issue.format === 'regex' && issue.pattern !== undefined) return `text that matches ${issue.pattern}`;
  const { prefix, suffix, includes } = issue as { readonly prefix?: string; readonly suffix?: string; readonly includes?: string };
  if (prefix !== undefined) return `text that starts with "${prefix}"`;
  if (suffix !== undefined) return `text that ends with "${suffix}"`;
  if (includes !== undefined) return `text with "${includes}" in it`;
  return formats[issue.format] ?? `text in the form "${issue.format}"`;
}

const longest = 40;

/** `not 15`, `not "abc"`, `not a list`; of a hidden value only what sort of thing it is. */
export function butIs(node: ConfigNode, hidden: boolean): string {
  if (node.type !== 'scalar') return `, not a ${node.type}`;
  if (node.value === null) return ', but has no value';
  if (hidden) return typeof node.value === 'string' ? '' : `, not a ${typeof node.value}`;
  if (typeof node.value !== 'string') return `, not ${node.written}`;
  const value = maskLine(node.value);
  return `, not ${JSON.stringify(shortened(value, longest))}`;
}
