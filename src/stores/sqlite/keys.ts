/** The key of a packed row: its unit of time first, then its series. */
const seriesLimit = 2 ** 20;

export function keyOf(unit: number, series: number): number {
  return unit * seriesLimit + series;
}

export function unitOf(key: number): number {
  return Math.floor(key / seriesLimit);
}

export function seriesOf(key: number): number {
  return key % seriesLimit;
}

export const daysInFortnight = 14;
export const hoursInDay = 24;
export const minutesInHour = 60;
