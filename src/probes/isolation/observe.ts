import type { ProbeContext } from '../../check/probe.ts';
import { isGood, type Attempt, type IsolationObservation } from './observation.ts';
import type { IsolationOptions } from './options.ts';
import { visitorOf, type Visitor } from './visitor.ts';

/** Lets both in, finds the owner's things, and has the intruder try every route, each followed by the owner's own look. */
export async function observeIsolation(options: IsolationOptions, context: ProbeContext): Promise<IsolationObservation> {
  await using owner = visitorOf(options.owner, options, context);
  await using intruder = visitorOf(options.intruder, options, context);
  let entered = await owner.enter();
  const ids = new Map<string, string>();
  for (const { path, take } of isGood(entered.seen) && entered.missing === undefined ? options.find : []) {
    const { taken, ...entry } = await owner.find(path, take);
    entered = entry;
    if (!isGood(entry.seen) || entry.missing !== undefined) break;
    taken.forEach((value, name) => ids.set(name, value));
  }
  if (!isGood(entered.seen) || entered.missing !== undefined) return { owner: entered, routes: [] };
  const came = await intruder.enter();
  if (!isGood(came.seen) || came.missing !== undefined) return { owner: entered, intruder: came, routes: [] };
  const routes = await tryAll(options, owner, intruder, ids, context.signal);
  const intruderAtEnd = await intruder.ask({ method: 'GET', path: options.signedIn }, ids);
  return { owner: entered, intruder: came, routes, intruderAtEnd };
}

async function tryAll(
  { routes }: IsolationOptions,
  owner: Visitor,
  intruder: Visitor,
  ids: ReadonlyMap<string, string>,
  signal: AbortSignal,
): Promise<Attempt[]> {
  const tried: Attempt[] = [];
  for (const { method, path, json, control } of routes) {
    if (signal.aborted) {
      tried.push({ method, path });
      continue;
    }
    const seen = await intruder.ask({ method, path, json }, ids);
    const look = { method: control === undefined ? method : ('GET' as const), path: control ?? path };
    tried.push({ method, path, intruder: seen, ...(signal.aborted ? {} : { control: await owner.ask(look, ids) }) });
  }
  return tried;
}
