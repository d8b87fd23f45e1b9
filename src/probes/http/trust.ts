import { readFile } from 'node:fs/promises';
import { createSecureContext, type SecureContext } from 'node:tls';
import { sha256 } from '../../base/digest.ts';
import { Fault } from '../../base/fault.ts';
import type { HttpOptions } from './options.ts';

/** Making one takes longer than a handshake: they are shared by all connections that trust the same. */
const contexts = new Map<string, SecureContext>();

/** Certificates are renewed while we run, and nobody says when the old ones are done with. */
const mostContexts = 100;

let wellKnown: SecureContext | undefined;

/** Trusts the well-known authorities, and shows no certificate of its own. */
export function wellKnownTrust(): SecureContext {
  return (wellKnown ??= createSecureContext());
}

/** Whom TLS connections trust, and who they say they are. Files are read each time: they are renewed while we run. */
export async function trustOf(tls: NonNullable<HttpOptions['tls']>): Promise<SecureContext> {
  const files = [tls.ca, tls.certificate, tls.key];
  const [ca, cert, key] = await Promise.all(files.map(read));
  const name = sha256(JSON.stringify([ca, cert, key]));
  const known = contexts.get(name);
  if (known !== undefined) return known;
  const context = contextOf({ ca, cert, key }, files);
  if (contexts.size >= mostContexts) contexts.delete(contexts.keys().next().value ?? '');
  contexts.set(name, context);
  return context;
}

async function read(file: string | undefined): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Fault('probe/cannot-run', `${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

function contextOf(pems: Record<'ca' | 'cert' | 'key', string | undefined>, files: readonly (string | undefined)[]): SecureContext {
  try {
    return createSecureContext(pems);
  } catch (error) {
    const names = files.filter((file) => file !== undefined).join(', ');
    throw new Fault('probe/cannot-run', `${names} cannot be used for TLS: ${(error as Error).message}`, { cause: error });
  }
}
