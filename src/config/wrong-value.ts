import type { z } from 'zod';
import type { FaultCode } from '../base/fault.ts';
import { closest } from '../base/closest.ts';
import { looksSecret } from './looks-secret.ts';
import type { ConfigNode, Path } from './node.ts';
import { metaOf, type Schema } from './schema-walk.ts';
import { butIs, expectationOfAll, expectedType, formatName, literal, oneOf, subjectOf } from './wording.ts';

type Issue = z.core.$ZodIssue;

export type Worded = readonly [code: FaultCode, message: string, hint?: string | undefined];

/** What is wrong with a value, in our words. */
export function wrongValue(issue: Issue, path: Path, node: ConfigNode, schemas: readonly Schema[]): Worded {
  const subject = subjectOf(path);
  const actual = butIs(node, isHidden(path, schemas));
  if (issue.code !== 'invalid_type' && hasOwnWords(issue)) return badValue(issue.message, path);
  switch (issue.code) {
    case 'invalid_type': {
      const own = issue.expected === 'int' ? undefined : expectationOfAll(schemas);
      const expected = own ?? expectedType(issue.expected);
      return ['config/wrong-type', `${subject} must be ${expected}${actual}`, quotesHint(expected, node, actual)];
    }
    case 'invalid_value':
      return oneOfValues(subject, issue.values, node, actual);
    case 'invalid_union': {
      const [code, message, hint] = oneOfValues(subject, issue.inclusive === false ? [] : (issue.options ?? []), node, actual);
      return [path.at(-1) === 'kind' ? 'config/unknown-kind' : code, message, hint];
    }
    case 'invalid_format': {
      const { expects } = schemas[0] === undefined ? {} : metaOf(schemas[0]);
      return ['config/bad-value', `${subject} must be ${typeof expects === 'string' ? expects : formatName(issue)}${actual}`];
    }
    case 'too_small':
      return ['config/bad-value', `${subject} ${atLeast(issue)}${isNumeric(issue.origin) ? actual : ''}`];
    case 'too_big':
      return ['config/bad-value', `${subject} ${atMost(issue)}${isNumeric(issue.origin) ? actual : ''}`];
    case 'not_multiple_of':
      return ['config/bad-value', `${subject} must be a multiple of ${String(issue.divisor)}${actual}`];
    case 'custom':
    case 'unrecognized_keys':
    case 'invalid_key':
    case 'invalid_element':
      break;
  }
  return badValue(issue.message, path);
}

export function badValue(message: string, path: Path): Worded {
  return ['config/bad-value', path.length === 0 ? message : `${subjectOf(path)}: ${message}`];
}

function oneOfValues(subject: string, values: readonly z.core.util.Primitive[], node: ConfigNode, actual: string): Worded {
  const near = node.type === 'scalar' && typeof node.value === 'string' ? closest(node.value, values.map(String)) : undefined;
  return ['config/bad-value', `${subject} must be ${oneOf(values.map(literal))}${actual}`, near && `did you mean "${near}"?`];
}

/** YAML reads `1.10` and `true` as a number and a truth value; the remedy is not obvious to everybody. */
function quotesHint(expected: string, node: ConfigNode, actual: string): string | undefined {
  if (node.type !== 'scalar' || actual === '') return undefined;
  if (expected === 'text' && (typeof node.value === 'number' || typeof node.value === 'boolean')) {
    return actual.endsWith(node.written) ? `put it in quotes: '${node.written}'` : 'put it in quotes';
  }
  const looksNumeric = typeof node.value === 'string' && /^-?\d+(?:\.\d+)?$/.test(node.value);
  return looksNumeric && (expected === 'a number' || expected === 'a whole number') ? 'take the quotes away' : undefined;
}

function isNumeric(origin: string): boolean {
  return origin === 'number' || origin === 'int';
}

function atLeast({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): string {
  if (isNumeric(origin)) return `must be ${inclusive === false ? 'more than' : 'at least'} ${String(minimum)}`;
  if (Number(minimum) === 1) return 'must not be empty';
  return `must have at least ${String(minimum)} ${origin === 'string' ? 'characters' : 'entries'}`;
}

function atMost({ origin, maximum, inclusive }: z.core.$ZodIssueTooBig): string {
  if (isNumeric(origin)) return `must be ${inclusive === false ? 'less than' : 'at most'} ${String(maximum)}`;
  return `must have at most ${String(maximum)} ${origin === 'string' ? 'characters' : 'entries'}`;
}

/** Whether a schema's author gave the message, rather than the schema library. */
function hasOwnWords(issue: Issue): boolean {
  return !/^(?:Invalid|Too small|Too big|Unrecognized)\b/.test(issue.message);
}

/** Whether a value must not be repeated in a message. */
export function isHidden(path: Path, schemas: readonly Schema[]): boolean {
  const key = path.findLast((part) => typeof part === 'string');
  return schemas.some((schema) => metaOf(schema)['secret'] === true) || (key !== undefined && looksSecret(key));
}
