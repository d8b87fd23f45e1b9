import { formatDuration } from '../../base/duration.ts';
import { shortened } from '../../base/shortened.ts';
import { describeNetworkTrouble } from '../../check/network-trouble.ts';
import type { Outcome } from '../../check/outcome.ts';
import type { Reading, Readings } from '../../check/reading.ts';
import type { Cell, SqlAnswer, SqlObservation, SqlTrouble } from './observation.ts';
import type { SqlOptions } from './options.ts';

/** What is about us and not about the database: how we were let in, what we asked, how much we read. */
const ours: readonly SqlTrouble['kind'][] = ['ours', 'login', 'statement', 'writes', 'too-much'];

export function judgeSql(options: SqlOptions, seen: SqlObservation): Outcome {
  const { trouble, answer, server } = seen;
  if (trouble !== undefined) {
    return { status: ours.includes(trouble.kind) ? 'error' : 'fail', reasons: [`${server}: ${describeTrouble(trouble)}`] };
  }
  if (answer === undefined) return { status: 'error', reasons: [`${server}: no answer was recorded`] };
  const reasons = [
    ...countShortcomings(options, answer),
    ...Object.entries(options.expect.values ?? {}).flatMap(([column, wanted]) => cellShortcomings(answer, 0, column, wanted)),
    ...rowShortcomings(options, answer),
    ...staleness(options, answer),
  ];
  return { status: reasons.length === 0 ? 'pass' : 'fail', reasons };
}

export function sqlReadings(options: SqlOptions, { connectMs, queryMs, answer }: SqlObservation): Readings {
  const age = answer === undefined ? undefined : ageOf(options, answer);
  const [first = []] = answer?.rows ?? [];
  return new Map<string, Reading>([
    ...(connectMs === undefined ? [] : [['connect', { value: connectMs, unit: 'ms' }] as const]),
    ...(queryMs === undefined ? [] : [['query', { value: queryMs, unit: 'ms' }] as const]),
    ...(connectMs === undefined || queryMs === undefined ? [] : [['total', { value: connectMs + queryMs, unit: 'ms' }] as const]),
    ...(answer === undefined ? [] : [['rows', { value: answer.rowCount }] as const]),
    ...(typeof age === 'number' ? [['age', { value: age, unit: 'ms' }] as const] : []),
    ...(answer?.columns ?? []).flatMap((name, index) => {
      const value = first[index];
      return value === undefined ? [] : [[`value ${name}`, { value }] as const];
    }),
  ]);
}

function countShortcomings({ expect: { count, rows } }: SqlOptions, { rowCount, more }: SqlAnswer): string[] {
  const wanted = count ?? rows?.length;
  if (wanted === undefined) return [];
  const { atLeast, atMost } = typeof wanted === 'number' ? { atLeast: wanted, atMost: wanted } : wanted;
  const tooMany = atMost !== undefined && (more || rowCount > atMost);
  const tooFew = atLeast !== undefined && rowCount < atLeast;
  if (!tooMany && !tooFew) return [];
  return [`${more ? 'more than ' : ''}${numberOf(rowCount, 'row')}, expected ${boundsOf(atLeast, atMost)}`];
}

function boundsOf(atLeast: number | undefined, atMost: number | undefined): string {
  if (atLeast === atMost) return String(atLeast);
  if (atLeast === undefined) return `at most ${String(atMost)}`;
  return atMost === undefined ? `at least ${String(atLeast)}` : `${String(atLeast)} to ${String(atMost)}`;
}

function rowShortcomings({ expect: { rows } }: SqlOptions, answer: SqlAnswer): string[] {
  // Beside another number of rows, which values they lack says nothing more.
  if (rows === undefined || answer.rowCount !== rows.length) return [];
  return rows.flatMap((row, index) => Object.entries(row).flatMap(([column, wanted]) => cellShortcomings(answer, index, column, wanted)));
}

function cellShortcomings({ columns, rows }: SqlAnswer, index: number, column: string, wanted: Cell): string[] {
  const where = `${column}${index === 0 ? '' : ` of row ${String(index + 1)}`}`;
  const row = rows[index];
  const value = row?.[columns.indexOf(column)];
  if (row === undefined) return [`there is no row, expected ${where} to be ${JSON.stringify(wanted)}`];
  if (value === undefined) return [`there is no column ${column}, only ${columns.join(', ')}`];
  return value === wanted ? [] : [`${where} is ${show(value)}, expected ${JSON.stringify(wanted)}`];
}

const longestShown = 500;

function show(value: Cell): string {
  return JSON.stringify(typeof value === 'string' ? shortened(value, longestShown) : value);
}

function staleness(options: SqlOptions, answer: SqlAnswer): string[] {
  const { fresh } = options.expect;
  if (fresh === undefined) return [];
  const age = ageOf(options, answer);
  if (typeof age === 'string') return [age];
  const allowed = `expected at most ${formatDuration(fresh.within)}`;
  return age <= fresh.within ? [] : [`${fresh.column} is ${formatDuration(Math.floor(age))} old by the clock of the database, ${allowed}`];
}

/** In milliseconds; in words why there is none. */
function ageOf({ expect: { fresh } }: SqlOptions, { columns, rows: [first], databaseTime }: SqlAnswer): number | string {
  if (fresh === undefined) return 'no age was asked for';
  if (first === undefined) return `there is no row, expected ${fresh.column} to be at most ${formatDuration(fresh.within)} old`;
  const value = first[columns.indexOf(fresh.column)];
  if (value === undefined) return `there is no column ${fresh.column}, only ${columns.join(', ')}`;
  const then = timeOf(value);
  const now = timeOf(databaseTime ?? null);
  if (now === undefined) return `the database did not tell its own time`;
  return then === undefined ? `${fresh.column} is ${show(value)}, which is no time` : now - then;
}

const timeForm = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d:\d\d)(\.\d+)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/;

/** As databases write it, and as ISO 8601 does; without a zone it is UTC. */
function timeOf(value: Cell): number | undefined {
  const [, date, time = '00:00:00', fraction = '', zone = 'Z'] = typeof value === 'string' ? (timeForm.exec(value) ?? []) : [];
  if (date === undefined) return undefined;
  const ms = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${zone.length === 3 ? `${zone}:00` : zone}`);
  return Number.isNaN(ms) ? undefined : ms;
}

function describeTrouble({ phase, kind, says }: SqlTrouble): string {
  const where = phase === 'connect' ? 'no connection' : 'no answer';
  switch (kind) {
    case 'not-the-protocol':
      return `${where}: what came is not the protocol of this database (${says})`;
    case 'login':
      return `${where}: we were not let in (${says})`;
    case 'statement':
      return `the statement cannot be read (${says})`;
    case 'writes':
      return `the statement writes, and only reading is allowed (${says})`;
    case 'too-much':
      return `${where}: ${says}`;
    case 'server':
      return phase === 'connect' ? `no connection: ${says}` : says;
    case 'refused':
    case 'closed':
    case 'timed-out':
    case 'name-not-found':
    case 'tls':
    case 'not-http':
    case 'unreachable':
    case 'ours':
      return `${where}: ${describeNetworkTrouble({ kind, says })}`;
    default:
      return kind satisfies never;
  }
}

function numberOf(count: number, noun: string): string {
  return `${String(count)} ${noun}${count === 1 ? '' : 's'}`;
}
