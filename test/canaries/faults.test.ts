import { describe, expect, it, vi } from 'vitest';
import type { z } from 'zod';
import { channels } from '../../src/channels/index.ts';
import { showFaults } from '../../src/cli/show-fault.ts';
import { loadGate } from '../../src/config/load-gate.ts';
import { gateFile } from '../../src/config/schema.ts';
import { probes } from '../../src/probes/index.ts';
import { proofs } from '../../src/proofs/index.ts';
import { filesFrom } from '../config/sample.ts';
import { jsonSchemaOf, schemasIn } from '../contract/any-value.ts';
import { createLeakFinder } from './canary.ts';
import { everyField, type EveryField } from './every-field.ts';

// Hundreds of gates are loaded.
vi.setConfig({ testTimeout: 60_000 });

const kinds = { proofs, channels, probes };
const nowhere = { url: 'http://127.0.0.1:9', smtpPort: 9, imapPort: 9 };

async function faultsOf({ files }: Pick<EveryField, 'files'>, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const loaded = await loadGate({ file: 'gate.yaml', env, kinds, files: filesFrom(files) });
  return loaded.ok ? '' : showFaults(loaded.faults, { color: false, width: 10_000 });
}

/** What a slip of the hand makes of a line. */
const slips: Readonly<Record<string, (line: string) => string>> = {
  'a quote at the end': (line) => `${line}'`,
  'a double quote at the end': (line) => `${line}"`,
  'a second colon': (line) => `${line}: more`,
  'a bracket at the end': (line) => `${line} ]`,
  'no space after the colon': (line) => line.replace(/: (?=\S)/, ':'),
  'no colon': (line) => line.replace(':', ''),
  'one quote too few': (line) => line.replace(/(['"])([^'"]*)$/, '$2'),
  'one space more': (line) => ` ${line}`,
  'a tab': (line) => `\t${line}`,
  'a letter of the key missing': (line) => line.replace(/(\w)\w(\w*): /, '$1$2: '),
  'a letter of every key doubled': (line) => line.replaceAll(/(\w)(\w*): /g, '$1$1$2: '),
  'a brace missing': (line) => line.replace('}', ''),
  'an anchor that is not there': (line) => line.replace(/: (?=\S)/, ': *'),
  'a tag': (line) => line.replace(/: (?=\S)/, ': !x '),
  'a block where text should be': (line) => line.replace(/: (?=\S)/, ': |\n'),
  'a folded text': (line) => line.replace(/^( *)(.*?): (?=\S)/, '$1$2: >-\n$1  '),
  'a list where text should be': (line) => line.replace(/: (\S.*)$/, ': [$1]'),
  'a map where text should be': (line) => line.replace(/: (\S.*)$/, ': { x: $1 }'),
  'the line twice': (line) => `${line}\n${line}`,
  'a comma too many': (line) => `${line},`,
};

describe('a gate file with a secret in every field and a slip in one line', () => {
  it.each([true, false])('loads as it is (quoted: %s)', async (quoted) => {
    expect(await faultsOf(everyField(nowhere, quoted))).toBe('');
  });

  it.each(Object.entries(slips))('shows none of them: %s', async (_, slip) => {
    const leaks: string[] = [];
    let refused = 0;
    for (const quoted of [true, false]) {
      const { canaries, files } = everyField(nowhere, quoted);
      const find = createLeakFinder(canaries);
      for (const [name, text] of Object.entries(files).filter(([file]) => file.endsWith('.yaml'))) {
        const lines = text.split('\n');
        for (const [index, line] of lines.entries()) {
          // Every other line with hard secrets, the rest with plain ones: it is the form of the line that counts.
          if (index % 2 === Number(quoted) || slip(line) === line || find('', line).length === 0) continue;
          const said = await faultsOf({ files: { ...files, [name]: lines.with(index, slip(line)).join('\n') } });
          if (said !== '') refused += 1;
          leaks.push(...find(`${name}:${String(index + 1)}`, said));
        }
      }
    }
    expect(refused).toBeGreaterThan(0);
    expect(leaks).toEqual([]);
  });
});

it('a secret in the wrong field is not shown', async () => {
  const { canaries, files } = everyField(nowhere, true);
  const leaks: string[] = [];
  const find = createLeakFinder(canaries);
  const [secret] = canaries.filter(({ name }) => name === 'token of slack');
  const gate = files['gate.yaml'] ?? '';
  for (const match of gate.matchAll(/: (Bearer \S+|[^\s{},]+)/g)) {
    const wrong = `${gate.slice(0, match.index)}: '\${SLACK_TOKEN}'${gate.slice(match.index + match[0].length)}`;
    leaks.push(...find(match[0], await faultsOf({ files: { ...files, 'gate.yaml': wrong } }, { SLACK_TOKEN: secret?.value ?? '' })));
  }
  expect(leaks).toEqual([]);
});

it('every field that a schema calls secret has a canary', () => {
  const { files, canaries } = everyField(nowhere, false);
  const text = Object.values(files).join('\n');
  const all: readonly z.ZodType[] = [
    gateFile,
    ...[...channels.values(), ...probes.values()].map(({ options }) => options),
    ...[...proofs.values()].map(({ requirement }) => requirement),
  ];
  const fields = all
    .flatMap((schema) => schemasIn(jsonSchemaOf(schema, 'input')))
    .flatMap(({ properties }) => Object.entries(properties ?? {}));
  const secrets = new Set(fields.filter(([, schema]) => schemasIn(schema)[0]?.['secret'] === true).map(([name]) => name));
  expect(secrets.size).toBeGreaterThan(4);
  for (const name of secrets) expect(text, name).toMatch(new RegExp(`\\b${name}: `));
  expect(new Set(canaries.map(({ name }) => name)).size).toBe(canaries.length);
});
