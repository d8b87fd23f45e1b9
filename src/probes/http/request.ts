import { withoutCredentials } from '../../base/exchange.ts';
import type { RawRequest } from './exchange.ts';
import type { HttpStep } from './options.ts';
import { fill, fillJson, fillUrl, type Taken } from './taken.ts';

/** The request of a step, with what was taken filled in. Throws a TypeError when that makes no URL. */
export function requestOf(step: HttpStep, taken: Taken): RawRequest {
  const json = step.json === undefined ? undefined : JSON.stringify(fillJson(step.json, taken));
  const { url, authorization } = withoutCredentials(fillUrl(step.url, taken));
  const headers: Record<string, string> = { 'user-agent': 'liveproof', ...authorization };
  if (json !== undefined) headers['content-type'] = 'application/json';
  if (step.auth !== undefined) headers['authorization'] = authorizationOf(step.auth, taken);
  for (const [name, value] of Object.entries(step.headers ?? {})) headers[name.toLowerCase()] = fill(value, taken);
  return {
    method: step.method,
    url: new URL(url),
    headers,
    body: json ?? (step.body === undefined ? null : fill(step.body, taken)),
  };
}

function authorizationOf(auth: NonNullable<HttpStep['auth']>, taken: Taken): string {
  if ('token' in auth) return `Bearer ${fill(auth.token, taken)}`;
  return `Basic ${Buffer.from(`${fill(auth.user, taken)}:${fill(auth.password, taken)}`).toString('base64')}`;
}

/** The request that a redirect asks for (RFC 9110, section 15.4); undefined when it names no address that we may follow. */
export function redirected({ method, url, headers, body }: RawRequest, status: number, location: string): RawRequest | undefined {
  const next = URL.parse(location, url);
  if (next === null || !['http:', 'https:'].includes(next.protocol)) return undefined;
  const asksAnew = (status === 303 && method !== 'HEAD') || ((status === 301 || status === 302) && method === 'POST');
  const left = new Set([
    ...(asksAnew ? ['content-type', 'content-length', 'content-encoding'] : []),
    // Credentials were meant for the origin that they were given for.
    ...(next.origin === url.origin ? ['host'] : ['host', 'authorization', 'cookie', 'proxy-authorization']),
  ]);
  return {
    method: asksAnew ? 'GET' : method,
    url: next,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !left.has(name))),
    body: asksAnew ? null : body,
  };
}
