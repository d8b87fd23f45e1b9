import { shortened } from '../base/shortened.ts';
import { Fault, type Place } from '../base/fault.ts';
import { closest } from '../base/closest.ts';
import { looksSecret } from './looks-secret.ts';
import { mapScalars, placeOfNode, type ConfigNode, type ScalarNode } from './node.ts';
import { placeAt } from './source-file.ts';

export interface VariablesOptions {
  /** The process environment. It comes first, so that a pipeline needs no file of its own; an empty variable counts as not set. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** What the files declare under `variables`, the environment file's before the gate's. */
  readonly declared: ReadonlyMap<string, ConfigNode>;
  /** The file that a hint tells people to declare a variable in. */
  readonly declaredIn: string;
}

/** `${NAME}` and `${NAME:-default}` in text; `$${` stands for the characters `${`. */
export interface Variables {
  /** The node with every variable in its texts replaced. What goes wrong is added to `faults`, standing at the very `${`. */
  interpolate(node: ConfigNode, faults: Fault[]): ConfigNode;
  /** The value that the process environment gives a variable; undefined when it gives none. */
  fromProcess(name: string): string | undefined;
  /** Values of variables whose names look secret, as far as they have been seen. */
  secrets(): readonly string[];
}

interface Replaced {
  readonly text: string;
  /** False when something in it could not be replaced. */
  readonly whole: boolean;
}

/** Up to the closing brace, or to the end of the line when there is none. */
const reference = /\$\$\{|\$\{([^}\n]*)(\}?)/g;
const wellFormed = /^([A-Za-z_]\w*)(?::-(.*))?$/;

export function createVariables({ env, declared, declaredIn }: VariablesOptions): Variables {
  const secrets = new Set<string>();
  /** `undefined` while a declared variable's own value is being worked out. */
  const known = new Map<string, Replaced | undefined>();

  const remember = (name: string, value: string): void => {
    if (value !== '' && looksSecret(name)) secrets.add(value);
  };
  const fromProcess = (name: string): string | undefined => {
    const value = Object.hasOwn(env, name) ? env[name] : undefined;
    return value === '' ? undefined : value;
  };
  for (const [name, node] of declared) if (node.type === 'scalar' && !declaredText(node).includes('${')) remember(name, declaredText(node));

  const fromFiles = (name: string, chain: readonly string[], faults: Fault[]): Replaced | undefined => {
    const node = declared.get(name);
    if (node?.type !== 'scalar') return undefined;
    if (!known.has(name)) {
      known.set(name, undefined);
      known.set(name, replaceIn(declaredText(node), node, [...chain, name], faults));
    }
    const replaced = known.get(name);
    if (replaced !== undefined) return replaced;
    const circle = [...chain.slice(chain.indexOf(name)), name].join(' → ');
    faults.push(new Fault('config/cycle', `variables go round in a circle: ${circle}`, { place: placeOfNode(node) }));
    return { text: '', whole: false };
  };

  const lookUp = (name: string, otherwise: string | undefined, chain: readonly string[], faults: Fault[]): Replaced | undefined => {
    const given = fromProcess(name);
    const found = given === undefined ? fromFiles(name, chain, faults) : { text: given, whole: true };
    if (otherwise !== undefined) remember(name, otherwise);
    if (found !== undefined) remember(name, found.text);
    // As in a shell: a default also stands in for an empty value.
    const isEmpty = found === undefined || (found.whole && found.text === '');
    return isEmpty && otherwise !== undefined ? { text: otherwise, whole: true } : found;
  };

  const replaceIn = (text: string, node: ScalarNode, chain: readonly string[], faults: Fault[]): Replaced => {
    let whole = true;
    const replaced = text.replace(reference, (written: string, inner: string | undefined, end: string, offset: number) => {
      if (inner === undefined) return '${';
      const place = (): Place => placeOfReference(node, text.slice(0, offset).split('${').length - 1, written.length);
      const [, name, otherwise] = (end === '' || inner.includes('${') ? null : wellFormed.exec(inner)) ?? [];
      const found = name === undefined ? undefined : lookUp(name, otherwise, chain, faults);
      if (name === undefined) faults.push(malformed(written, place()));
      else if (found === undefined) faults.push(missing(name, place()));
      whole &&= found?.whole === true;
      return found?.text ?? '';
    });
    return { text: replaced, whole };
  };

  const malformed = (written: string, place: Place): Fault => {
    const hint = 'write ${NAME} or ${NAME:-default}; for the characters themselves write $${';
    const start = shortened(written, 40);
    return new Fault('config/bad-value', `"${start}" is not a variable`, { hint, place });
  };

  const missing = (name: string, place: Place): Fault => {
    const near = closest(name, declared.keys());
    const how = `set it with: export ${name}=…, or under "variables" in ${declaredIn}`;
    const hint = near === undefined ? how : `did you mean "${near}"? If not, ${how}`;
    return new Fault('config/missing-variable', `the variable "${name}" is not set`, { hint, place });
  };

  return {
    interpolate: (root, faults) =>
      mapScalars(root, (node) => {
        if (typeof node.value !== 'string' || !node.value.includes('${')) return node;
        const { text, whole } = replaceIn(node.value, node, [], faults);
        return { ...node, value: text, fromVariable: true, ...(whole ? {} : { unresolved: true }) };
      }),
    fromProcess,
    secrets: () => [...secrets],
  };
}

/** A declared value as the file spells it: `VERSION: 1.10` means 1.10 and not 1.1. */
function declaredText(node: ScalarNode): string {
  return typeof node.value === 'string' ? node.value : node.written;
}

/** Where the text's `index`-th `${` stands in the file, whatever quotes, escapes and line folds are around it. */
function placeOfReference(node: ScalarNode, index: number, length: number): Place {
  const { file, span } = node;
  let at = file.text.indexOf('${', span.start);
  for (let skipped = 0; skipped < index && at !== -1; skipped += 1) at = file.text.indexOf('${', at + 2);
  return at === -1 || at >= span.end ? placeOfNode(node) : placeAt(file, { start: at, end: at + length });
}
