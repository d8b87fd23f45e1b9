import type { Arrival } from '../../alert/channel.ts';

type Hops = NonNullable<Arrival['hops']>;

/** More servers than this pass nothing on to each other; a mail that says so was made up. */
const mostHops = 20;
const endOfDatesMs = Date.UTC(10_000, 0);

/**
 * Which servers took a mail, and when, in the order of time: each puts a `Received` line on top (RFC 5321, 4.4), and its date
 * after the last semicolon. Times are by those servers' own clocks; a line that cannot be read is left out.
 */
export function hopsOf(header: string): Hops {
  const lines = header.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/);
  const hops = lines.flatMap((line) => {
    const trace = /^received:(.*);([^;]*)$/i.exec(line);
    const at = Date.parse((trace?.[2] ?? '').replace(/\([^()]*\)/g, ' ').trim());
    // A year that no date of the report could hold is as good as no date; so is NaN.
    if (trace === null || !(at >= 0 && at < endOfDatesMs)) return [];
    const by = /\bby\s+([^\s;()]+)/i.exec(trace[1] ?? '')?.[1];
    return [{ hop: `taken by ${by ?? 'a mail server'}`, at: new Date(at).toISOString() }];
  });
  return hops.slice(0, mostHops).toReversed();
}
