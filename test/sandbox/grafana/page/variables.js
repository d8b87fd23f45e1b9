/** @import { Dashboard, DataSourceRef, Target, Variable } from '../model.ts' */

/** @typedef {{ uid: string, name: string, type: string }} Source */
/** @typedef {{ readonly values: Map<string, readonly string[]>, readonly variables: ReadonlyMap<string, Variable> }} Resolved */

const all = '$__all';

/** @param {unknown} value */
const textOf = (value) => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '');

/** @param {unknown} value @returns {string[]} */
const listOf = (value) => (Array.isArray(value) ? value : [value]).map(textOf).filter((text) => text !== '');

/**
 * Grafana's rules: a variable of several values stands for a regular expression in a Prometheus query.
 * @param {string} text
 * @param {Resolved} resolved
 */
export function interpolate(text, { values, variables }) {
  return text.replaceAll(/\$(\w+)|\$\{(\w+)(?::\w+)?\}|\[\[(\w+)(?::\w+)?\]\]/g, (written, bare, braced, square) => {
    const name = bare ?? braced ?? square;
    const found = values.get(name);
    const variable = variables.get(name);
    if (found === undefined || variable === undefined) return written;
    const isMany = variable.multi === true || variable.includeAll === true;
    if (found.includes(all)) return variable.allValue ?? '.*';
    const escaped = isMany ? found.map((each) => each.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\\$&`)) : found;
    return escaped.length === 1 ? (escaped[0] ?? '') : `(${escaped.join('|')})`;
  });
}

/**
 * @param {DataSourceRef | string | null | undefined} ref
 * @param {readonly Source[]} sources
 * @param {string} defaultName
 * @param {Resolved} resolved
 * @returns {Source | undefined}
 */
export function sourceOf(ref, sources, defaultName, resolved) {
  const written = typeof ref === 'string' ? ref : ref?.uid;
  const wanted = written === undefined ? '' : interpolate(written, resolved);
  if (wanted === '' || wanted === 'default') return sources.find(({ name }) => name === defaultName);
  return sources.find(({ uid }) => uid === wanted) ?? sources.find(({ name }) => name === wanted);
}

/**
 * @param {Dashboard} dashboard
 * @param {readonly Source[]} sources
 * @param {string} defaultName
 * @param {(path: string) => Promise<{ data: readonly string[] }>} get
 * @returns {Promise<Resolved>}
 */
export async function resolveVariables({ templating }, sources, defaultName, get) {
  const list = templating?.list ?? [];
  /** @type {Resolved} */
  const resolved = { values: new Map(), variables: new Map(list.map((variable) => [variable.name, variable])) };
  for (const variable of list) {
    const current = listOf(variable.current?.value);
    if (variable.type === 'datasource') {
      const fitting = sources.filter(({ type }) => type === variable.query);
      const named = sourceOf(current[0] ?? '', sources, defaultName, resolved);
      const found = named !== undefined && fitting.includes(named) ? named : fitting[0];
      resolved.values.set(variable.name, found === undefined ? [] : [found.uid]);
    } else if (variable.type === 'query') {
      const options = await optionsOf(variable, sources, defaultName, resolved, get);
      const kept = current.filter((value) => value === all || options.includes(value));
      resolved.values.set(variable.name, kept.length > 0 ? kept : options.slice(0, 1));
    } else {
      const [first = ''] = textOf(variable.query).split(',');
      resolved.values.set(variable.name, variable.type === 'constant' ? [textOf(variable.query)] : current.length > 0 ? current : [first]);
    }
  }
  return resolved;
}

/**
 * @param {Variable} variable
 * @param {readonly Source[]} sources
 * @param {string} defaultName
 * @param {Resolved} resolved
 * @param {(path: string) => Promise<{ data: readonly string[] }>} get
 */
async function optionsOf(variable, sources, defaultName, resolved, get) {
  const source = sourceOf(variable.datasource, sources, defaultName, resolved);
  const query = variable.query;
  const text = interpolate(textOf(typeof query === 'object' ? /** @type {{ query?: unknown }} */ (query ?? {}).query : query), resolved);
  const [, metric, label] = /^label_values\((?:(.+),)?\s*(\w+)\s*\)$/.exec(text) ?? [];
  if (source === undefined || label === undefined) return [];
  const match = metric === undefined ? '' : `?match[]=${encodeURIComponent(metric)}`;
  const { data } = await get(`/api/datasources/uid/${encodeURIComponent(source.uid)}/resources/api/v1/label/${label}/values${match}`);
  return variable.regex ? data.filter((value) => new RegExp(/^\/(.*)\/$/.exec(variable.regex ?? '')?.[1] ?? '').test(value)) : data;
}
