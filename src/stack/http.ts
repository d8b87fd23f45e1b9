import { exchange, reasonOf, withoutCredentials, type HttpAnswer, type HttpRequest } from '../base/exchange.ts';
import { Fault, faultAt, type Place } from '../base/fault.ts';
import { shortened } from '../base/shortened.ts';

/** A server of the stack as the gate names it. */
export interface Server {
  /** What it is to people: `Prometheus`. */
  readonly name: string;
  /** Without a trailing slash. */
  readonly url: string;
  readonly token?: string | undefined;
  /** Where the gate file names it, for faults. */
  readonly place?: Place | undefined;
}

/** A question to a server of the stack; `path` begins with a slash and holds the query string. */
export type Question = Omit<HttpRequest, 'url'> & { readonly path: string };

/** Asks a server of the stack, with its token. Being refused (401, 403) is a Fault as well as not reaching it; other answers are the caller's to judge. */
export async function ask(server: Server, wanted: Question, signal: AbortSignal): Promise<HttpAnswer> {
  const url = `${server.url}${wanted.path}`;
  const headers = { ...wanted.headers, ...(server.token === undefined ? {} : { authorization: `Bearer ${server.token}` }) };
  const shown = withoutCredentials(server.url).url;
  try {
    const answer = await exchange({ method: wanted.method, url, headers, json: wanted.json }, signal);
    if (answer.status !== 401 && answer.status !== 403) return answer;
    throw new Fault('stack/unauthorized', `${server.name} at ${shown} refused us with HTTP ${String(answer.status)}`, {
      hint:
        server.token === undefined
          ? 'it asks for credentials: give it a token in the gate file'
          : 'is the token still the right one, and may it read?',
    });
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.code !== 'stack/unreachable') throw faultAt(error, server.place);
    throw new Fault('stack/unreachable', `${server.name} at ${shown} cannot be reached: ${reasonOf(error.cause)}`, {
      hint: `is it running, and can this machine reach it? try: curl ${shown}${wanted.path}`,
      place: server.place,
      cause: error.cause,
    });
  }
}

/** Asks a server of the stack and parses its JSON answer. Anything but 2xx with JSON is a Fault that stands where the gate names the server. */
export async function askJson(server: Server, wanted: Question, signal: AbortSignal): Promise<unknown> {
  const answer = await askText(server, wanted, signal);
  try {
    return answer === '' ? undefined : (JSON.parse(answer) as unknown);
  } catch (error) {
    const says = `${server.name} answered ${wanted.method} ${wanted.path} with something that is not JSON: ${excerpt(answer)}`;
    const hint = `is ${withoutCredentials(server.url).url} really ${server.name}, and not a proxy or a sign-in page?`;
    throw new Fault('stack/unexpected-answer', says, { hint, place: server.place, cause: error });
  }
}

/** Asks a server of the stack for a text. Anything but 2xx is a Fault that stands where the gate names the server. */
export async function askText(server: Server, wanted: Question, signal: AbortSignal): Promise<string> {
  const answer = await ask(server, wanted, signal);
  if (answer.status >= 200 && answer.status <= 299) return answer.text;
  const says = `${server.name} answered ${wanted.method} ${wanted.path} with HTTP ${String(answer.status)}: ${errorOf(answer.text)}`;
  const hint =
    answer.status === 404 ? `is ${withoutCredentials(server.url).url} really ${server.name}, and does it need a path prefix?` : undefined;
  throw new Fault('stack/unexpected-answer', says, { hint, place: server.place });
}

/** The server's own words, where it wraps them in JSON as Prometheus, Alertmanager and Grafana do. */
function errorOf(text: string): string {
  try {
    const parsed = JSON.parse(text) as unknown;
    if (typeof parsed === 'string') return excerpt(parsed);
    const { error, message } = (parsed ?? {}) as Record<string, unknown>;
    const own = [error, message].find((each) => typeof each === 'string');
    return excerpt(typeof own === 'string' ? own : text);
  } catch {
    return excerpt(text);
  }
}

function excerpt(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line === '' ? '(an empty body)' : shortened(line, 200);
}
