const unitMs: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Grafana's intervals have one part: `30s`, `1m`. */
export function intervalMs(text: string): number {
  const [, count = '0', unit = 's'] = /^(\d+)(ms|s|m|h|d|w)$/.exec(text) ?? [];
  return Number(count) * (unitMs[unit] ?? 0);
}

/** As Grafana writes a step: the largest unit that divides it. */
export function formatInterval(ms: number): string {
  for (const unit of ['h', 'm', 's'] as const) {
    const size = unitMs[unit] ?? 1;
    if (ms >= size && ms % size === 0) return `${String(ms / size)}${unit}`;
  }
  return `${String(ms)}ms`;
}

/** `now`, `now-1h`, or milliseconds as a number or a text. */
export function instantMs(text: string | number, nowMs: number): number {
  const [isNow, sign = '-', back] = /^now(?:([+-])(\d+[a-z]+))?$/.exec(String(text)) ?? [];
  if (isNow === undefined) return Number(text);
  return nowMs + (back === undefined ? 0 : (sign === '-' ? -1 : 1) * intervalMs(back));
}
