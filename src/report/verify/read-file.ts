import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { Sha256 } from '../../base/digest.ts';

/** A file's bytes, and their digest. */
export interface KeptFile {
  readonly bytes: Uint8Array;
  readonly sha256: Sha256;
}

/** A file of a folder, in memory of our own. */
export interface ReadFile extends KeptFile {
  readonly bytes: Buffer;
}

/** Larger files are refused unread: nothing that a gate records comes near it. */
const maxBytes = 256 * 1024 * 1024;

/**
 * Reads a file of a folder that a stranger may have filled. Returns why not, to follow its name (`is missing`).
 * Neither a link, nor a pipe that never ends, nor a device is opened.
 */
export function readRegularFile(path: string, leftBytes = maxBytes): ReadFile | string {
  let file: number;
  try {
    // A report has hundreds of small files: waiting four times for each of them would take longer than reading them.
    file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (error) {
    return troubles[(error as NodeJS.ErrnoException).code ?? ''] ?? `cannot be read (${(error as Error).message})`;
  }
  try {
    const stat = fstatSync(file);
    if (!stat.isFile()) return 'is not a regular file';
    if (stat.size > maxBytes) return `is larger than ${String(maxBytes)} bytes, which no file of a report is`;
    if (stat.size > leftBytes) return 'was not read: the folder is larger than any report';
    const bytes = readFileSync(file);
    return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
  } finally {
    closeSync(file);
  }
}

const troubles: Readonly<Record<string, string>> = {
  ENOENT: 'is missing',
  ELOOP: 'is a symbolic link',
  EISDIR: 'is a folder',
  ENXIO: 'is not a regular file',
  EACCES: 'cannot be read: permission denied',
};

/** As text, or undefined when it is not UTF-8. */
export function utf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** As JSON, or undefined when it is not. */
export function json(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8(bytes) ?? '');
  } catch {
    return undefined;
  }
}
