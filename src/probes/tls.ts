import { defineProbe } from '../check/probe.ts';
import { restsOnCa } from '../wire/rests-on-ca.ts';
import { judgeTls } from './tls/judge.ts';
import { tlsObservation } from './tls/observation.ts';
import { observeTls } from './tls/observe.ts';
import { tlsOptions } from './tls/options.ts';
import { tlsReadings } from './tls/readings.ts';

export default defineProbe({
  kind: 'tls',
  summary: 'A TLS handshake: trust, names, expiry of the whole chain, protocol version, cipher, ALPN.',
  options: tlsOptions,
  observation: tlsObservation,
  observe: observeTls,
  judge: judgeTls,
  readings: tlsReadings,
  restsOn: restsOnCa,
});
