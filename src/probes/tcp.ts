import { defineProbe } from '../check/probe.ts';
import { restsOnCa } from '../wire/rests-on-ca.ts';
import { judgeTcp } from './tcp/judge.ts';
import { tcpObservation } from './tcp/observation.ts';
import { observeTcp } from './tcp/observe.ts';
import { tcpOptions } from './tcp/options.ts';
import { tcpReadings } from './tcp/readings.ts';

export default defineProbe({
  kind: 'tcp',
  summary: 'A TCP connection and, if wanted, what is said over it.',
  options: tcpOptions,
  observation: tcpObservation,
  observe: observeTcp,
  judge: judgeTcp,
  readings: tcpReadings,
  restsOn: restsOnCa,
});
