import { posix } from 'node:path';
import { parseAst } from 'vitest/node';

/** One import of one file, in whatever form it is written. */
export interface Import {
  readonly file: string;
  /** Counts from 1. */
  readonly line: number;
  /** A path from the root for a file of ours, otherwise the package's name or `node:…`. */
  readonly target: string;
  readonly ours: boolean;
  /** Gone when the program runs. */
  readonly typeOnly: boolean;
  /** `import('…')`: loaded only when it is reached. */
  readonly dynamic: boolean;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly source?: { readonly type: string; readonly value?: unknown } | null;
  readonly importKind?: string;
  readonly exportKind?: string;
}

const forms = ['ImportDeclaration', 'ExportNamedDeclaration', 'ExportAllDeclaration', 'ImportExpression', 'TSImportType'];

/** Every import in `source`, found by a parser; one whose target is computed when the program runs is left out. */
export function importsOf(file: string, source: string): readonly Import[] {
  const found: Import[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(visit);
    if (typeof value !== 'object' || value === null) return;
    if (isImport(value) && typeof value.source?.value === 'string') {
      found.push({
        file,
        line: source.slice(0, value.start).split('\n').length,
        ...resolve(file, value.source.value),
        typeOnly: value.type === 'TSImportType' || value.importKind === 'type' || value.exportKind === 'type',
        dynamic: value.type === 'ImportExpression',
      });
    }
    Object.values(value).forEach(visit);
  };
  // The successor is exported only by vite, which is not a dependency of ours.
  // oxlint-disable-next-line typescript/no-deprecated
  visit(parseAst(source, { lang: file.endsWith('.ts') ? 'ts' : 'js' }).body);
  return found;
}

function isImport(value: object): value is Node {
  return 'type' in value && forms.some((form) => form === value.type);
}

function resolve(file: string, specifier: string): Pick<Import, 'target' | 'ours'> {
  if (specifier.startsWith('.')) return { target: posix.join(posix.dirname(file), specifier), ours: true };
  return { target: specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/'), ours: false };
}
