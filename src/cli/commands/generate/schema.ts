import { Fault } from '../../../base/fault.ts';
import { channels } from '../../../channels/index.ts';
import { jsonSchemaOf, schemaParts, type KnownNames } from '../../../config/json-schema.ts';
import type { Gate } from '../../../gate/gate.ts';
import { probes } from '../../../probes/index.ts';
import { proofs } from '../../../proofs/index.ts';
import type { Io } from '../../io.ts';
import { loadForCommand } from '../load.ts';
import { writeGenerated, type WriteGeneratedOptions } from './write-generated.ts';

export interface GenerateSchemaOptions extends WriteGeneratedOptions {
  /** A gate whose names are put into the schema. */
  readonly file?: string | undefined;
  readonly env?: string | undefined;
  /** Which file it describes. */
  readonly of: string;
}

/** Writes the JSON Schema of gate files. Resolves with the exit code. */
export async function generateSchemaCommand(options: GenerateSchemaOptions, io: Io): Promise<number> {
  const part = schemaParts.find((each) => each === options.of);
  if (part === undefined) {
    throw new Fault('usage/bad-argument', `there is no schema of "${options.of}"`, { hint: `--of is one of ${schemaParts.join(', ')}` });
  }
  const loaded = options.file === undefined ? undefined : await loadForCommand(options.file, options.env, io);
  if (typeof loaded === 'number') return loaded;
  const text = `${JSON.stringify(jsonSchemaOf(part, { proofs, channels, probes }, loaded && namesIn(loaded.gate)), null, 2)}\n`;
  return writeGenerated({ text }, options, io);
}

function namesIn({ items, channels: ways, checks, boards, people }: Gate): KnownNames {
  return {
    item: items.map(({ id }) => id),
    channel: ways.map(({ name }) => name),
    check: checks.map(({ name }) => name),
    board: boards.map(({ board }) => board),
    person: people.map(({ name }) => name),
  };
}
