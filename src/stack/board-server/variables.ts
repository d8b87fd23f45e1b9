import type { VariableAnswer } from './answers.ts';
import { findDataSource, type DataSource, type DataSources } from './data-sources.ts';
import { allValues, interpolate, type Variables } from './interpolate.ts';

/** What keeps a dashboard's variable from having a value. */
export interface Unresolved {
  readonly variable: string;
  readonly says: string;
}

/** Asks a data source for the values of a label, of the series that match. */
export type AskLabelValues = (source: DataSource, label: string, match: string | undefined) => Promise<readonly string[] | undefined>;

/** Gives every variable of a dashboard the value that its page would open with. Later ones may use earlier ones. */
export async function resolveVariables(
  list: readonly VariableAnswer[],
  sources: DataSources | undefined,
  ask: AskLabelValues,
): Promise<{ readonly variables: Variables; readonly unresolved: readonly Unresolved[] }> {
  const values = new Map<string, readonly string[]>();
  const variables: Variables = { values, declared: new Map(list.map((variable) => [variable.name, variable])) };
  const unresolved: Unresolved[] = [];
  for (const variable of list) {
    const found = await valuesOf(variable, sources, variables, ask);
    if (typeof found === 'string') unresolved.push({ variable: variable.name, says: found });
    else values.set(variable.name, found);
  }
  return { variables, unresolved };
}

/** Its values, or why it has none. */
async function valuesOf(
  variable: VariableAnswer,
  sources: DataSources | undefined,
  variables: Variables,
  ask: AskLabelValues,
): Promise<readonly string[] | string> {
  const current = textsOf(variable.current?.value);
  const query = queryTextOf(variable.query);
  if (variable.type === 'constant') return [query];
  if (variable.type === 'datasource') {
    const named = findDataSource(current[0] ?? '', sources, variables);
    const found = named?.type === query ? named : sources?.all.find(({ type }) => type === query);
    return found === undefined ? `there is no data source of the type ${query}` : [found.uid];
  }
  if (variable.type === 'query') {
    const options = await optionsOf(query, variable, sources, variables, ask);
    if (typeof options === 'string') return options;
    const kept = current.filter((value) => value === allValues || options.includes(value));
    if (kept.length > 0) return kept;
    return options.length > 0 ? options.slice(0, 1) : `${query} gives no values`;
  }
  if (!['custom', 'interval', 'textbox'].includes(variable.type)) return `liveproof does not know variables of the type ${variable.type}`;
  if (current.length > 0 && current[0] !== '$__auto_interval_' + variable.name) return current;
  const [first = ''] = query.split(',').map((each) => each.trim());
  return [/^(?:.* : )?(.*)$/.exec(first)?.[1] ?? first];
}

async function optionsOf(
  query: string,
  { datasource, regex }: VariableAnswer,
  sources: DataSources | undefined,
  variables: Variables,
  ask: AskLabelValues,
): Promise<readonly string[] | string> {
  const [, metric, label] = /^\s*label_values\((?:(.+),)?\s*(\w+)\s*\)\s*$/s.exec(interpolate(query, variables)) ?? [];
  if (label === undefined) return `liveproof does not know how to ask ${query}`;
  const source = findDataSource(datasource, sources, variables);
  if (source === undefined) return `its data source "${datasource}" is not there`;
  const found = await ask(source, label, metric?.trim());
  if (found === undefined) return `its data source "${source.name}" does not answer ${query}`;
  if (regex === undefined || regex === null || regex === '') return found;
  try {
    const [, pattern = regex, flags = ''] = /^\/(.*)\/([gimsu]*)$/s.exec(regex) ?? [];
    const expression = new RegExp(pattern, flags.replace('g', ''));
    return found.flatMap((value) => {
      const match = expression.exec(value);
      return match === null ? [] : [match[1] ?? match[0]];
    });
  } catch {
    return `its regular expression ${regex} is none`;
  }
}

function queryTextOf(query: unknown): string {
  const text = typeof query === 'object' && query !== null && 'query' in query ? query.query : query;
  return typeof text === 'string' ? text : '';
}

function textsOf(value: unknown): readonly string[] {
  return (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string' && each !== '');
}
