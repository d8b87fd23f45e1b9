import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/base/fault.ts';
import { locate } from '../../src/config/locate.ts';
import { childOf, valueOf, type ConfigNode } from '../../src/config/node.ts';
import { sourceFile } from '../../src/config/source-file.ts';
import { createVariables } from '../../src/config/variables.ts';

function read(text: string): ConfigNode {
  const located = locate('a.yaml', text);
  if (!located.ok) throw new Error(located.faults.map(({ message }) => message).join('; '));
  return located.root;
}

function interpolate(text: string, env: Record<string, string | undefined> = {}, declared = '{}') {
  const map = read(declared);
  const entries = map.type === 'map' ? [...map.entries].map(([name, { value }]) => [name, value] as const) : [];
  const variables = createVariables({ env, declared: new Map(entries), declaredIn: 'gate.yaml' });
  const faults: Fault[] = [];
  const node = variables.interpolate(read(text), faults);
  return { value: valueOf(node), node, faults, secrets: variables.secrets() };
}

const valueIn = (text: string, env?: Record<string, string | undefined>, declared?: string): unknown =>
  (interpolate(`value: ${text}\n`, env, declared).value as { value: unknown }).value;

describe('references', () => {
  test.each([
    ['${A}', 'one'],
    ['"<${A}-${B}>"', '<one-two>'],
    ["'${A}${A}'", 'oneone'],
    ['${C:-three}', 'three'],
    ['${A:-three}', 'one'],
    ['${C:-}', ''],
    ['${C:-http://localhost:3000/x?y=z}', 'http://localhost:3000/x?y=z'],
    ['$A costs $5', '$A costs $5'],
    ['$${A}', '${A}'],
    ['"$$${A} and ${B}"', '$${A} and two'],
    ['"{{ $labels.job }}"', '{{ $labels.job }}'],
  ])('%s is %s', (text, expected) => {
    expect(valueIn(text, { A: 'one', B: 'two' })).toBe(expected);
  });

  test('are replaced in values at every depth, and in keys never', () => {
    expect(interpolate('a: [{ b: "${A}" }, "${A}"]\n"${A}": 1\n', { A: 'x' }).value).toEqual({ a: [{ b: 'x' }, 'x'], '${A}': 1 });
  });

  test('in block texts are replaced as well', () => {
    expect(valueIn('|\n  first ${A}\n  second ${B}\n', { A: '1', B: '2' })).toBe('first 1\nsecond 2\n');
  });

  test('that a value brings in are left as they are', () => {
    expect(valueIn('${A}', { A: '${B} and $${C}', B: 'never' })).toBe('${B} and $${C}');
  });

  test('bring in text, whatever it looks like', () => {
    expect(valueIn('${A}', { A: '007' })).toBe('007');
    expect(valueIn('${A}', {}, '{ A: 1.10 }')).toBe('1.10');
    expect(valueIn('${A}', {}, '{ A: true }')).toBe('true');
  });

  test.each(['${}', '${1A}', '${A-b}', '${A.b}', '${A', '${A:-${B}}'])('%s is no reference, and is refused at its place', (text) => {
    const { faults } = interpolate(`value: 'x ${text}'\n`, { A: 'a', B: 'b' });
    expect(faults.map(({ code }) => code)).toEqual(['config/bad-value']);
    expect(faults[0]).toMatchObject({ place: { line: 1, column: 11 }, hint: expect.stringContaining('$${') as string });
  });
});

describe('where a variable is missed', () => {
  test.each([
    ['plain text', 'a: x ${NO} ${YES}\n', 1, 6],
    ['the second of a text', "a: '${YES} ${NO}'\n", 1, 12],
    ['after a literal one', 'a: "$${NO} ${NO}"\n', 1, 12],
    ['text with escapes', 'a: "\\"\\t${NO}"\n', 1, 9],
    ['text with doubled quotes', "a: '''${NO}'''\n", 1, 7],
    ['folded text', 'a: one\n  two ${NO}\n', 2, 7],
    ['block text', 'a: |\n  one ${YES}\n  two ${NO}\n', 3, 7],
    ['after another mistake', 'a: "${YES:-${NO}} ${NO}"\n', 1, 19],
  ])('%s', (_, text, line, column) => {
    const fault = interpolate(text, { YES: 'y' }).faults.find(({ code }) => code === 'config/missing-variable');
    expect(fault?.place).toMatchObject({ line, column, length: 5 });
  });

  test('every use of it', () => {
    expect(interpolate('a: ${NO}\nb: ${NO}\n').faults.map(({ place }) => place?.line)).toEqual([1, 2]);
  });
});

describe('declared variables', () => {
  test('may use others', () => {
    expect(valueIn('${URL}', { PORT: '3000' }, "{ HOST: localhost, URL: 'http://${HOST}:${PORT}' }")).toBe('http://localhost:3000');
  });

  test('that lack what they use are missed once, where they are declared', () => {
    const { faults } = interpolate('a: ${URL}\nb: ${URL}\n', {}, "{ URL: 'http://${HOST}' }");
    expect(faults).toMatchObject([{ code: 'config/missing-variable', place: { column: 16 } }]);
  });

  test('that nobody uses may lack what they use', () => {
    expect(interpolate('a: b\n', {}, "{ URL: 'http://${HOST}' }").faults).toEqual([]);
  });

  test('that use each other in a circle are refused', () => {
    const { faults } = interpolate('a: ${A}\n', {}, "{ A: '${B}', B: '${A}' }");
    expect(faults.map(({ code, message }) => `${code} ${message}`)).toEqual(['config/cycle variables go round in a circle: A → B → A']);
    expect(interpolate('a: ${A}\n', { B: 'b' }, "{ A: '${B}', B: '${A}' }").faults).toEqual([]);
  });

  test.each(['toString', '__proto__', 'constructor'])('the name %s means nothing unless it is set', (name) => {
    expect(interpolate(`a: \${${name}}\n`).faults.map(({ code }) => code)).toEqual(['config/missing-variable']);
  });
});

test('values of variables with secret names are collected, whichever place they come from', () => {
  const declared = "{ A_TOKEN: declared, B_TOKEN: unused, C_KEY: '${D}' }";
  const text = 'a: ${A_TOKEN} ${C_KEY} ${E_SECRET:-default} ${PLAIN}\n';
  const { secrets } = interpolate(text, { A_TOKEN: 'process', D: 'composed', PLAIN: 'plain', F_TOKEN: 'elsewhere' }, declared);
  expect([...secrets].toSorted()).toEqual(['composed', 'declared', 'default', 'process', 'unused']);
});

test('text without a reference stays the very same, as often as it is interpolated', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('${')),
      (text) => {
        const root = {
          type: 'scalar',
          value: text,
          written: text,
          file: sourceFile('a', text),
          span: { start: 0, end: text.length },
        } as const;
        const variables = createVariables({ env: {}, declared: new Map(), declaredIn: 'gate.yaml' });
        const faults: Fault[] = [];
        expect(variables.interpolate(variables.interpolate(root, faults), faults)).toBe(root);
        expect(faults).toEqual([]);
      },
    ),
  );
});

test('an escaped reference comes out as it was before it was escaped', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('$', '{', '}', 'A', ':-', ' ', '${', '${A}')).map((parts) => parts.join('')),
      (text) => {
        const written = JSON.stringify(text.replaceAll('${', () => '$${'));
        expect(childOf(interpolate(`a: ${written}\n`).node, 'a')).toMatchObject({ value: text });
      },
    ),
  );
});
