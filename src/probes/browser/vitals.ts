import type { BrowserObservation } from './observation.ts';

/** Web vitals of the documents that a flow opened: of each the worst. */
export type Vitals = NonNullable<BrowserObservation['vitals']>;

const names = ['lcpMs', 'cls', 'inpMs', 'firstByteMs'] as const satisfies readonly (keyof Vitals)[];

/** A page can say what it likes: only numbers that could be one are taken. */
export function worstOf(before: Vitals, said: unknown): Vitals {
  const values = (said ?? {}) as Readonly<Record<string, unknown>>;
  const worst: Vitals = { ...before };
  for (const name of names) {
    const value = values[name];
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) continue;
    worst[name] = Math.max(worst[name] ?? 0, value);
  }
  return worst;
}

interface ShiftEntry extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
}
interface InteractionEntry extends PerformanceEntry {
  readonly interactionId?: number;
}
type PageWindow = Window & { readonly liveproofSaid?: (vitals: object) => unknown; liveproofVitals?: () => Vitals };

/** Runs in the page before its own scripts, so it can use nothing from outside of itself. Says what it saw when its document is left. */
export function observeVitals(): void {
  const page = window as unknown as PageWindow;
  if (window !== window.top || !location.protocol.startsWith('http')) return;
  const seen: { lcpMs?: number; cls: number; inpMs?: number; firstByteMs?: number } = { cls: 0 };
  const shifts = { sum: 0, firstMs: 0, lastMs: 0 };
  const takes: Readonly<Record<string, (entry: PerformanceEntry) => void>> = {
    'largest-contentful-paint': (entry) => void (seen.lcpMs = entry.startTime),
    'layout-shift': (entry) => {
      const { value, hadRecentInput, startTime } = entry as ShiftEntry;
      if (hadRecentInput) return;
      // Shifts less than a second apart count together, for five seconds at most: web.dev/articles/cls.
      const continues = startTime - shifts.lastMs < 1_000 && startTime - shifts.firstMs < 5_000;
      if (!continues) Object.assign(shifts, { sum: 0, firstMs: startTime });
      Object.assign(shifts, { sum: shifts.sum + value, lastMs: startTime });
      seen.cls = Math.max(seen.cls, shifts.sum);
    },
    event: (entry) => {
      if (((entry as InteractionEntry).interactionId ?? 0) > 0) seen.inpMs = Math.max(seen.inpMs ?? 0, entry.duration);
    },
  };
  const observers = Object.entries(takes).map(([type, take]) => {
    const observer = new PerformanceObserver((list) => list.getEntries().forEach(take));
    observer.observe({ type, buffered: true, ...(type === 'event' ? { durationThreshold: 16 } : {}) });
    return { observer, take };
  });
  const read = (): Vitals => {
    for (const { observer, take } of observers) observer.takeRecords().forEach(take);
    const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
    if (navigation !== undefined && navigation.responseStart > 0) seen.firstByteMs = navigation.responseStart;
    return { ...seen };
  };
  Object.defineProperty(page, 'liveproofVitals', { value: read });
  window.addEventListener('pagehide', () => void page.liveproofSaid?.(read()));
}

/** Runs in the page: what it is called, and its vitals as they are now. */
export function lookAtPage(): { title: string; vitals: Vitals } {
  return { title: document.title, vitals: (window as unknown as PageWindow).liveproofVitals?.() ?? {} };
}
