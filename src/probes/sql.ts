import { defineProbe } from '../check/probe.ts';
import { restsOnCa } from '../wire/rests-on-ca.ts';
import { judgeSql, sqlReadings } from './sql/judge.ts';
import { sqlObservation } from './sql/observation.ts';
import { observeSql } from './sql/observe.ts';
import { sqlOptions } from './sql/options.ts';

export default defineProbe({
  kind: 'sql',
  summary: 'A statement that a PostgreSQL, MySQL or MariaDB answers, with what is expected of its rows.',
  options: sqlOptions,
  observation: sqlObservation,
  observe: observeSql,
  judge: judgeSql,
  readings: sqlReadings,
  restsOn: restsOnCa,
});
