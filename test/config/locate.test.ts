import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Place } from '../../src/base/fault.ts';
import { locate } from '../../src/config/locate.ts';
import { placeOfKey, placeOfValue, valueOf, type ConfigNode, type Path } from '../../src/config/node.ts';
import { load } from './sample.ts';

function rootOf(text: string): ConfigNode {
  const located = locate('a.yaml', text);
  if (!located.ok) throw new Error(located.faults.map(({ message }) => message).join('; '));
  return located.root;
}

function faultsOf(text: string) {
  const located = locate('a.yaml', text);
  return located.ok
    ? []
    : located.faults.map(({ code, message, place }) => `${code} ${String(place?.line)}:${String(place?.column)} ${message}`);
}

/** What the caret would mark. */
function marked(place: Place | undefined): string | undefined {
  return place?.source.slice(place.column - 1, place.column - 1 + place.length);
}

describe('places', () => {
  const root = rootOf(`# first line
gate: a
items:
  - id: one
    labels: { a: x, 'b c': "y" }
  - id: two
    text: |
      several
      lines
`);

  test.each<[Path, string, string]>([
    [['gate'], 'gate', 'a'],
    [['items', 1, 'id'], 'id', 'two'],
    [['items', 0, 'labels', 'a'], 'a', 'x'],
    [['items', 0, 'labels', 'b c'], "'b c'", '"y"'],
    [['items', 0, 'labels'], 'labels', `{ a: x, 'b c': "y" }`],
  ])('of the key and the value at %j', (path, key, value) => {
    expect(marked(placeOfKey(root, path))).toBe(key);
    expect(marked(placeOfValue(root, path))).toBe(value);
  });

  test('of what spans lines are those of its key, so that the caret has something to mark', () => {
    expect(marked(placeOfValue(root, ['items']))).toBe('items');
    expect(marked(placeOfValue(root, ['items', 1, 'text']))).toBe('text');
    expect(marked(placeOfValue(root, ['items', 1]))).toBe('id: two');
  });

  test('of what is not there are unknown', () => {
    expect(placeOfValue(root, ['items', 2, 'id'])).toBeUndefined();
    expect(placeOfKey(root, ['nothing'])).toBeUndefined();
  });

  test('count lines and columns from 1, whatever the line ends and in spite of a byte order mark', () => {
    expect(placeOfValue(rootOf('\uFEFFa: 1\r\nb: 2\r\n'), ['a'])).toEqual({
      file: 'a.yaml',
      line: 1,
      column: 4,
      length: 1,
      source: 'a: 1',
    });
    expect(placeOfValue(rootOf('\uFEFFa: 1\r\nb: 2\r\n'), ['b'])).toEqual({
      file: 'a.yaml',
      line: 2,
      column: 4,
      length: 1,
      source: 'b: 2',
    });
  });
});

describe('aliases', () => {
  test('bring the value of their anchor, and its place', () => {
    const root = rootOf('a: &short { interval: 1s }\nb: *short\n');
    expect(valueOf(root)).toEqual({ a: { interval: '1s' }, b: { interval: '1s' } });
    expect(placeOfValue(root, ['b', 'interval'])).toMatchObject({ line: 1, column: 23 });
    expect(placeOfKey(root, ['b'])).toMatchObject({ line: 2, column: 1 });
  });

  test('can be merged into a map, whose own keys come first', () => {
    const root = rootOf('a: &a { x: 1, y: 1 }\nb: &b { y: 2, z: 2 }\nc: { x: 0, <<: [*b, *a] }\n');
    expect(valueOf(root)).toMatchObject({ c: { x: 0, y: 2, z: 2 } });
  });

  test('a key may be an alias, and the text << in quotes is a key like any other', () => {
    expect(valueOf(rootOf("a: &name b\n*name : 1\n'<<': 2\n"))).toEqual({ a: 'b', b: 1, '<<': 2 });
  });

  test('that lead nowhere, into themselves, or merge what is no map are refused', () => {
    expect(faultsOf('a: *b\n')).toEqual(['config/invalid-yaml 1:4 nothing is anchored by this name above this line']);
    expect(faultsOf('a: &a [*a]\n')).toEqual(['config/invalid-yaml 1:8 "*a" contains itself']);
    expect(faultsOf('a: &a 1\nb: { <<: *a }\n')).toEqual(['config/invalid-yaml 2:6 "<<" takes a map or a list of maps']);
  });

  test('that would grow without bound are refused before they do', () => {
    const levels = 'bcdefghij'.split('').map((name, index) => {
      const last = 'abcdefghij'[index] ?? '';
      return `${name}: &${name} [${Array<string>(9).fill(`*${last}`).join(', ')}]\n`;
    });
    expect(faultsOf(`a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n${levels.join('')}`)[0]).toContain('this alias makes the document too large');
  });

  test('hundreds of uses of one anchor are no attack', () => {
    expect(valueOf(rootOf(`a: &a 15s\nb: [${Array<string>(900).fill('*a').join(', ')}]\n`))).toMatchObject({ a: '15s' });
  });
});

