import { parseArgs } from 'node:util';
import { startAccubooks } from './start-accubooks.ts';
import { startTraffic } from './start-traffic.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '3000' },
    'pool-size': { type: 'string', default: '200' },
    workers: { type: 'string', default: '2' },
    'requests-per-second': { type: 'string', default: '0' },
    'test-faults': { type: 'boolean', default: false },
  },
});

const accubooks = await startAccubooks({
  port: Number(values.port),
  poolSize: Number(values['pool-size']),
  workers: Number(values.workers),
  testFaults: values['test-faults'],
  log: (error) => console.error(error),
});
console.log(`AccuBooks listens at ${accubooks.url}`);

const ending = new AbortController();
const requestsPerSecond = Number(values['requests-per-second']);
const traffic = requestsPerSecond > 0 ? startTraffic({ url: accubooks.url, requestsPerSecond, signal: ending.signal }) : Promise.resolve();

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    ending.abort();
    void traffic.then(() => accubooks.stop());
  });
}
