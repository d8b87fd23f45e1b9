import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Fault, type Place } from '../../src/base/fault.ts';
import { showFault, showFaults } from '../../src/cli/show-fault.ts';

const plain = { color: false, width: 80, cwd: '/home/pat/app' };
const place: Place = { file: '/home/pat/app/checks/api.yaml', line: 4, column: 3, length: 9, source: '  intervall: 30s' };
const unknownKey = new Fault('config/unknown-key', 'unknown key "intervall"', { hint: 'did you mean "interval"?', place });

/** A fault whose mark is the one `[…]` in `source`. */
function faultIn(source: string, line = 1): Fault {
  const start = source.indexOf('[');
  const end = source.indexOf(']') - 1;
  return new Fault('config/bad-value', 'wrong', {
    place: { file: 'a.yaml', line, column: start + 1, length: end - start, source: source.replace('[', '').replace(']', '') },
  });
}

/** What the caret line marks in the line above it, both as a terminal shows them. */
function shownLines(fault: Fault, width = 80): readonly string[] {
  return showFault(fault, { ...plain, width })
    .split('\n')
    .slice(2);
}

describe('a fault', () => {
  test('is shown with its message, code, place, line, caret and hint', () => {
    expect(showFault(unknownKey, plain)).toBe(
      [
        'error: unknown key "intervall" (config/unknown-key)',
        '  --> checks/api.yaml:4:3',
        '4 |   intervall: 30s',
        '  |   ^^^^^^^^^ did you mean "interval"?',
      ].join('\n'),
    );
  });

  test('without a hint ends with the caret', () => {
    expect(
      showFault(new Fault('config/bad-value', 'wrong', { place }), plain)
        .split('\n')
        .at(-1),
    ).toBe('  |   ^^^^^^^^^');
  });

  test('without a place is shown with its hint below', () => {
    const fault = new Fault('stack/unreachable', 'Prometheus cannot be reached', { hint: 'is it running?' });
    expect(showFault(fault, plain)).toBe('error: Prometheus cannot be reached (stack/unreachable)\n  is it running?');
    expect(showFault(new Fault('stack/unreachable', 'Prometheus cannot be reached'), plain)).toBe(
      'error: Prometheus cannot be reached (stack/unreachable)',
    );
  });

  test('puts a hint that does not fit beside the caret below it', () => {
    const hint = `set it with: export PROMETHEUS_URL=…, or under "variables" in gates/accubooks/gate.yaml`;
    expect(
      showFault(new Fault('config/missing-variable', 'missing', { hint, place }), plain)
        .split('\n')
        .slice(3),
    ).toEqual(['  |   ^^^^^^^^^', '    set it with: export PROMETHEUS_URL=…, or under "variables" in', '    gates/accubooks/gate.yaml']);
  });

  test('keeps the gutter as wide as the line number', () => {
    expect(shownLines(faultIn('a: [b]', 1234))).toEqual(['1234 | a: b', '     |    ^']);
  });

  test('shows paths from the working directory, outside of it too', () => {
    const at = (file: string) => showFault(new Fault('config/bad-value', 'wrong', { place: { ...place, file } }), plain).split('\n')[1];
    expect(at('gates/gate.yaml')).toBe('  --> gates/gate.yaml:4:3');
    expect(at('/home/pat/other/gate.yaml')).toBe('  --> ../other/gate.yaml:4:3');
  });

  test('shows neither its stack nor its cause', () => {
    const fault = new Fault('config/invalid-yaml', 'wrong', { place, cause: new Error('the cause') });
    expect(showFault(fault, plain)).not.toMatch(/the cause|\.ts:|\bat /);
  });

  test('says the same in colours as without', () => {
    const colored = showFault(unknownKey, { ...plain, color: true });
    expect(colored).toContain('\u001B[');
    expect(stripVTControlCharacters(colored)).toBe(showFault(unknownKey, plain));
  });
});

