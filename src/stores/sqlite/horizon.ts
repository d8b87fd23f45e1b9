import type { Horizon } from '../../store/retention.ts';
import type { Database } from './database.ts';

/** What has been taken away so far. */
export function horizonOf(database: Database): Horizon {
  const [detailFromHour = 0, rollupsFromFortnight = 0] =
    database.get<[number, number]>('SELECT detail_from_hour, rollups_from_fortnight FROM horizon') ?? [];
  return { detailFromHour, rollupsFromFortnight };
}

export function setHorizon(database: Database, { detailFromHour, rollupsFromFortnight }: Horizon): void {
  database.run('UPDATE horizon SET detail_from_hour = ?, rollups_from_fortnight = ?', detailFromHour, rollupsFromFortnight);
}
