import { describeNetworkTrouble } from '../../check/network-trouble.ts';
import type { Outcome } from '../../check/outcome.ts';
import type { Reading, Readings } from '../../check/reading.ts';
import { isGood, type Attempt, type Entry, type IsolationObservation, type Seen } from './observation.ts';
import type { IsolationOptions, Route } from './options.ts';

/** A leak on any route fails. Without one, anything that could not be told is an error: only a refusal on every route passes. */
export function judgeIsolation(options: IsolationOptions, seen: IsolationObservation): Outcome {
  const { owner, intruder } = options;
  const outside =
    notIn(seen.owner, owner.name) ?? (seen.intruder === undefined ? `${intruder.name} never came` : notIn(seen.intruder, intruder.name));
  if (outside !== undefined) return { status: 'error', reasons: [outside] };
  const tried = options.routes.map((route, index) => ({ route, attempt: seen.routes[index] }));
  const leaks = tried.flatMap(({ route, attempt }) => (attempt === undefined ? [] : leaksOf(options, route, attempt)));
  const unknown = [
    ...tried.flatMap(({ route, attempt }) => unknownOf(options, route, attempt)),
    ...(seen.intruderAtEnd !== undefined && isGood(seen.intruderAtEnd)
      ? []
      : [`${intruder.name} was no longer signed in at the end (${inWords(seen.intruderAtEnd)}): refusals may have come from that`]),
  ];
  if (leaks.length > 0) return { status: 'fail', reasons: [...leaks, ...unknown] };
  return unknown.length > 0 ? { status: 'error', reasons: unknown } : { status: 'pass', reasons: [] };
}

export function isolationReadings(options: IsolationOptions, { routes }: IsolationObservation): Readings {
  const leaking = options.routes.filter((route, index) => {
    const attempt = routes[index];
    return attempt !== undefined && leaksOf(options, route, attempt).length > 0;
  });
  return new Map<string, Reading>([
    ['routes', { value: options.routes.length }],
    ['tried', { value: routes.filter(({ intruder }) => intruder !== undefined).length }],
    ['leaks', { value: leaking.length }],
  ]);
}

function notIn({ path, seen, missing }: Entry, name: string): string | undefined {
  if (isGood(seen) && missing === undefined) return undefined;
  return `as ${name}, ${path}: ${missing ?? inWords(seen)}`;
}

function leaksOf({ intruder, owner, markers, refusedWith: usual }: IsolationOptions, route: Route, { intruder: seen }: Attempt): string[] {
  if (seen?.status === undefined) return [];
  const refusedWith = route.refusedWith ?? usual;
  // What broke there showed nothing, and what sends elsewhere did neither.
  const isOpen = !refusedWith.includes(seen.status) && seen.status >= 200 && seen.status <= 299;
  const shown = seen.markers.flatMap((index) => markers[index] ?? []).map((marker) => JSON.stringify(marker));
  const title = titleOf(route);
  return [
    ...(isOpen ? [`${title}: status ${String(seen.status)} for ${intruder.name}, expected ${refusedWith.join(' or ')}`] : []),
    ...(shown.length === 0
      ? []
      : [`${title}: ${intruder.name} is shown ${shown.join(' and ')} of ${owner.name} (status ${String(seen.status)})`]),
  ];
}

function unknownOf(
  { intruder, owner, markers, refusedWith: usual }: IsolationOptions,
  route: Route,
  attempt: Attempt | undefined,
): string[] {
  const title = titleOf(route);
  const { intruder: seen, control } = attempt ?? {};
  if (seen === undefined) return [`${title}: not tried`];
  const refusedWith = route.refusedWith ?? usual;
  const isOther = seen.status === undefined || (!refusedWith.includes(seen.status) && (seen.status < 200 || seen.status > 299));
  const lacksMarkers =
    markers.length > 0 && control !== undefined && isGood(control) && (control.status === 204 || control.markers.length === 0);
  const isHead = route.method === 'HEAD' && route.control === undefined;
  return [
    ...(isOther
      ? [`${title}: neither refused nor answered to ${intruder.name}: ${inWords(seen)}, expected ${refusedWith.join(' or ')}`]
      : []),
    ...(seen.unsearched === undefined
      ? []
      : [`${title}: the answer to ${intruder.name} could not be searched: ${unsearchedWords[seen.unsearched]}`]),
    ...(control === undefined ? [`${title}: ${owner.name} did not look afterwards`] : []),
    ...(control === undefined || isGood(control)
      ? []
      : [`${title}: ${owner.name} does not get it either (${inWords(control)}), so the refusal says nothing`]),
    ...(lacksMarkers && !isHead
      ? [`${title}: what ${owner.name} gets holds none of the markers, so that ${intruder.name} sees none says nothing`]
      : []),
  ];
}

const unsearchedWords: Readonly<Record<NonNullable<Seen['unsearched']>, string>> = {
  truncated: 'it is larger than what is read',
  packed: 'it came packed, although that was not asked for',
};

function titleOf({ method, path }: Route): string {
  return `${method} ${path}`;
}

function inWords(seen: Seen | undefined): string {
  if (seen === undefined) return 'not asked';
  if (seen.trouble !== undefined) return describeNetworkTrouble(seen.trouble);
  return `status ${seen.status === undefined ? 'unknown' : String(seen.status)}`;
}
