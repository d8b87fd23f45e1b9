import { bucketOf } from '../../store/histogram.ts';
import { count, cover, emptyTally, hourMs, minuteMs, summaryOf, type Stretch, type Tally } from '../../store/rollup.ts';
import type { Span, Summary } from '../../store/store.ts';
import { countBlock } from './block.ts';
import type { Database } from './database.ts';
import { horizonOf } from './horizon.ts';
import { daysInFortnight, hoursInDay, keyOf, minutesInHour, seriesOf, unitOf } from './keys.ts';
import type { Row } from './row.ts';
import type { Series } from './series.ts';
import { addSlots } from './slots.ts';

type TallyOf = (series: number) => Tally | undefined;

/** Adds whole rollups up, and details at the edges of the span. Sees one moment of the store. */
export function summarise(database: Database, asked: Span, series: readonly Series[]): readonly Summary[] {
  const tallies = new Map<string, Tally>();
  const ofSeries = new Map<number, Tally>();
  for (const { id, check } of series) {
    const tally = tallies.get(check) ?? emptyTally();
    tallies.set(check, tally);
    ofSeries.set(id, tally);
  }
  const only = series.length === 1 ? series[0]?.id : undefined;
  addUp(database, asked, (id) => ofSeries.get(id), only);
  return [...tallies]
    .filter(([, { passed, failed, errored }]) => passed + failed + errored > 0)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([check, tally]) => summaryOf(check, tally));
}

function addUp(database: Database, asked: Span, tallyOf: TallyOf, only: number | undefined): void {
  const span = { fromMs: Math.ceil(asked.fromMs), toMs: Math.ceil(asked.toMs) };
  addRecentOf(database, span, tallyOf);
  const { fortnights, days, hours, minutes, rest } = cover(span);
  const { detailFromHour } = horizonOf(database);
  const add = (table: RollupQuery['table'], stretches: readonly Stretch[], slots: number): void => {
    for (const stretch of stretches) addRollups(database, { table, stretch, slots, tallyOf, only });
  };
  add('fortnights', fortnights, 1);
  add('days', days, daysInFortnight);
  add('hours', hours, hoursInDay);
  add('minutes', minutes, minutesInHour);
  for (const edge of rest) {
    const hour = Math.floor(edge.fromMs / hourMs);
    if (hour >= detailFromHour) addDetail(database, hour, edge, tallyOf, only);
    else add('minutes', minutesBegunIn(edge), minutesInHour);
  }
}

/** Where details are gone, a minute counts as a whole: where it begins. */
function minutesBegunIn({ fromMs, toMs }: Span): readonly Stretch[] {
  const stretch = { from: Math.ceil(fromMs / minuteMs), to: Math.ceil(toMs / minuteMs) };
  return stretch.from < stretch.to ? [stretch] : [];
}

const reads = {
  fortnights: 'SELECT key, data FROM fortnights WHERE key >= ? AND key < ?',
  days: 'SELECT key, data FROM days WHERE key >= ? AND key < ?',
  hours: 'SELECT key, data FROM hours WHERE key >= ? AND key < ?',
  minutes: 'SELECT key, data FROM minutes WHERE key >= ? AND key < ?',
  block: 'SELECT key, data FROM block WHERE key >= ? AND key < ?',
};

interface RollupQuery {
  readonly table: 'fortnights' | 'days' | 'hours' | 'minutes';
  /** Of slots. */
  readonly stretch: Stretch;
  /** How many slots a packed row has. */
  readonly slots: number;
  readonly tallyOf: TallyOf;
  readonly only: number | undefined;
}

function addRollups(database: Database, { table, stretch, slots, tallyOf, only }: RollupQuery): void {
  for (let unit = Math.floor(stretch.from / slots); unit * slots < stretch.to; unit++) {
    const wanted = { from: stretch.from - unit * slots, to: stretch.to - unit * slots };
    for (const [key, data] of packedRows(database, table, unit, only)) {
      const tally = tallyOf(seriesOf(key));
      if (tally !== undefined) addSlots(data, wanted, tally);
    }
  }
}

function addDetail(database: Database, hour: number, span: Span, tallyOf: TallyOf, only: number | undefined): void {
  for (const [key, data] of packedRows(database, 'block', hour, only)) {
    const tally = tallyOf(seriesOf(key));
    if (tally !== undefined) countBlock(data, unitOf(key) * hourMs, span, tally);
  }
}

function packedRows(database: Database, table: keyof typeof reads, unit: number, only: number | undefined) {
  const [from, to] = only === undefined ? [keyOf(unit, 0), keyOf(unit + 1, 0)] : [keyOf(unit, only), keyOf(unit, only) + 1];
  return database.all<[number, Uint8Array]>(reads[table], from, to);
}

function addRecentOf(database: Database, { fromMs, toMs }: Span, tallyOf: TallyOf): void {
  const sql = 'SELECT series, status, duration_us FROM recent WHERE due_ms >= ? AND due_ms < ?';
  for (const [series, status, durationUs] of database.all<[number, Row['status'], number]>(sql, fromMs, toMs)) {
    const tally = tallyOf(series);
    if (tally !== undefined) count(tally, status, bucketOf(durationUs));
  }
}