describe('what is refused', () => {
  test.each([
    ['nothing at all', '', '1:1 this file is empty'],
    ['comments alone', '# nothing\n', '1:1 this file is empty'],
    ['a tab as indentation', 'a:\n\tb: 1\n', '2:1 invalid YAML: tabs cannot be used to indent'],
    ['wrong indentation', 'a:\n    b: 1\n  c: 2\n', '3:1 invalid YAML: all mapping items must start at the same column'],
    ['a map that starts in a value', 'a: b: c\n', '1:4 invalid YAML: a map cannot start here'],
    ['an open quote', 'a: "b\n', '2:1 invalid YAML: missing closing "quote'],
    ['text that needs quotes', 'a: @b\n', '1:4 invalid YAML: plain value cannot start with reserved character @'],
    ['a variable in a list without quotes', 'a: [x, ${B}]\n', '1:8 inside { } and [ ] a variable needs quotes'],
    ['a key given twice', 'a: 1\nb: 2\na: 3\n', '3:1 the key "a" is given twice'],
    ['a number and a text that are the same key', '1: a\n"1": b\n', '2:1 the key "1" is given twice'],
    ['a second document', 'a: 1\n---\nb: 2\n', '2:1 a second document starts here'],
    ['a custom tag', 'a: !run b\n', '1:4 the tag "!run" is not supported'],
    ['a tag that would make an object', 'a: !!binary aGk=\n', '1:4 the tag "!!binary" is not supported'],
    ['a map as a key', '{ a: 1 }: b\n', '1:1 a key must be plain text'],
    ['an infinite number', 'a: .inf\n', '1:4 the number .inf is not supported'],
    ['a number beyond all bounds', 'a: 1e999\n', '1:4 the number 1e999 is not supported'],
    ['a key that reaches for the prototype', 'a: { __proto__: { b: 1 } }\n', '1:6 "__proto__" cannot be a key'],
  ])('%s', (_, text, expected) => {
    expect(faultsOf(text)).toEqual([`config/invalid-yaml ${expected}`]);
  });

  test('nesting without end', () => {
    expect(faultsOf('['.repeat(10_000))[0]).toMatch(/^config\/invalid-yaml 1:\d+ invalid YAML: this is nested too deeply$/);
    expect(faultsOf(`${'['.repeat(150)}1${']'.repeat(150)}`)).toEqual(['config/invalid-yaml 1:102 this is nested too deeply']);
  });

  test('a file that nobody wrote by hand', () => {
    expect(faultsOf(`a: ${'x'.repeat(1024 * 1024)}\n`)).toEqual(['config/invalid-yaml 1:1 this file is larger than 1 MiB']);
  });

  test('several mistakes, all of which are told', () => {
    expect(faultsOf('a: !x 1\nb: *c\na: 2\n')).toHaveLength(3);
  });
});

