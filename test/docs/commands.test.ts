import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { CommanderError } from 'commander';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { exitCodes } from '../../src/cli/exit-code.ts';
import { blocksOf, root } from './blocks.ts';
import { definition } from './definition.ts';

const inDocs = await readdir(path.join(root, 'docs'), { recursive: true });
const pages = ['README.md', ...inDocs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];

/** Why the program would refuse such a line; undefined when it would not. */
async function refusal(words: readonly string[]): Promise<string | undefined> {
  try {
    await definition().parseAsync(words, { from: 'user' });
    return undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? undefined : error.message;
    throw error;
  }
}

interface Written {
  readonly where: string;
  readonly words: readonly string[];
}

const called = /(?:npx liveproof|npm run -s liveproof --|^liveproof|^\$ liveproof)[ ]+(.*)/;

/** The words of a shell's line up to where the next command begins. */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/"(?:\$\([^)]*\)|[^"])*"|'[^']*'|[^\s'"]+/g) ?? [];
  const end = words.findIndex((word) => /^(?:[|;&]+|#|\d?>)/.test(word));
  return words.slice(0, end === -1 ? undefined : end).map((word) => word.replaceAll(/^["']|["']$/g, ''));
}

async function commandsOn(page: string): Promise<readonly Written[]> {
  const blocks = await blocksOf(page);
  return blocks.flatMap(({ text, line, language }) =>
    text
      .replaceAll(/\\\n\s*/g, '')
      .split('\n')
      .flatMap((each, index) => {
        const found = called.exec(each)?.[1];
        // In a Jenkinsfile the whole command stands in quotes.
        const command = language === 'groovy' ? found?.replace(/'$/, '') : found;
        return command === undefined ? [] : [{ where: `${page}:${String(line + 1 + index)}`, words: wordsOf(command) }];
      }),
  );
}

const commands = (await Promise.all(pages.map(commandsOn))).flat();

describe('the pages', () => {
  it('hold commands, among them those that matter', () => {
    expect(commands.length).toBeGreaterThan(15);
    const named = new Set(commands.map(({ words }) => words[0]));
    for (const name of ['gate', 'verify', 'keys', 'boards']) expect(named).toContain(name);
  });

  it('would be caught with a command, an option or an argument that the program does not take', async () => {
    expect(await refusal(['gat', 'gate.yaml'])).toMatch('unknown command');
    expect(await refusal(['gate', 'gate.yaml', '--no-such'])).toMatch('unknown option');
    expect(await refusal(['gate', 'gate.yaml', '--key'])).toMatch('argument missing');
    expect(await refusal(['verify'])).toMatch('missing required argument');
  });

  it.each(commands)('$where holds a command that the program takes: $words', async ({ words }) => {
    expect(await refusal(words)).toBeUndefined();
  });

  it('name no option in running text that the command does not have', async () => {
    for (const page of pages) {
      const text = (await readFile(path.join(root, page), 'utf8')).replaceAll(/^```[\s\S]*?^```$/gm, '');
      for (const [, name = '', rest = ''] of text.matchAll(/`liveproof ([a-z]+)([^`]*)`/g)) {
        const command = definition().commands.find((each) => each.name() === name);
        expect(command, `${page}: liveproof ${name}`).toBeDefined();
        for (const [option] of rest.matchAll(/--[a-z-]+/g)) {
          expect(
            command?.options.map(({ long }) => long),
            `${page}: liveproof ${name}${rest}`,
          ).toContain(option);
        }
      }
    }
  });

  it('hold YAML that can be read', async () => {
    for (const page of pages) {
      for (const { language, text, line } of await blocksOf(page)) {
        if (language !== 'yaml') continue;
        expect(
          parseAllDocuments(text).flatMap(({ errors }) => errors),
          `${page}:${String(line)}`,
        ).toEqual([]);
      }
    }
  });

  it('hold pipelines that keep the report whatever came out, and verify before they deploy', async () => {
    const pipelines = (await blocksOf('docs/ci.md')).filter(({ language }) => language === 'yaml' || language === 'groovy');
    for (const { text } of pipelines) {
      expect(text).not.toMatch(/\|\| true|continue-on-error/);
      if (text.includes('liveproof gate')) expect(text).toMatch(/always/);
      if (text.includes('deploy.sh')) expect(text.indexOf('liveproof verify')).toBeLessThan(text.indexOf('./deploy.sh'));
      if (text.includes('deploy.sh')) expect(text).toContain('liveproof verify');
    }
    expect(pipelines.length).toBeGreaterThan(4);
  });

  it('name every exit code that there is', async () => {
    for (const page of ['docs/ci.md', 'docs/reference/exit-codes.md']) {
      const text = await readFile(path.join(root, page), 'utf8');
      const named = [...text.matchAll(/^\| (\d+) +\|/gm)].map(([, code]) => Number(code));
      expect(named, page).toEqual(Object.values(exitCodes).toSorted((a, b) => a - b));
    }
  });

  it('lead nowhere that is not there', async () => {
    for (const page of pages) {
      const text = await readFile(path.join(root, page), 'utf8');
      for (const [, target = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)) {
        const there = path.join(root, path.dirname(page), target);
        expect(
          await readFile(there).then(
            () => true,
            (error: NodeJS.ErrnoException) => error.code === 'EISDIR',
          ),
          `${page} → ${target}`,
        ).toBe(true);
      }
    }
  });
});
