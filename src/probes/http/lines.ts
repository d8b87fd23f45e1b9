import type { How } from './connect.ts';
import { openLine, type Line } from './line.ts';
import type { Watch } from './watch.ts';

/** The connections of one run. */
export interface Lines extends Disposable {
  to(url: URL, watch: Watch): Line;
}

/** A new connection for each request, because a kept one would hide that new ones are refused; or one for each origin. */
export function openLines(how: How, kept: boolean): Lines {
  const open = new Map<string, Line>();
  return {
    to(url, watch) {
      const known = open.get(url.origin);
      if (known !== undefined && !known.client.destroyed) {
        known.watch = watch;
        return known;
      }
      const line = openLine(url, watch, how, kept);
      if (kept) open.set(url.origin, line);
      return line;
    },
    [Symbol.dispose]() {
      for (const line of open.values()) line.close();
    },
  };
}
