import { isAbsolute, relative, resolve } from 'node:path';
import type { Place } from '../base/fault.ts';

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  /** Where it stands; paths are relative to `folder`. */
  readonly place: Place | undefined;
  readonly title: string;
  readonly says: string;
}

export interface Checkout {
  /** The folder that the command runs in. */
  readonly folder: string;
  /** The top of the repository (GITHUB_WORKSPACE); the folder when it is not known. */
  readonly repository?: string | undefined;
}

/** A command of GitHub Actions that puts a note at a line of a file. No text can end it or begin another one. */
export function annotation({ level, place, title, says }: Annotation, checkout: Checkout): string {
  const where = place === undefined ? [] : [`file=${property(inRepository(place.file, checkout))}`, `line=${String(place.line)}`];
  return `::${level} ${[...where, `title=${property(title)}`].join(',')}::${data(says)}`;
}

function inRepository(file: string, { folder, repository = folder }: Checkout): string {
  const path = relative(repository, resolve(folder, file));
  return path.startsWith('..') || isAbsolute(path) ? file : path;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
