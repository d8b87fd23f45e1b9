import { Agent } from 'undici';
import { mapTexts } from '../../base/map-texts.ts';
import { parseJson } from '../../base/parse-json.ts';
import { valueAt } from '../../base/value-at.ts';
import { spelled } from '../../base/spelling.ts';
import { askHttp } from '../../check/ask-http.ts';
import type { ProbeContext } from '../../check/probe.ts';
import { isGood, type Entry, type Seen } from './observation.ts';
import { placeholder, type IsolationOptions, type Route, type Tenant } from './options.ts';

/** More of an answer is not searched. */
const mostBytes = 2 * 1024 * 1024;

type Values = ReadonlyMap<string, string>;

interface Request {
  readonly method: string;
  readonly path: string;
  readonly json?: unknown;
  readonly form?: Readonly<Record<string, string>> | undefined;
}

/** One tenant with a session of their own. */
export interface Visitor extends AsyncDisposable {
  /** Signs in, and sees that this worked. */
  enter(): Promise<Entry>;
  /** Makes a request and takes values out of its answer; what could not be taken is named. */
  find(path: string, take: Readonly<Record<string, string>>): Promise<Entry & { readonly taken: Values }>;
  ask(route: Pick<Route, 'method' | 'path' | 'json'>, ids: Values): Promise<Seen>;
}

export function visitorOf(tenant: Tenant, options: IsolationOptions, { clock, signal }: ProbeContext): Visitor {
  // Nobody else's connection: some servers know a session by it.
  const dispatcher = new Agent({ connections: 1, pipelining: 1 });
  const known = new Map(Object.entries(tenant.credentials));
  const cookies = new Map<string, string>();
  // However it travels: JSON and HTML write some characters in ways of their own.
  const markers = options.markers.map((marker) => new RegExp(spelled(marker)));

  const send = async ({ method, path, json, form }: Request, ids: Values): Promise<{ seen: Seen; text: string }> => {
    const body = json === undefined ? undefined : JSON.stringify(mapTexts(json, (text) => fill(text, new Map([...known, ...ids]))));
    const formBody =
      form === undefined
        ? undefined
        : new URLSearchParams(Object.entries(form).map(([name, value]) => [name, fill(value, known)])).toString();
    const type = form === undefined ? 'application/json' : 'application/x-www-form-urlencoded';
    const headers = {
      ...(body === undefined && formBody === undefined ? {} : { 'content-type': type }),
      ...(cookies.size === 0 ? {} : { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }),
      ...Object.fromEntries(Object.entries(options.headers).map(([name, value]) => [name.toLowerCase(), fill(value, known)])),
    };
    const url = `${options.url}${fill(path, ids, encodeURIComponent)}`;
    const said = await askHttp(
      { method, url, headers, body: body ?? formBody },
      { dispatcher, clock, signal, withinMs: options.requestTimeout, mostBytes },
    );
    if ('trouble' in said) return { seen: { markers: [], trouble: said.trouble }, text: '' };
    for (const line of [said.headers['set-cookie'] ?? []].flat()) keepCookie(cookies, line);
    const packed = said.headers['content-encoding'] ?? 'identity';
    const unsearched = packed !== 'identity' ? 'packed' : said.truncated ? 'truncated' : undefined;
    const seen: Seen = {
      status: said.status,
      bytes: said.text.length,
      durationMs: said.durationMs,
      markers: markers.flatMap((marker, index) => (marker.test(said.text) ? [index] : [])),
      ...(unsearched === undefined ? {} : { unsearched }),
    };
    return { seen, text: said.text };
  };

  const take = (text: string, wanted: Readonly<Record<string, string>>): { taken: Values; missing?: string } => {
    const json = parseJson(text);
    const taken = new Map<string, string>();
    for (const [name, path] of Object.entries(wanted)) {
      const value = valueAt(json, path);
      if (typeof value !== 'string' && typeof value !== 'number')
        return { taken, missing: `nothing at ${path} that could be taken as "${name}"` };
      taken.set(name, String(value));
    }
    return { taken };
  };

  const { signIn, signedIn } = options;
  return {
    enter: async () => {
      if (signIn !== undefined) {
        const { seen, text } = await send(signIn, new Map());
        const { taken, missing } = isGood(seen) ? take(text, signIn.take) : { taken: new Map<string, string>(), missing: undefined };
        if (!isGood(seen) || missing !== undefined) return { path: signIn.path, seen, ...(missing === undefined ? {} : { missing }) };
        taken.forEach((value, name) => known.set(name, value));
      }
      return { path: signedIn, seen: (await send({ method: 'GET', path: signedIn }, new Map())).seen };
    },
    find: async (path, wanted) => {
      const { seen, text } = await send({ method: 'GET', path }, new Map());
      const { taken, missing } = isGood(seen) ? take(text, wanted) : { taken: new Map<string, string>(), missing: undefined };
      return { path, seen, taken, ...(missing === undefined ? {} : { missing }) };
    },
    ask: async (route, ids) => (await send(route, ids)).seen,
    [Symbol.asyncDispose]: () => dispatcher.destroy(),
  };
}

function keepCookie(cookies: Map<string, string>, line: string): void {
  const [, name, value = ''] = /^\s*([^=;\s]+)=([^;]*)/.exec(line) ?? [];
  if (name === undefined) return;
  if (value === '' || /;\s*max-age=0\b/i.test(line)) cookies.delete(name);
  else cookies.set(name, value.trim());
}

function fill(text: string, values: Values, write: (value: string) => string = String): string {
  return text.replace(placeholder, (written, name: string) => {
    const value = values.get(name);
    return value === undefined ? written : write(value);
  });
}
