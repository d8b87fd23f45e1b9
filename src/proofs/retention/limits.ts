import { parseDuration } from '../../base/duration.ts';

/** What ends the keeping of samples; whichever limit is reached first wins. */
export interface Limits {
  readonly timeMs?: number;
  readonly bytes?: number;
  /** A share of the disk, known to Prometheus 3.11 and later. */
  readonly percentOfDisk?: number;
  /** Parts of the text that say something else. */
  readonly unreadable: readonly string[];
}

const unitBytes: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
  PiB: 2 ** 50,
  EiB: 2 ** 60,
};
const units = Object.keys(unitBytes).toReversed();

/** Reads what Prometheus prints as its retention: `15d`, `512MiB`, `30d or 1GiB512MiB`. */
export function parseRetention(text: string): Limits {
  let limits: Limits = { unreadable: [] };
  for (const part of text.split(' or ').map((each) => each.trim())) {
    const timeMs = parseDuration(part);
    const bytes = parseBytes(part);
    const [, percent] = /^(\d+(?:\.\d+)?)%$/.exec(part) ?? [];
    if (timeMs !== undefined) limits = { ...limits, timeMs };
    else if (bytes !== undefined) limits = { ...limits, bytes };
    else if (percent !== undefined) limits = { ...limits, percentOfDisk: Number(percent) };
    else limits = { ...limits, unreadable: [...limits.unreadable, part] };
  }
  return limits;
}

/** `1GiB512MiB`, as Prometheus prints sizes: whole numbers, the largest unit first. */
function parseBytes(text: string): number | undefined {
  const form = new RegExp(`^${units.map((unit) => `(?:(\\d+)${unit})?`).join('')}$`);
  const match = form.exec(text);
  if (match === null || text === '') return undefined;
  return units.reduce((sum, unit, index) => sum + Number(match[index + 1] ?? 0) * (unitBytes[unit] ?? 0), 0);
}

/** For people: the largest unit that leaves a whole part, with one decimal. */
export function formatBytes(bytes: number): string {
  const unit = units.find((each) => bytes >= (unitBytes[each] ?? 1)) ?? 'B';
  const count = bytes / (unitBytes[unit] ?? 1);
  return `${Number.isInteger(count) ? String(count) : count.toFixed(1)} ${unit}`;
}
