import { interpolate, type Variables } from './interpolate.ts';

export interface DataSource {
  readonly uid: string;
  readonly name: string;
  readonly type: string;
}

/** What a server says of its data sources; undefined where it has nothing to say, as liveproof's own. */
export interface DataSources {
  readonly all: readonly DataSource[];
  readonly defaultName: string;
}

export const mixed = '-- Mixed --';

/**
 * The data source that a dashboard names: by uid, by name, through a variable (`${DS_PROMETHEUS}`), or the default one by not naming any.
 * Undefined when there is no such one.
 */
export function findDataSource(ref: string, sources: DataSources | undefined, variables: Variables): DataSource | undefined {
  const wanted = interpolate(ref, variables);
  if (sources === undefined) return { uid: wanted, name: wanted, type: 'prometheus' };
  if (wanted === '' || wanted === 'default') return sources.all.find(({ name }) => name === sources.defaultName);
  return sources.all.find(({ uid }) => uid === wanted) ?? sources.all.find(({ name }) => name === wanted);
}
