import { Fault } from '../../../base/fault.ts';
import { channels } from '../../../channels/index.ts';
import { jsonSchemaOf, schemaParts } from '../../../config/json-schema.ts';
import { probes } from '../../../probes/index.ts';
import { proofs } from '../../../proofs/index.ts';
import type { Io } from '../../io.ts';
import { writeGenerated, type WriteGeneratedOptions } from './write-generated.ts';

export interface GenerateSchemaOptions extends WriteGeneratedOptions {
  /** Which of a gate's files it describes. */
  readonly of: string;
}

/** Writes the JSON Schema of gate files. Resolves with the exit code. */
export async function generateSchemaCommand(options: GenerateSchemaOptions, io: Io): Promise<number> {
  const part = schemaParts.find((each) => each === options.of);
  if (part === undefined) {
    throw new Fault('usage/bad-argument', `there is no schema of "${options.of}"`, { hint: `--of is one of ${schemaParts.join(', ')}` });
  }
  const text = `${JSON.stringify(jsonSchemaOf(part, { proofs, channels, probes }), null, 2)}\n`;
  return writeGenerated({ text }, options, io);
}
