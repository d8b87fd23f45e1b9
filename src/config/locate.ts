import { isScalar, parseAllDocuments, type Document, type Node } from 'yaml';
import { Fault } from '../base/fault.ts';
import { buildNodes } from './build-nodes.ts';
import type { ConfigNode } from './node.ts';
import { placeAt, sourceFile, type SourceFile, type Span } from './source-file.ts';
import { invalidYaml, yamlFault } from './yaml-fault.ts';

export type Located = { readonly ok: true; readonly root: ConfigNode } | { readonly ok: false; readonly faults: readonly Fault[] };

/** Configuration is written by hand: what is larger is no configuration, and would take long to parse. */
const mostCharacters = 1024 * 1024;

/** Reads YAML into nodes that know where they stand. Never throws: whatever the text is, it is a document or faults. */
export function locate(path: string, text: string): Located {
  const file = sourceFile(path, text);
  if (file.text.length > mostCharacters) return refused(file, { start: 0, end: 0 }, 'this file is larger than 1 MiB');
  let documents: readonly Document.Parsed[];
  try {
    const options = { prettyErrors: false, uniqueKeys: false, merge: false, schema: 'core', logLevel: 'silent' } as const;
    documents = [...parseAllDocuments(file.text, options)] as Document.Parsed[];
  } catch (cause) {
    return {
      ok: false,
      faults: [new Fault('config/invalid-yaml', 'this file cannot be read as YAML', { place: placeAt(file, { start: 0, end: 0 }), cause })],
    };
  }
  const [document, second] = documents;
  // Only the first: what the parser says after it has lost its way misleads.
  const error = documents.flatMap(({ errors }) => errors)[0];
  if (error !== undefined) return { ok: false, faults: [yamlFault(file, error)] };
  if (second !== undefined) {
    const start = Math.max(document?.range[1] ?? 0, file.text.lastIndexOf('---', second.range[0]));
    return refused(file, { start, end: start + 3 }, 'a second document starts here', 'put one document in each file');
  }
  const contents = document?.contents ?? undefined;
  if (contents === undefined || isBlank(contents)) return refused(file, { start: 0, end: 0 }, 'this file is empty');
  const faults: Fault[] = [];
  const root = buildNodes(contents, file, faults);
  return faults.length > 0 ? { ok: false, faults } : { ok: true, root };
}

function refused(file: SourceFile, span: Span, message: string, hint?: string): Located {
  return { ok: false, faults: [invalidYaml(file, span, message, hint)] };
}

function isBlank(node: Node): boolean {
  return isScalar(node) && node.value === null && (node.source ?? '') === '' && node.anchor === undefined;
}
