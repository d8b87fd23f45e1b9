import type { Database } from './database.ts';

/** The numbers of checks at places. */
export interface Series {
  readonly id: number;
  readonly check: string;
  readonly place: string;
}

export interface SeriesBook {
  /** Its number; a new one when there is none yet, within the transaction that runs. */
  id(check: string, place: string): number;
  /** All, or those of a check at a place. */
  find(check?: string, place?: string): readonly Series[];
  /** To be called when a transaction was taken back: new numbers are gone with it. */
  forget(): void;
}

export function openSeries(database: Database): SeriesBook {
  const known = new Map<string, Map<string, number>>();
  const look = (check: string, place: string): number | undefined =>
    database.get<[number]>('SELECT id FROM series WHERE name = ? AND place = ?', check, place)?.[0];
  return {
    id: (check, place) => {
      const there = known.get(check)?.get(place);
      if (there !== undefined) return there;
      let id = look(check, place);
      if (id === undefined) {
        database.run('INSERT INTO series (name, place) VALUES (?, ?)', check, place);
        id = look(check, place) ?? 0;
      }
      known.set(check, (known.get(check) ?? new Map<string, number>()).set(place, id));
      return id;
    },
    find: (check, place) => {
      const all = database.all<[number, string, string]>('SELECT id, name, place FROM series ORDER BY name, place');
      return all
        .map(([id, name, at]) => ({ id, check: name, place: at }))
        .filter((each) => (check === undefined || each.check === check) && (place === undefined || each.place === place));
    },
    forget: () => known.clear(),
  };
}
