import { defineProbe } from '../check/probe.ts';
import { judgeDns } from './dns/judge.ts';
import { dnsObservation } from './dns/observation.ts';
import { observeDns } from './dns/observe.ts';
import { dnsOptions } from './dns/options.ts';
import { dnsReadings } from './dns/readings.ts';

export default defineProbe({
  kind: 'dns',
  summary: 'What a DNS server answers to a question, and how fast.',
  options: dnsOptions,
  observation: dnsObservation,
  observe: observeDns,
  judge: judgeDns,
  readings: dnsReadings,
});