describe('several faults', () => {
  test('end with their number', () => {
    expect(showFaults([unknownKey, unknownKey], plain)).toBe(
      `${showFault(unknownKey, plain)}\n\n${showFault(unknownKey, plain)}\n\n2 errors`,
    );
  });

  test('of which there is only one are not counted', () => {
    expect(showFaults([unknownKey], plain)).toBe(showFault(unknownKey, plain));
  });
});

describe('the caret', () => {
  test('stands under what it marks behind tabs and wide characters', () => {
    expect(shownLines(faultIn('\ta: [b]'))).toEqual(['1 |  a: b', '  |     ^']);
    expect(shownLines(faultIn('名前: [b]'))).toEqual(['1 | 名前: b', '  |       ^']);
    expect(shownLines(faultIn('😀: [👩‍🚀]'))).toEqual(['1 | 😀: 👩‍🚀', '  |     ^^']);
  });

  test('is there even at the end of a line and in an empty file', () => {
    const at = (source: string, column: number) =>
      shownLines(new Fault('config/bad-value', 'wrong', { place: { file: 'a', line: 1, column, length: 1, source } }));
    expect(at('a:', 3)).toEqual(['1 | a:', '  |   ^']);
    expect(at('', 1)).toEqual(['1 |', '  | ^']);
  });

  test.each([
    ['at the start', '[key]: ', 'x', '1 | key: x', '  | ^^^'],
    ['in the middle', `${'k'.repeat(200)}: [value], `, 'x', `1 | …${'k'.repeat(23)}: value, x`, `  | ${' '.repeat(26)}^^^^^`],
    ['of the whole line', '[', 'x', '1 | x', '  | ^'],
  ])('%s of a long line is in what is shown of it', (_, head, filler, lineStart, caretStart) => {
    const source = head.includes(']') ? head + filler.repeat(500) : `${head}${filler.repeat(500)}]`;
    const [line = '', caret = ''] = shownLines(faultIn(source));
    expect(line.startsWith(lineStart)).toBe(true);
    expect(caret.startsWith(caretStart)).toBe(true);
    expect(line.length).toBeGreaterThan(78);
    expect(line.length).toBeLessThanOrEqual(80);
    expect(line.endsWith('…')).toBe(true);
    expect(caret.length).toBeLessThanOrEqual(line.length);
  });

  test('is found at once in a line of a million characters', () => {
    const [line, caret] = shownLines(faultIn(`${'x'.repeat(500_000)}[y]${'z'.repeat(500_000)}`));
    expect(line).toMatch(/^1 \| …x{25}yz+…$/);
    expect(caret).toBe(`  | ${' '.repeat(26)}^`);
  });

  test('and the line never exceed 80 columns, nor the terminal', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 300 }),
        fc.nat(320),
        fc.integer({ min: 1, max: 300 }),
        fc.integer({ min: 24, max: 200 }),
        (text, at, length, width) => {
          const source = text.replaceAll('\n', ' ');
          const column = Math.min(at, source.length) + 1;
          const fault = new Fault('config/bad-value', 'wrong', { place: { file: 'a.yaml', line: 7, column, length, source } });
          const [line = '', caret = ''] = shownLines(fault, width);
          expect(line.length).toBeLessThanOrEqual(Math.min(width, 84));
          expect(caret.length).toBeLessThanOrEqual(Math.min(width + 1, 85));
          expect(caret).toMatch(/^ {2}\| *\^+$/);
        },
      ),
    );
  });
});

test('what stands in a file cannot steer the terminal', () => {
  const steering = 'a\u001B[2Jb\u0007c\u009Bd\u202Ee';
  const fault = new Fault('config/bad-value', `not "${steering}"`, {
    hint: `did you mean "${steering}"?`,
    place: { ...place, file: `/home/pat/app/${steering}.yaml`, source: steering, column: 1, length: 3 },
  });
  expect(showFault(fault, plain).replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u202E]/u);
});
