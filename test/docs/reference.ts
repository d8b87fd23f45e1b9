import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import type { z } from 'zod';
import { channels } from '../../src/channels/index.ts';
import { checkKeys } from '../../src/config/check-schema.ts';
import { describeKeys } from '../../src/config/describe-keys.ts';
import { projectFile } from '../../src/config/project-schema.ts';
import { gateFile, itemKeys } from '../../src/config/schema.ts';
import { probes } from '../../src/probes/index.ts';
import { proofs } from '../../src/proofs/index.ts';
import { root } from './blocks.ts';

const cell = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');

function table(schema: z.ZodType): string {
  const rows = describeKeys(schema).map(({ path: key, takes, required, otherwise, says = '' }) => {
    const need = required ? '**required**' : otherwise === undefined ? '' : `\`${otherwise.replaceAll('|', '\\|')}\``;
    return `| \`${key}\` | ${cell(takes)} | ${need} | ${cell(says)} |`;
  });
  return rows.length === 0
    ? 'It takes no keys of its own.'
    : ['| key | takes | otherwise | |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

const made = 'Made from the schemas by `npm run reference`; `liveproof kinds NAME` shows the same in the terminal.';

function page(title: string, intro: string, sections: readonly string[]): string {
  return [`# ${title}`, made, intro, ...sections].join('\n\n');
}

function kindSections(
  kinds: Iterable<{ readonly kind: string; readonly summary: string; readonly options: z.ZodType }>,
): readonly string[] {
  return [...kinds].map(({ kind, summary, options }) => [`## ${kind}`, cell(summary), table(options)].join('\n\n'));
}

/** The pages that are made from the schemas, as they have to stand in docs/reference. */
export async function referencePages(): Promise<Readonly<Record<string, string>>> {
  const proofSections = [...proofs.values()].map(({ kind, summary, ladder, defaultGrade, requirement }) => {
    const grades = ladder.map((grade) => (grade === defaultGrade ? `**${grade}**` : grade)).join(' &lt; ');
    return [`## ${kind}`, cell(summary), `Grades: ${grades}`, table(requirement)].join('\n\n');
  });
  const pages = {
    'proofs.md': page(
      'Proofs',
      'An item of a gate names its `proof` and, if another than the one in bold is wanted, its `grade`: how far it must be proven. The keys that every item has are on [the gate file](gate-file.md).',
      proofSections,
    ),
    'channels.md': page(
      'Channels',
      'A channel of a gate names its `kind`; the other keys are those of the kind.',
      kindSections(channels.values()),
    ),
    'checks.md': page(
      'Checks',
      'A check is a file of its own that a gate or a [project](project-file.md) lists under `checks`; [the guide](../checks.md) says more. It names its `probe`; beside the keys here it has those of the probe.',
      [table(checkKeys), ...kindSections(probes.values())],
    ),
    'project-file.md': page(
      'The project file',
      '`liveproof.yaml`: the checks that `liveproof check` and `liveproof watch` run, and what they need to do so. Text may hold `${NAME}` and `${NAME:-default}`.',
      [table(projectFile)],
    ),
    'gate-file.md': page(
      'The gate file',
      'Text may hold `${NAME}` and `${NAME:-default}`: variables of the process environment, of the environment file or of the gate.',
      [table(gateFile), '## Items', 'Every item has these keys, and those of its [proof](proofs.md).', table(itemKeys)],
    ),
  };
  const options = { ...(await resolveConfig(path.join(root, 'README.md'))), parser: 'markdown' } as const;
  return Object.fromEntries(
    await Promise.all(Object.entries(pages).map(async ([name, text]) => [name, await format(text, options)] as const)),
  );
}
