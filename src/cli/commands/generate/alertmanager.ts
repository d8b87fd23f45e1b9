import { channels } from '../../../channels/index.ts';
import { alertmanagerConfig } from '../../../generate/alertmanager.ts';
import { proofs } from '../../../proofs/index.ts';
import type { Io } from '../../io.ts';
import { loadForCommand } from '../load.ts';
import { writeGenerated, type WriteGeneratedOptions } from './write-generated.ts';

export interface GenerateAlertmanagerOptions extends WriteGeneratedOptions {
  readonly file: string;
  readonly env?: string | undefined;
  /** Where Alertmanager will find its secrets. */
  readonly secrets: string;
}

/** Writes the routes and receivers that a gate asks for. Resolves with the exit code. */
export async function generateAlertmanagerCommand(options: GenerateAlertmanagerOptions, io: Io): Promise<number> {
  const loaded = await loadForCommand(options.file, options.env, io);
  if (typeof loaded === 'number') return loaded;
  const { gate, secrets, placeOf } = loaded;
  return writeGenerated(alertmanagerConfig({ gate, proofs, channels, secrets, placeOf, secretsFolder: options.secrets }), options, io);
}