test('plain YAML 1.2 is read whatever version the file claims', () => {
  expect(valueOf(rootOf('%YAML 1.1\n---\na: yes\nb: 010\n'))).toEqual({ a: 'yes', b: 10 });
});

describe('whatever the text is', () => {
  const pieces = ['a', 'gate', 'items', ': ', ':', '\n', '\r\n', '\n  ', '- ', '  ', '\t', '{', '}', '[', ']', ', ', '"', "'", '|', '>-'];
  const more = [
    '&x ',
    '*x',
    '<<: ',
    '!t ',
    '!!str ',
    '? ',
    '#',
    '---\n',
    '...\n',
    '%YAML 1.2\n',
    '${A}',
    '${',
    '$${B}',
    '__proto__',
    '1',
    '.nan',
    'é',
    '😀',
  ];
  const yamlish = fc.array(fc.constantFrom(...pieces, ...more), { maxLength: 60 }).map((parts) => parts.join(''));
  const anyText = fc.oneof(yamlish, fc.string({ unit: 'binary', maxLength: 200 }), fc.string({ unit: 'grapheme', maxLength: 200 }));

  const expectInside = (place: Place, text: string): void => {
    const lines = text.replace(/^\uFEFF/, '').split('\n');
    expect(place.line).toBeGreaterThanOrEqual(1);
    expect(place.line).toBeLessThanOrEqual(lines.length);
    const line = (lines[place.line - 1] ?? '').replace(/\r$/, '');
    expect(place.source).toHaveLength(line.length);
    expect(place.column).toBeGreaterThanOrEqual(1);
    expect(place.column).toBeLessThanOrEqual(line.length + 1);
    expect(place.length).toBeGreaterThanOrEqual(1);
    expect(place.column - 1 + place.length).toBeLessThanOrEqual(Math.max(line.length, place.column));
  };
  const pathsOf = (node: ConfigNode, path: Path = []): readonly Path[] => {
    if (node.type === 'list') return [path, ...node.items.flatMap((item, index) => pathsOf(item, [...path, index]))];
    if (node.type === 'map') return [path, ...[...node.entries].flatMap(([key, entry]) => pathsOf(entry.value, [...path, key]))];
    return [path];
  };

  test('it is a document or faults, and all places lie inside it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const located = locate('a.yaml', text);
        if (!located.ok) {
          expect(located.faults.length).toBeGreaterThan(0);
          for (const { place } of located.faults) expectInside(place ?? expect.fail('a fault without a place'), text);
          return;
        }
        for (const path of pathsOf(located.root)) {
          for (const place of [placeOfKey(located.root, path), placeOfValue(located.root, path)]) {
            expectInside(place ?? expect.fail(`no place for ${JSON.stringify(path)}`), text);
          }
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('as a gate it is refused with faults that lie inside it', async () => {
    await fc.assert(
      fc.asyncProperty(anyText, async (text) => {
        const loaded = await load(text);
        expect(loaded.ok).toBe(false);
        if (!loaded.ok) for (const { place } of loaded.faults) expectInside(place ?? expect.fail('a fault without a place'), text);
      }),
      { numRuns: 500 },
    );
  });

  test('mutilated gates are refused or loaded, and never crash', async () => {
    const gate =
      'gate: a\nvariables: { B: c }\nitems:\n  - { id: a, proof: alert, rule: "${B}", moves: [{ by: 2 }] }\n  - { id: b, proof: scrape, job: x, interval: 1s, needs: [a] }\n';
    const cut = fc.tuple(fc.nat(gate.length), fc.nat(12), fc.constantFrom('', ...pieces, ...more));
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { maxLength: 4 }), async (cuts) => {
        const text = cuts.reduce((left, [at, length, piece]) => left.slice(0, at) + piece + left.slice(at + length), gate);
        const loaded = await load(text);
        if (!loaded.ok) for (const { place } of loaded.faults) expectInside(place ?? expect.fail('a fault without a place'), text);
      }),
      { numRuns: 1_000 },
    );
  });
});
