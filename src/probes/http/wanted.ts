import { rememberingEach } from '../../base/remembering.ts';

/** What assertions name of one step beyond what is recorded anyway. */
export interface Wanted {
  /** In small letters. */
  readonly headers: readonly string[];
  readonly paths: readonly string[];
  readonly body: boolean;
}

const nothing: Wanted = { headers: [], paths: [], body: false };

/** Of the readings that assertions name, those of one step: `sign in: header date`, or of the last one without its name. */
export function wantedOf(readings: readonly string[] | undefined, name: string | undefined, isLast: boolean): Wanted {
  if (readings === undefined || readings.length === 0) return nothing;
  const known = knownOf(readings);
  const key = `${isLast ? 'last' : 'any'} ${name ?? ''}`;
  const wanted = known.get(key) ?? wantedAnew(readings, name, isLast);
  known.set(key, wanted);
  return wanted;
}

/** The assertions of a check are the same in each of its runs. */
const knownOf = rememberingEach((_readings: readonly string[]) => new Map<string, Wanted>());

function wantedAnew(readings: readonly string[], name: string | undefined, isLast: boolean): Wanted {
  const own = readings.flatMap((reading) => {
    if (name !== undefined && reading.startsWith(`${name}: `)) return [reading.slice(name.length + 2)];
    return isLast ? [reading] : [];
  });
  return {
    headers: own.flatMap((reading) => /^header (\S+)$/.exec(reading)?.[1]?.toLowerCase() ?? []),
    paths: own.flatMap((reading) => /^json (\S+)$/.exec(reading)?.[1] ?? []),
    body: own.includes('body'),
  };
}
