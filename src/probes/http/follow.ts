import { shortened } from '../../base/shortened.ts';
import { exchangeOnce, type Bounds, type RawAnswer, type RawRequest } from './exchange.ts';
import type { Line } from './line.ts';
import type { Lines } from './lines.ts';
import type { Redirect } from './observation.ts';
import { redirected } from './request.ts';
import type { Watch } from './watch.ts';

/** The last answer, and the redirects that led to it. */
export interface Followed {
  readonly raw: RawAnswer;
  readonly line: Line;
  readonly redirects: readonly Redirect[];
}

/** A target that leads nowhere: in a circle, further than was asked for, or to no web address. */
export class Astray extends Error {}

const redirectStatuses: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Makes a request and follows up to `most` redirects; without any, a redirect is the answer. */
export async function follow(first: RawRequest, most: number, lines: Lines, watch: Watch, bounds: Bounds): Promise<Followed> {
  const redirects: Redirect[] = [];
  const seen = new Set([keyOf(first)]);
  const endsMs = watch.nowMs() + bounds.limitMs;
  for (let request = first; ;) {
    const line = lines.to(request.url, watch);
    const raw = await exchangeOnce(request, line, { ...bounds, limitMs: Math.max(1, endsMs - watch.nowMs()) });
    const location = raw.headers['location'];
    if (most === 0 || !redirectStatuses.has(raw.status) || typeof location !== 'string') return { raw, line, redirects };
    if (redirects.length === most) throw new Astray(`more than ${String(most)} redirects`);
    const next = redirected(request, raw.status, location);
    if (next === undefined) throw new Astray(`status ${String(raw.status)} leads to no http or https address`);
    redirects.push({ status: raw.status, to: shownUrl(next.url) });
    if (seen.has(keyOf(next))) throw new Astray(`redirects in a circle, back to ${shownUrl(next.url)}`);
    seen.add(keyOf(next));
    request = next;
  }
}

function keyOf({ method, url }: RawRequest): string {
  return `${method} ${url.href}`;
}

/** Without what is asked for: that is where redirects carry codes and tokens. */
function shownUrl({ origin, pathname }: URL): string {
  return shortened(`${origin}${pathname}`, 300);
}
