import type { z } from 'zod';
import { Fault } from '../base/fault.ts';
import { closest, suggest } from '../base/closest.ts';
import { nodeAt, placeNear, placeOfKey, placeOfValue, placeWithin, type ConfigNode, type Path } from './node.ts';
import { branchesFor, coreOf, definitionOf, knownKeys, metaOf, schemasAt, type Schema } from './schema-walk.ts';
import { butIs, expectationOf, expectationOfAll, subjectOf } from './wording.ts';
import { badValue, isHidden, wrongValue } from './wrong-value.ts';

/** A fault with what is needed to see that two faults are one mistake. */
export interface Explanation {
  readonly fault: Fault;
  /** The map that lacks the key `missing`, or that has an unknown key which was probably meant to be `meant`. */
  readonly owner?: ConfigNode | undefined;
  readonly missing?: string | undefined;
  readonly meant?: string | undefined;
}

/** What issues are explained against. */
export interface Scope {
  readonly schema: Schema;
  readonly node: ConfigNode;
  /** Where in `node` the schema applies; issues count their paths from there. */
  readonly base: Path;
  /** Keys that `node` itself may have besides those of the schema, and the map that it was split from. */
  readonly alsoKnown: readonly string[];
  readonly owner: ConfigNode;
}

type Issue = z.core.$ZodIssue;

/** What a schema's own check can say beside its message: what to do, and which part of the text is wrong. */
interface CustomParams {
  readonly hint?: string | undefined;
  readonly within?: { readonly start: number; readonly end: number } | undefined;
}

/** Says in our words, and at its place, what a schema found wrong. */
export function explain(issues: readonly Issue[], scope: Scope): readonly Explanation[] {
  return withoutEchoes(issues.flatMap((issue) => explainIssue(issue, scope)));
}

/** A misspelt key is one mistake: that the right key is therefore missing need not be said as well. */
export function withoutEchoes(explanations: readonly Explanation[]): readonly Explanation[] {
  return explanations.filter(
    ({ owner, missing }) => missing === undefined || !explanations.some((other) => other.owner === owner && other.meant === missing),
  );
}

function explainIssue(issue: Issue, scope: Scope): readonly Explanation[] {
  const inner = issue.path as Path;
  const path = [...scope.base, ...inner];
  const node = nodeAt(scope.node, path);
  const schemas = schemasAt(scope.schema, inner, nodeAt(scope.node, scope.base));
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownKey(key, path, schemas, scope));
  if (issue.code === 'invalid_key') return [invalidKey(issue, path, scope)];
  if (node === undefined && issue.code !== 'custom') return [missingKey(path, schemas, scope)];
  if (node?.type === 'scalar' && node.unresolved !== undefined) return [];
  if (issue.code === 'invalid_union' && node !== undefined && issue.errors.length > 0)
    return explainUnion(issue, path, node, schemas, scope);
  const [code, message, hint] = node === undefined ? badValue(issue.message, path) : wrongValue(issue, path, node, schemas);
  const { hint: ownHint, within } = (issue.code === 'custom' ? (issue.params ?? {}) : {}) as CustomParams;
  const place = (node && within && placeWithin(node, within)) ?? placeOfValue(scope.node, path) ?? placeNear(scope.node, path);
  return [{ fault: new Fault(code, message, { hint: ownHint ?? hint, place }) }];
}

function ownerAt(path: Path, scope: Scope): ConfigNode | undefined {
  return path.length === 0 ? scope.owner : nodeAt(scope.node, path);
}

function unknownKey(key: string, path: Path, schemas: readonly Schema[], scope: Scope): Explanation {
  const owner = nodeAt(scope.node, path);
  const known = [...schemas.flatMap((schema) => knownKeys(schema, owner)), ...(path.length === 0 ? scope.alsoKnown : [])];
  const whole = ownerAt(path, scope);
  const unused = known.filter((each) => !(whole?.type === 'map' && whole.entries.has(each)));
  const place = placeOfKey(scope.node, [...path, key]);
  // A key that is already there cannot be what was meant.
  const meant = closest(key, unused);
  const fault = new Fault('config/unknown-key', `unknown key "${key}"`, { hint: suggest(key, unused, 'known keys'), place });
  return { fault, owner: whole, meant };
}

function missingKey(path: Path, schemas: readonly Schema[], scope: Scope): Explanation {
  const key = String(path.at(-1) ?? '');
  const description = schemas.map((schema) => metaOf(schema)['description']).find((each) => typeof each === 'string');
  const expectation = expectationOfAll(schemas);
  const hint = description === undefined ? expectation && `"${key}" must be ${expectation}` : `"${key}": ${description}`;
  // Pointed at: the key that names the map; in a list, or at the top of a file, its first line.
  const place = placeNear(scope.node, path.slice(0, -1));
  return {
    fault: new Fault('config/missing-key', `missing key "${key}"`, { hint, place }),
    owner: ownerAt(path.slice(0, -1), scope),
    missing: key,
  };
}

function invalidKey(issue: z.core.$ZodIssueInvalidKey, path: Path, scope: Scope): Explanation {
  const [wrong] = issue.issues;
  const map = path.slice(scope.base.length, -1);
  const records = schemasAt(scope.schema, map, nodeAt(scope.node, scope.base)).map((schema) => definitionOf(coreOf(schema)));
  const [expects] = records.flatMap((record) => (record.type === 'record' ? (metaOf(record.keyType)['expects'] ?? []) : []));
  const rule = typeof expects === 'string' ? `it must be ${expects}` : wrong?.message;
  const message = `"${String(path.at(-1))}" cannot be a key here${rule === undefined ? '' : `: ${rule}`}`;
  return { fault: new Fault('config/bad-value', message, { place: placeOfKey(scope.node, path) }) };
}

/** Of a value that fits no branch of a union, explains the branch that it was probably meant for. */
function explainUnion(
  issue: z.core.$ZodIssueInvalidUnion,
  path: Path,
  node: ConfigNode,
  schemas: readonly Schema[],
  scope: Scope,
): readonly Explanation[] {
  const union = schemas.find((schema) => definitionOf(coreOf(schema)).type === 'union');
  const definition = union && definitionOf(coreOf(union));
  const branches = definition?.type === 'union' ? branchesFor(definition, node) : [];
  const attempts = issue.errors.flatMap((errors, index) => {
    const schema = branches[index];
    // A branch for another sort of thing altogether (text where a map stands) cannot be what was meant.
    const otherSort = errors.some(({ code, path: below }) => below.length === 0 && (code === 'invalid_type' || code === 'invalid_value'));
    return schema === undefined || otherSort ? [] : [explain(errors, { ...scope, schema, base: path })];
  });
  const [likeliest] = attempts.toSorted((a, b) => a.length - b.length);
  if (likeliest !== undefined) return likeliest;
  const expected = union === undefined ? 'something else' : expectationOf(union);
  const code = issue.errors.flat().every((error) => error.code === 'invalid_type') ? 'config/wrong-type' : 'config/bad-value';
  const message = `${subjectOf(path)} must be ${expected}${butIs(node, isHidden(path, schemas))}`;
  return [{ fault: new Fault(code, message, { place: placeOfValue(scope.node, path) }) }];
}
